import { apiName, appsName } from "../../shared/cluster/names.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import { OpenStackError } from "../../shared/openstack/errors.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { Message } from "../../shared/ports/queue.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { inspectRecords, type RecordTruth, reverseName, type WantedRecord } from "../../shared/resources/dns-truth.ts";
import { inspectLoadBalancers, type LbTruth } from "../../shared/resources/load-balancer-truth.ts";
import { clusters } from "../../shared/state/index.ts";
import { clustersOf } from "../records.ts";
import { refused } from "../views/answers.ts";
import { dnsMessage, lbMessage } from "../views/on-call.ts";
import { code, quote } from "../views/text.ts";
import { cloudRefusal } from "./cloud-refusal.ts";

type Question = Extract<Message, { readonly is: "ask" }>;

const ownerOf = (record: ClusterRecord) => ({ cluster: record.id, name: record.spec.name });

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

async function subjects(deps: Deps, tenant: string, name: string): Promise<readonly ClusterRecord[]> {
  if (name === "") return clustersOf(deps, tenant);
  const record = await clusters(deps.store).get(`${tenant}/${name}`);
  return record === undefined ? [] : [record];
}

async function answer(deps: Deps, question: Question): Promise<SlackMessage> {
  const [tenant = "", name = ""] = question.cluster.split("/");
  const records = await subjects(deps, tenant, name);
  if (records.length === 0)
    return refused(name === "" ? `${tenant} has no clusters.` : `${tenant} has no cluster ${code(name)} any more.`);
  const cloud = deps.cloudOf(tenant);
  const only = name === "" ? undefined : name;
  if (question.what === "lb") {
    const found = await Promise.all(records.map((record) => inspectLoadBalancers(cloud, ownerOf(record))));
    return lbMessage(found.flat() satisfies LbTruth[], only);
  }
  const found = await Promise.all(
    records.map((record) => inspectRecords(cloud, ownerOf(record), wantedRecords(record))),
  );
  return dnsMessage(found.flat() satisfies RecordTruth[], only);
}

/**
 * Reads the cloud live and tells the person who asked; a cloud that does not answer is an answer too. Reads only, so a
 * message that comes twice does no harm.
 */
export async function ask(question: Question, deps: Deps): Promise<void> {
  const said = await answer(deps, question).catch((error: unknown) => {
    if (error instanceof OpenStackError) return refused(quote(cloudRefusal(error), 800));
    throw error;
  });
  await deps.slack.ephemeral(question.channel, question.user, said);
}
