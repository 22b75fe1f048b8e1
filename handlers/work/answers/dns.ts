import { apiName, appsName } from "../../../shared/cluster/names.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { externalRecord } from "../../../shared/resources/by-cluster.ts";
import {
  inspectName,
  inspectRecords,
  inspectZone,
  reverseName,
  type WantedRecord,
} from "../../../shared/resources/dns-truth.ts";
import { refused } from "../../views/answers.ts";
import { nextAbout } from "../../views/on-call/buttons.ts";
import { dnsMessage, nameMessage } from "../../views/on-call/dns.ts";
import { dnsFindings, type NamesOf } from "../../views/on-call/dns-findings.ts";
import { code } from "../../views/text.ts";
import { holdsName, lookUp, serversFor, zoneAt } from "./look-up.ts";
import { type Answer, mending, ownerOf, stageOf } from "./question.ts";

/** The names that a cluster should have, as far as their addresses exist. */
export function wantedRecords({ spec, resolved, status }: ClusterRecord): readonly WantedRecord[] {
  if (resolved === undefined) return [];
  const addressOf = (step: string) => status.steps[step]?.facts["address"];
  const api = addressOf("floating-ip/api");
  const apps = addressOf("floating-ip/apps");
  const zone = resolved.zone.name;
  const fqdn = apiName(spec, zone);
  return [
    ...(api === undefined ? [] : [{ fqdn, type: "A" as const, records: [api] }]),
    ...(apps === undefined ? [] : [{ fqdn: appsName(spec, zone), type: "A" as const, records: [apps] }]),
    ...(api === undefined || !resolved.reverseDns
      ? []
      : [{ fqdn: reverseName(api), type: "PTR" as const, records: [fqdn] }]),
  ];
}

/** All of one cluster's names, in Designate and at the name servers. */
export async function namesOf(record: ClusterRecord, deps: Deps): Promise<NamesOf> {
  const { tenant, spec, resolved } = record;
  const cloud = deps.cloudOf(tenant);
  const wanted = wantedRecords(record);
  const zoneName = resolved?.zone.name ?? "";
  const about = { cluster: spec.name, stage: stageOf(record) };
  const empty = { ...about, zoneName, zone: undefined, records: [], servers: [], lookups: [], external: [] };
  if (resolved === undefined || wanted.length === 0) return empty;
  const [records, zone, external] = await Promise.all([
    inspectRecords(cloud, ownerOf(record), wanted),
    inspectZone(cloud, resolved.zone.id),
    externalRecord.find(cloud, ownerOf(record)),
  ]);
  const servers = await zoneAt(deps, serversFor(deps, tenant, zone), zoneName);
  const lookups = await lookUp(deps, servers, wanted);
  const made = external.map(({ facts, state }) => ({ name: facts["name"] ?? "", state }));
  return { ...about, zoneName, zone, records, servers, lookups, external: made };
}

async function oneName(record: ClusterRecord, fqdn: string, deps: Deps) {
  const { tenant, spec, resolved } = record;
  if (resolved === undefined) return undefined;
  const cloud = deps.cloudOf(tenant);
  const [zone, answering] = await Promise.all([
    inspectZone(cloud, resolved.zone.id),
    inspectName(cloud, resolved.zone, fqdn),
  ]);
  const servers = await zoneAt(deps, serversFor(deps, tenant, zone), resolved.zone.name);
  const records = answering.filter(({ type }) => type === "A").flatMap((one) => one.records);
  const lookups = await lookUp(deps, servers, [{ fqdn, type: "A", records }]);
  // Where nothing should be there, no answer is the right one; where an alias is, its target's is.
  const alias = answering.some(({ type }) => type === "CNAME");
  const judged = lookups.map((one) => {
    if (alias && one.verdict === "wrong") return { ...one, verdict: "right" as const };
    const none = records.length === 0 && (one.verdict === "unknown" || one.verdict === "empty");
    return none && !alias ? { ...one, verdict: "right" as const, records: ["no such record"] } : one;
  });
  return nameMessage({ fqdn, cluster: spec.name, answering, lookups: judged });
}

export const dns: Answer = async ({ tenant, name, records }, { only }, deps) => {
  if (only !== undefined) {
    const fqdn = only.endsWith(".") ? only : `${only}.`;
    const record = records.find((one) => holdsName(one, fqdn));
    const said = record === undefined ? undefined : await oneName(record, fqdn, deps);
    if (record !== undefined && said !== undefined) return { ...said, next: nextAbout(record, "dns", "lb") };
    return refused(`${code(only, 260)} is no name of a cluster of ${tenant}: ${code("/k8s dns")} shows them.`);
  }
  const all = await Promise.all(records.map((record) => namesOf(record, deps)));
  const alone = name === undefined ? undefined : records[0];
  const next = alone === undefined ? [] : nextAbout(alone, "lb", "events");
  return { ...dnsMessage(all, name), next, ...mending(alone, all.flatMap(dnsFindings)) };
};
