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
import { type Pair, reportMiddle } from "./report.ts";
import { groundSeconds } from "./services.ts";
import { labStage, type Stage } from "./stage.ts";

/*
 * `OS_CLOUD=team-a node bench/peers.ts`: one cluster (1+2, shared storage) on a real cloud, made and deleted one way after
 * the other: by bare REST calls that wait for nothing but what they need (the limit), by kinvirt, by Heat, three rounds of
 * these; and once by a sequence of `openstack` commands, which takes minutes. `-- limit kinvirt` takes these only.
 */
const ROUNDS = 3;
const { wait } = systemClock();
const only = process.argv.slice(2);

interface Took {
  readonly create: number;
  readonly delete: number;
}

const [SIZE] = SIZES;

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
/** `name`: of each round another, for what was told of one before is still there. */
async function kinvirt(stage: Stage, cloud: Plain, name: string): Promise<Took> {
  const { beganMs, toldMs } = await createBy(stage, name, SIZE);
  const calls = stage.calls().filter(({ fromMs }) => fromMs >= beganMs && fromMs <= toldMs);
  const gone = await deleteBy(stage, name);
  return { create: groundSeconds(cloud, calls, beganMs), delete: (gone.toldMs - gone.beganMs) / 1000 };
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
const stage = await labStage();
const ways: Readonly<Record<string, (round: number) => Promise<Took | undefined>>> = {
  limit: () => limit(cloud, ground),
  kinvirt: (round) => kinvirt(stage, cloud, `bench-ours-${round}`),
  heat: () => heat(cloud, ground),
  commands: () => commands(ground),
};
const took: Record<string, Took[]> = {};

async function run(way: string, round = 0): Promise<void> {
  if (only.length > 0 && !only.includes(way)) return;
  const one = await ways[way]?.(round);
  if (one === undefined) process.stdout.write(`${way}: this cloud has none\n`);
  else process.stdout.write(`${way}: create ${one.create.toFixed(1)} s, delete ${one.delete.toFixed(1)} s\n`);
  if (one !== undefined) took[way] = [...(took[way] ?? []), one];
  for (const left of (await project.list()).filter((row) => !before.includes(row))) {
    process.stdout.write(`${way} has left: ${left}\n`);
    // Heat deletes a key's order and not the key.
    const secret = /^secret \S*\/v1\/(secrets\/\S+)/.exec(left)?.[1];
    if (secret !== undefined) await cloud.ask(["key-manager"], "DELETE", `/v1/${secret}`);
  }
}

try {
  // The bot learns from it how long this cloud's resources take.
  await createBy(stage, "bench-first", SIZE).then(() => deleteBy(stage, "bench-first"));
  for (let round = 0; round < ROUNDS; round += 1) for (const way of ["limit", "kinvirt", "heat"]) await run(way, round);
  await run("commands");
} finally {
  await stage.close();
}

const { kinvirt: ours = [] } = took;
function beside(whose: string, way: string, of: keyof Took, goal: number, bound: "most" | "least"): void {
  const pairs = ours.flatMap((one, round): Pair[] => {
    const other = took[way]?.[way === "commands" ? 0 : round];
    return other === undefined ? [] : [[one[of], other[of]]];
  });
  if (pairs.length > 0) reportMiddle(`lab, ${of} 1+2 beside ${whose}, in seconds`, pairs, goal, bound);
}
beside("the bare calls", "limit", "create", 1.1, "most");
beside("the bare calls", "limit", "delete", 1.1, "most");
beside("Heat", "heat", "create", 1.3, "least");
beside("Heat", "heat", "delete", 1, "least");
beside("the CLI", "commands", "create", 3, "least");
beside("the CLI", "commands", "delete", 3, "least");
process.exit(0);
