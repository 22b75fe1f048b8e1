import process from "node:process";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { type Plain, plain, type Rows, rowsOf } from "./cloud.ts";
import { createPath, deletePath, deleteSeconds, ownOfCreate, watchEnds } from "./critical-path.ts";
import { SIZES, type Size, sizeName, stepsOf } from "./graph.ts";
import { machine } from "./machine.ts";
import { createBy, deleteBy } from "./operate.ts";
import { report } from "./report.ts";
import { labStage, type Stage, sandboxStage } from "./stage.ts";
import type { Call } from "./wire.ts";

/*
 * `node bench/life.ts sandbox|lab`: from the click that approves (or confirms a delete) to the word that it is done, beside
 * the cloud's own critical path (critical-path.ts has the formula), and the API calls of that time beside one per resource.
 */
const RATIO_MAX = 1.1;
const CALLS_MAX = 2.5;
const clock = systemClock();
const [where = "sandbox", ...only] = process.argv.slice(2);

interface Operation {
  readonly seconds: number;
  readonly path: ReadonlyMap<string, number>;
  readonly calls: readonly Call[];
  readonly beganMs: number;
}

const during = (stage: Stage, fromMs: number, toMs: number): readonly Call[] =>
  stage.calls().filter((call) => call.fromMs >= fromMs && call.fromMs <= toMs);

/** Calls by the catalog's services, reading and changing. */
function byService(cloud: Plain, calls: readonly Call[]): string {
  const places = cloud.login.catalog.flatMap(({ type, endpoints }) => endpoints.map(({ url }) => ({ type, url })));
  const rootOf = (url: string) => url.replace(/\/v\d.*$/, "").replace(/\/$/, "");
  const counts = new Map<string, { read: number; change: number }>();
  for (const { url, method } of calls) {
    const found = places
      .filter((one) => url.startsWith(rootOf(one.url)))
      .toSorted((a, b) => b.url.length - a.url.length);
    const type = found[0]?.type ?? "identity";
    const count = counts.get(type) ?? { read: 0, change: 0 };
    count[method === "GET" || method === "HEAD" ? "read" : "change"] += 1;
    counts.set(type, count);
  }
  return [...counts].map(([type, { read, change }]) => `${type} ${read}+${change}`).join(", ");
}

async function create(
  stage: Stage,
  cloud: Plain,
  name: string,
  size: Size,
): Promise<Operation & { readonly found: Rows }> {
  const { beganMs, toldMs } = await createBy(stage, name, size);
  const graph = stepsOf(size);
  const found = await rowsOf(cloud, name, graph);
  const calls = during(stage, beganMs, toldMs);
  const own = await ownOfCreate(cloud, graph, found);
  return { seconds: (toldMs - beganMs) / 1000, path: createPath({ graph, found, calls, own }), calls, beganMs, found };
}

async function remove(stage: Stage, cloud: Plain, name: string, size: Size, found: Rows): Promise<Operation> {
  let ends = Promise.resolve(new Map<string, number>());
  const { beganMs, toldMs } = await deleteBy(stage, name, () => {
    ends = watchEnds(cloud, stepsOf(size), found, clock.wait);
  });
  const graph = stepsOf(size);
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

function print(label: string, cloud: Plain, one: Operation, resources: number): void {
  const [step, path] = [...one.path].toSorted((a, b) => b[1] - a[1])[0] ?? ["", Number.NaN];
  report(`${label}: seconds beside the cloud's critical path`, one.seconds, path, RATIO_MAX, "most");
  // Access rules come with their credential and go one by one.
  const rules = one.calls.filter(({ method, url }) => method === "DELETE" && url.includes("/access_rules/")).length;
  report(`${label}: API calls beside one per resource`, one.calls.length, resources + rules, CALLS_MAX, "most");
  const changing = one.calls.filter(({ method }) => method !== "GET");
  const [first, last] = [changing[0]?.fromMs ?? 0, changing.at(-1)?.toMs ?? 0];
  process.stdout.write(
    `  the path ends at ${step}; the first change ${((first - one.beganMs) / 1000).toFixed(2)} s after the click, `,
  );
  process.stdout.write(`the last ended at ${((last - one.beganMs) / 1000).toFixed(2)} s\n`);
  process.stdout.write(`  calls that read + change: ${byService(cloud, one.calls)}\n`);
}

process.stdout.write(`${machine()}, ${where}\n`);
const stage = where === "lab" ? await labStage() : await sandboxStage();
try {
  const cloud = await plain(stage.cloud);
  for (const size of SIZES.filter((one) => only.length === 0 || only.includes(sizeName(one)))) {
    const name = `bench-${size.controlPlanes}${size.workers}`;
    const resources = stepsOf(size).length;
    const made = await create(stage, cloud, name, size);
    print(`${where}, create ${sizeName(size)}`, cloud, made, resources);
    print(`${where}, delete ${sizeName(size)}`, cloud, await remove(stage, cloud, name, size, made.found), resources);
  }
} finally {
  await stage.close();
}
process.exit(0);
