import { health } from "../handlers/work/health/index.ts";
import type { ClusterRecord } from "../shared/cluster/record.ts";
import { connect } from "../shared/openstack/connect.ts";
import type { HttpResponse, Send } from "../shared/openstack/send.ts";
import { town } from "../test/support/town.ts";
import { IDS, type Recorded } from "./health-cloud.ts";

/** A real record of a ready cluster, made as a person would make it, and what the cloud answers a look at it. */
export async function recordOne(): Promise<{ readonly record: ClusterRecord; readonly recorded: Recorded }> {
  const at = await town();
  await at.type("create dev --rwx 50G --ttl 3d");
  await at.until(async () => (await at.record("team-a/dev"))?.status.told === true);
  const record = await at.record("team-a/dev");
  if (record === undefined) throw new Error("the cluster is ready and has no record");
  const answers: Record<string, HttpResponse> = {};
  const noting: Send = async (request) => {
    const answer = await at.sandbox.send(request);
    answers[`${request.method} ${request.url}`] = answer;
    return answer;
  };
  const settings = at.sandbox.settings("team-a");
  const cloud = connect(settings, { ...at.clock, send: noting });
  await at.clock.wait(60_000);
  const only = { ...at.deps.config, tenants: { "team-a": at.deps.config.tenants["team-a"] } } as typeof at.deps.config;
  await health({ ...at.deps, config: only, cloudOf: () => cloud });
  const href = record.status.steps["secret/pki"]?.facts["href"] ?? "";
  await cloud.keyManager.getPayload(href);
  const shared = new Set(JSON.stringify(record.resolved).match(IDS) ?? []);
  const pools = (await cloud.loadBalancer.listPools()).map(({ id }) => id);
  const all = [...(JSON.stringify(record.status.steps).match(IDS) ?? []), ...pools];
  const known = [...new Set(all)].filter((id) => !shared.has(id));
  const nowMs = at.clock.nowMs();
  await at.close();
  return { record, recorded: { cluster: record.id, known, settings, nowMs, answers } };
}
