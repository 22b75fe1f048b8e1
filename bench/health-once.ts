import { readFileSync } from "node:fs";
import process from "node:process";
import { health } from "../handlers/work/health/index.ts";
import { readConfig } from "../shared/adapters/config-file.ts";
import { kubernetesDialer } from "../shared/adapters/kubernetes-dialer.ts";
import { memoryQueue } from "../shared/adapters/memory-queue.ts";
import { openStore } from "../shared/adapters/stores.ts";
import { systemChance } from "../shared/adapters/system-chance.ts";
import { connect } from "../shared/openstack/connect.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { manyOf, type Recorded, readyNodes } from "./health-cloud.ts";

/** Looks at all that a store holds, in a process that does nothing else; prints what each look took as JSON. */
const [url = "", size = "0", tenants = "1", file = ""] = process.argv.slice(2);
/** Of a thousand pools in a tenant, 200 are asked in one look. */
const LOOKS = 7;

const recorded = JSON.parse(readFileSync(file, "utf8")) as Recorded;
const many = manyOf(recorded, Number(size) / Number(tenants));
let { nowMs } = recorded;
const clock = { nowMs: () => nowMs, wait: () => new Promise<void>(() => undefined) };
const store = openStore(url, clock.nowMs);
const queue = memoryQueue({ clock });
const cloud = connect(recorded.settings, { ...clock, send: many.send });
const read = readConfig("kinvirt.example.yaml");
if ("problems" in read) throw new Error(read.problems.join("\n"));
const team = read.config.tenants["team-a"];
const names = Array.from({ length: Number(tenants) }, (_, at) => [`team-${at}`, team]);
const config = { ...read.config, tenants: Object.fromEntries(names) } as Deps["config"];
const kubernetes = kubernetesDialer({ nowMs: clock.nowMs, dial: readyNodes(recorded.cluster) });
const told: unknown[] = [];
const noted = (event: string, fields?: object): void => void told.push({ event, ...fields });
const log = { info: noted, warn: noted, error: noted };
const slack = {
  findPosted: async () => undefined,
  post: async (_channel: string, message: object) => {
    told.push(message);
    return { ts: "1" };
  },
} as unknown as Deps["slack"];
const deps: Deps = {
  store,
  queue,
  clock,
  log,
  config,
  slack,
  kubernetes,
  chance: systemChance(),
  cloudOf: () => cloud,
};

const looks: { readonly seconds: number; readonly cpu: number; readonly calls: number }[] = [];
for (let look = 0; look < LOOKS; look += 1) {
  nowMs += 60_000;
  const [begun, before, used] = [performance.now(), many.calls(), process.cpuUsage()];
  await health(deps);
  const { user, system } = process.cpuUsage(used);
  const seconds = (performance.now() - begun) / 1000;
  looks.push({ seconds, cpu: (user + system) / 1e6, calls: many.calls() - before });
}
await store.close();
// The most that it ever had, in KiB.
const mib = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ looks, mib, told: told.length, first: told[0] })}\n`);
process.exit(0);
