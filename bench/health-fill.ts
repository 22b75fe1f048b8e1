import { writeFileSync } from "node:fs";
import process from "node:process";
import { openStore } from "../shared/adapters/stores.ts";
import { clusterRecord } from "../shared/cluster/record.ts";
import { clusterKey, clusters } from "../shared/state/index.ts";
import { othersText } from "./health-cloud.ts";
import { recordOne } from "./health-record.ts";

/**
 * Fills the store at a URL with resting clusters, and a file with what the cloud answers a look at one of them:
 * `node bench/health-fill.ts URL SIZE TENANTS FILE`.
 */
const TOGETHER = 200;
const [url = "", size = "0", tenants = "1", file = ""] = process.argv.slice(2);

const { record, recorded } = await recordOne();
writeFileSync(file, JSON.stringify(recorded));

const store = openStore(url, () => recorded.nowMs);
const as = othersText(recorded);
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
