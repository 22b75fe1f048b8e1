import { writeFileSync } from "node:fs";
import process from "node:process";
import { health } from "../handlers/work/health/index.ts";
import { openStore } from "../shared/adapters/stores.ts";
import { clusterRecord } from "../shared/cluster/record.ts";
import { connect } from "../shared/openstack/connect.ts";
import type { HttpResponse, Send } from "../shared/openstack/send.ts";
import { clusterKey, clusters } from "../shared/state/index.ts";
import { town } from "../test/support/town.ts";
import { IDS, othersText } from "./health-cloud.ts";

/**
 * Fills the store at a URL with resting clusters, and a file with what the cloud answers a look at one of them:
 * `node bench/health-fill.ts URL SIZE TENANTS FILE`.
 */
const TOGETHER = 200;
const [url = "", size = "0", tenants = "1", file = ""] = process.argv.slice(2);

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
const of = { cluster: record.id, known: [...new Set(all)].filter((id) => !shared.has(id)) };
writeFileSync(file, JSON.stringify({ ...of, settings, nowMs: at.clock.nowMs(), answers }));

const store = openStore(url, at.clock.nowMs);
const as = othersText(of);
const { expiresMs: _never, ...resting } = record;
const added = async (number: number): Promise<void> => {
  const place = Math.floor(number / Number(tenants));
  const one = clusterRecord.parse(JSON.parse(as(JSON.stringify(resting), place)));
  const made = { ...one, tenant: `team-${number % Number(tenants)}`, spec: { ...one.spec, name: `c${place}` } };
  await clusters(store).add(clusterKey(made), made);
};
// Writes of one moment share a commit.
for (let from = 0; from < Number(size); from += TOGETHER) {
  const until = Math.min(from + TOGETHER, Number(size));
  await Promise.all(Array.from({ length: until - from }, (_, at) => added(from + at)));
}
await store.close();
process.exit(0);
