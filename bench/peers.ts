import process from "node:process";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { inventory } from "../test/lab/inventory.ts";
import { recipe } from "./bare-more.ts";
import { createByCommands, deleteByCommands } from "./cli.ts";
import { type Plain, plain } from "./cloud.ts";
import { SIZES } from "./graph.ts";
import { type Ground, groundOf } from "./ground.ts";
import { createStack, deleteStack } from "./heat.ts";
import { dropAll, makeAll } from "./limit.ts";
import { machine } from "./machine.ts";
import { createBy, deleteBy } from "./operate.ts";
import { report } from "./report.ts";
import { groundSeconds } from "./services.ts";
import { labStage } from "./stage.ts";

/*
 * `OS_CLOUD=team-a node bench/peers.ts`: one cluster (1+2, shared storage) on a real cloud, made and deleted one way after
 * the other: by bare REST calls that wait for nothing but what they need (the limit), by kinvirt, by Heat, and by a sequence
 * of `openstack` commands. `-- limit kinvirt` takes these only.
 */
const { wait } = systemClock();
const only = process.argv.slice(2);

interface Took {
  readonly create: number;
  readonly delete: number;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

async function limit(cloud: Plain, ground: Ground): Promise<Took> {
  const items = recipe(cloud, "bench-limit", ground);
  let ids: Awaited<ReturnType<typeof makeAll>> = {};
  const create = await seconds(async () => {
    ids = await makeAll(items, wait);
  });
  return { create, delete: await seconds(() => dropAll(items, ids, wait)) };
}

/** Until the same resources are there: what kinvirt does in the cluster after that, none of the others does. */
async function kinvirt(cloud: Plain): Promise<Took> {
  const stage = await labStage();
  const [size] = SIZES;
  if (size === undefined) throw new Error("there is a size");
  try {
    await createBy(stage, "bench-first", size);
    await deleteBy(stage, "bench-first");
    const { beganMs, toldMs } = await createBy(stage, "bench-ours", size);
    const calls = stage.calls().filter(({ fromMs }) => fromMs >= beganMs && fromMs <= toldMs);
    const gone = await deleteBy(stage, "bench-ours");
    return { create: groundSeconds(cloud, calls, beganMs), delete: (gone.toldMs - gone.beganMs) / 1000 };
  } finally {
    await stage.close();
  }
}

async function heat(cloud: Plain, ground: Ground): Promise<Took | undefined> {
  if (!cloud.login.catalog.some(({ type }) => type === "orchestration")) return undefined;
  const create = await seconds(() => createStack(cloud, "bench-heat", ground, wait));
  let asked = 0;
  const gone = await seconds(async () => {
    asked = await deleteStack(cloud, "bench-heat", wait);
  });
  if (asked > 1) process.stdout.write(`heat: its delete failed and was asked for ${asked} times\n`);
  return { create, delete: gone };
}

async function commands(ground: Ground): Promise<Took> {
  const create = await seconds(() => createByCommands("bench-cli", ground));
  return { create, delete: await seconds(() => deleteByCommands("bench-cli", ground)) };
}

const cloudName = process.env["OS_CLOUD"] ?? "";
if (cloudName === "") {
  process.stdout.write("skipped: no cloud named (OS_CLOUD)\n");
  process.exit(0);
}
process.stdout.write(`${machine()}, cloud ${cloudName}\n`);
const cloud = await plain(cloudName);
const ground = await groundOf(cloudName);
const project = await inventory(cloudName);
const before = await project.list();
const ways: Readonly<Record<string, () => Promise<Took | undefined>>> = {
  limit: () => limit(cloud, ground),
  kinvirt: () => kinvirt(cloud),
  heat: () => heat(cloud, ground),
  commands: () => commands(ground),
};
const took: Record<string, Took> = {};
for (const [way, run] of Object.entries(ways)) {
  if (only.length > 0 && !only.includes(way)) continue;
  const one = await run();
  if (one === undefined) process.stdout.write(`${way}: this cloud has none\n`);
  else process.stdout.write(`${way}: create ${one.create.toFixed(1)} s, delete ${one.delete.toFixed(1)} s\n`);
  if (one !== undefined) took[way] = one;
  for (const left of (await project.list()).filter((row) => !before.includes(row))) {
    process.stdout.write(`${way} has left: ${left}\n`);
    // Heat deletes a key's order and not the key.
    const secret = /^secret \S*\/v1\/(secrets\/\S+)/.exec(left)?.[1];
    if (secret !== undefined) await cloud.ask(["key-manager"], "DELETE", `/v1/${secret}`);
  }
}
const { limit: least, kinvirt: ours, heat: stack, commands: typed } = took;
if (ours !== undefined) {
  const beside = (whose: string, other: Took | undefined, of: keyof Took, goal: number, bound: "most" | "least") => {
    if (other !== undefined) report(`lab, ${of} 1+2 beside ${whose}, in seconds`, ours[of], other[of], goal, bound);
  };
  beside("the bare calls", least, "create", 1.1, "most");
  beside("the bare calls", least, "delete", 1.1, "most");
  beside("Heat", stack, "create", 1.3, "least");
  beside("Heat", stack, "delete", 1, "least");
  beside("the CLI", typed, "create", 3, "least");
  beside("the CLI", typed, "delete", 3, "least");
}
process.exit(0);
