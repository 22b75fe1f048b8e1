import process from "node:process";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { type Plain, plain, type Rows, rowsOf } from "./cloud.ts";
import { createPath, deletePath, deleteSeconds, ownOfCreate, watchEnds } from "./critical-path.ts";
import { leavingOf, SIZES, type Size, sizeName, stepsOf, wholeOf } from "./graph.ts";
import { machine } from "./machine.ts";
import { nodesReadyMs } from "./nodes.ts";
import { createBy, deleteBy } from "./operate.ts";
import { type Pair, reportMiddle } from "./report.ts";
import { byService, groundSeconds, toCloud } from "./services.ts";
import { labStage, type Stage, sandboxStage } from "./stage.ts";
import type { Call } from "./wire.ts";

/*
 * `node bench/life.ts sandbox|lab`: from the click that approves (or confirms a delete) to the word that it is done, beside
 * the critical path of cloud and machines (critical-path.ts has the formula), and the API calls of that time beside one per
 * resource. The first life is not measured: the bot learns from it how long this cloud's resources take. Small clusters are
 * made three times.
 */
const RATIO_MAX = 1.1;
const CALLS_MAX = 2.5;
const ROUNDS = 3;
const clock = systemClock();
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const [where = "sandbox", ...only] = process.argv.slice(2);

interface Operation {
  readonly seconds: number;
  readonly path: ReadonlyMap<string, number>;
  readonly calls: readonly Call[];
  readonly beganMs: number;
}

const during = (stage: Stage, fromMs: number, toMs: number): readonly Call[] =>
  stage.calls().filter((call) => call.fromMs >= fromMs && call.fromMs <= toMs);

async function create(
  stage: Stage,
  cloud: Plain,
  name: string,
  size: Size,
): Promise<Operation & { readonly found: Rows }> {
  const { beganMs, toldMs } = await createBy(stage, name, size);
  const graph = wholeOf(size);
  const found = await rowsOf(cloud, name, graph);
  const calls = during(stage, beganMs, toldMs);
  const own = await ownOfCreate(cloud, graph, found, await nodesReadyMs(stage, name));
  say(
    `  the last look at a resource of the cloud ended ${groundSeconds(cloud, calls, beganMs).toFixed(1)} s after the click`,
  );
  return {
    seconds: (toldMs - beganMs) / 1000,
    path: createPath({ graph, found, calls, own }),
    calls,
    beganMs,
    found,
  };
}

async function remove(stage: Stage, cloud: Plain, name: string, size: Size, found: Rows): Promise<Operation> {
  let ends = Promise.resolve(new Map<string, number>());
  const { beganMs, toldMs } = await deleteBy(stage, name, () => {
    ends = watchEnds(cloud, stepsOf(size), found, clock.wait);
  });
  const graph = leavingOf(size);
  const calls = during(stage, beganMs, toldMs);
  const own = new Map<string, number>();
  for (const [step, endMs] of await ends) {
    const ids = (found.rows.get(step) ?? []).map(({ id }) => id);
    const asked = calls.find((call) => call.method === "DELETE" && ids.some((id) => call.url.includes(id)));
    const told = step.startsWith("server/") ? await deleteSeconds(cloud, ids[0] ?? "") : undefined;
    if (asked !== undefined) own.set(step, told ?? (endMs - asked.fromMs) / 1000);
  }
  return { seconds: (toldMs - beganMs) / 1000, path: deletePath({ graph, found, calls, own }), calls, beganMs };
}

const temporarySteps = (size: Size): number => stepsOf(size).filter(({ temporary }) => temporary !== undefined).length;

/** Each of them is made and removed in a create, and a credential has one access rule. */
const temporaryCalls = (size: Size): number =>
  stepsOf(size)
    .filter(({ temporary }) => temporary !== undefined)
    .reduce((sum, { kind }) => sum + (kind.kind === "credential" ? 2 : 1), 0);

interface Measures {
  readonly seconds: Pair;
  readonly calls: Pair;
}

function print(cloud: Plain, one: Operation, resources: number): Measures {
  const [step, path] = [...one.path].toSorted((a, b) => b[1] - a[1])[0] ?? ["", Number.NaN];
  const changing = one.calls.filter(({ method }) => method !== "GET");
  const [first, last] = [changing[0]?.fromMs ?? 0, changing.at(-1)?.toMs ?? 0];
  const after = (ms: number) => ((ms - one.beganMs) / 1000).toFixed(2);
  say(
    `  the path ends at ${step}; the first change ${after(first)} s after the click, the last ended at ${after(last)} s`,
  );
  say(`  calls that read + change: ${byService(cloud, one.calls)}`);
  return { seconds: [one.seconds, path], calls: [toCloud(cloud, one.calls).length, resources] };
}

function tell(label: string, rounds: readonly Measures[]): void {
  const of = (what: keyof Measures) => rounds.map((one) => one[what]);
  reportMiddle(`${label}: seconds beside the cloud's critical path`, of("seconds"), RATIO_MAX, "most");
  reportMiddle(`${label}: API calls beside one per resource`, of("calls"), CALLS_MAX, "most");
}

async function life(
  stage: Stage,
  cloud: Plain,
  size: Size,
  round: number,
): Promise<readonly [made: Measures, gone: Measures]> {
  const name = `bench-${size.controlPlanes}${size.workers}-${round}`;
  const resources = stepsOf(size).length;
  const made = await create(stage, cloud, name, size);
  const created = print(cloud, made, resources + temporaryCalls(size));
  const gone = await remove(stage, cloud, name, size, made.found);
  // Access rules come with their credential and go one by one.
  const rules = gone.calls.filter(({ method, url }) => method === "DELETE" && url.includes("/access_rules/")).length;
  return [created, print(cloud, gone, resources - temporarySteps(size) + rules)];
}

say(`${machine()}, ${where}`);
const stage = where === "lab" ? await labStage() : await sandboxStage();
try {
  const cloud = await plain(stage.cloud);
  await createBy(stage, "bench-first", SIZES[0]).then(() => deleteBy(stage, "bench-first"));
  for (const size of SIZES.filter((one) => only.length === 0 || only.includes(sizeName(one)))) {
    const lives: (readonly [Measures, Measures])[] = [];
    for (let round = 0; round < (size === SIZES[0] ? ROUNDS : 1); round += 1)
      lives.push(await life(stage, cloud, size, round));
    tell(
      `${where}, create ${sizeName(size)}`,
      lives.map(([made]) => made),
    );
    tell(
      `${where}, delete ${sizeName(size)}`,
      lives.map(([, gone]) => gone),
    );
  }
} finally {
  await stage.close();
}
process.exit(0);
