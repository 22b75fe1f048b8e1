import { apiName, appsName } from "../../../shared/cluster/names.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import { inspectRecords, reverseName, type WantedRecord } from "../../../shared/resources/dns-truth.ts";
import { dnsMessage } from "../../views/on-call.ts";
import { type Answer, ownerOf } from "./question.ts";

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

export const dns: Answer = async ({ tenant, name, records }, _question, deps) => {
  const cloud = deps.cloudOf(tenant);
  const found = await Promise.all(
    records.map((record) => inspectRecords(cloud, ownerOf(record), wantedRecords(record))),
  );
  return dnsMessage(found.flat(), name);
};
