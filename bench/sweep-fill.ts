import process from "node:process";
import { openStore } from "../shared/adapters/stores.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { clusterKey, clusters } from "../shared/state/index.ts";
import { town } from "../test/support/town.ts";

/** Fills the store at a URL with resting clusters: `node bench/sweep-fill.ts URL SIZE TENANTS`. */
const [url = "", size = "0", tenants = "1"] = process.argv.slice(2);

/** A real record of a ready cluster, made as a person would make it. */
async function readyRecord() {
  const at = await town();
  await at.type("create dev --rwx 100G");
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"));
  await at.until(async () => (await at.record("team-a/dev"))?.status.told === true);
  const record = await at.record("team-a/dev");
  await at.close();
  if (record === undefined) throw new Error("the cluster is ready and has no record");
  return record;
}

const record = await readyRecord();
const store = openStore(url, systemClock().nowMs);
const all = clusters(store);
for (let at = 0; at < Number(size); at += 1) {
  const { expiresMs: _expires, ...resting } = record;
  // One in a hundred is due, as after a message that was lost.
  const status = at % 100 === 0 ? { ...record.status, dueMs: 1 } : record.status;
  const spec = { ...record.spec, name: `c${at}` };
  const one = { ...resting, tenant: `team-${at % Number(tenants)}`, id: `k${at}`, spec, status };
  await all.add(clusterKey(one), one);
}
await store.close();
process.exit(0);
