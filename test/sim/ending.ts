import { TRIES_MAX } from "../../handlers/views/alert.ts";
import type { Item } from "../../sandbox/openstack/table.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import { nameOf } from "../../shared/resources/kind.ts";
import { alerts } from "../../shared/state/alerts.ts";
import { verify } from "../../shared/state/audit-verify.ts";
import { clusters, requests } from "../../shared/state/index.ts";
import { astray } from "./drift.ts";
import { PROJECTS } from "./watch.ts";
import type { World } from "./world.ts";

/** What stays of a cluster whose data was kept: the share, and what it is reached by. */
const KEPT = new Set(["share", "share-network", "network", "subnet"]);

export async function livingClusters(world: World): Promise<readonly ClusterRecord[]> {
  const living: ClusterRecord[] = [];
  for await (const record of clusters(world.store).list()) living.push(record);
  return living;
}

/** How soon a request that waits is not yet due. */
const SOON_MS = 60_000;

/** Nothing is under way and nothing is due: from here on only time changes anything. */
export async function isAtRest(world: World): Promise<boolean> {
  const nowMs = world.time.nowMs();
  for (const { expiresMs, status } of await livingClusters(world)) {
    const { phase, told, dueMs, lease } = status;
    if ((phase !== "ready" && phase !== "blocked") || !told || dueMs !== undefined || lease !== undefined) return false;
    if (expiresMs !== undefined && expiresMs <= nowMs + SOON_MS) return false;
  }
  for await (const { state, dueMs } of requests(world.store).list()) {
    if (state === "planning" || (dueMs !== undefined && dueMs <= nowMs + SOON_MS)) return false;
  }
  return true;
}

const everything = (world: World): readonly Item[] => PROJECTS.flatMap((project) => world.sandbox.everything(project));

/** Everything that exists, by project: compared with itself later. */
export const inventory = (world: World): ReadonlyMap<string, Item> =>
  new Map(
    [...PROJECTS, "admin"]
      .flatMap((project) => world.sandbox.everything(project))
      .map((item) => [`${item.type} ${item.id}`, item]),
  );

/** Steps that are neither ready nor over. */
const open = ({ status }: ClusterRecord): string =>
  Object.entries(status.steps)
    .filter(([, { state, word }]) => state !== "ready" && !(state === "gone" && word === "used"))
    .map(([step, { state, word }]) => `${step} ${state} ${word}`)
    .join(", ");

/** Every cluster is ready, or stopped with a reason, or gone; every resource is in the record of its cluster. */
export async function checkRest(world: World): Promise<void> {
  const { trace, watch } = world;
  const living = await livingClusters(world);
  for (const record of living) {
    const { phase, blocked, dueMs, finishedMs } = record.status;
    const where = `${record.id} (${record.tenant}/${record.spec.name})`;
    if (phase === "blocked" ? blocked === undefined : phase !== "ready" && phase !== "requested")
      trace.fail(
        `${where} is still ${phase}: due ${dueMs}, finished ${finishedMs}, waits for ${open(record)}; ${JSON.stringify(record.status.failures.at(-1))}`,
      );
    if ((phase === "ready" || phase === "blocked") && !record.status.told)
      trace.fail(`${where} is ${phase}, and nobody was told`);
    if (phase === "requested") await checkRequested(world, record);
  }
  world.watch.look();
  for await (const request of requests(world.store).list())
    if (request.state === "planning" || request.state === "waiting")
      trace.fail(`request ${request.id} is still ${request.state}`);
    else if (request.state === "denied" && !request.told) trace.fail(`nobody was told that ${request.id} is denied`);
  const byId = new Map(living.map((record) => [record.id, record]));
  const items = everything(world);
  for (const item of items) {
    const owner = watch.ownerOf(item);
    if (owner === undefined) continue;
    const record = byId.get(owner);
    if (record !== undefined) checkKnown(world, item, record);
    else if (watch.records.get(owner)?.keepData !== true || !KEPT.has(item.type))
      trace.fail(`${item.type} ${item.id} (${item.name || item.description}) is left of ${owner}, which is gone`);
  }
  const ids = items.map((item) => item.id);
  for (const record of living) {
    if (record.status.phase !== "ready") continue;
    for (const [step, { id, state, word }] of Object.entries(record.status.steps))
      if (step.startsWith("kubernetes-")) {
        if (state !== "ready") trace.fail(`${record.id} is ready, and its ${step} is ${state}`);
      } else if (state === "gone" && word === "used") continue;
      else if (state !== "ready" || id === undefined || !ids.some((one) => id.endsWith(one)))
        trace.fail(`${record.id} is ready, and its ${step} ${id} is ${state} or does not exist`);
  }
}

/** What somebody did by hand is undone, or those on call know that it could not be. */
export async function checkMended(world: World): Promise<void> {
  const helpless = new Set<string>();
  for await (const { cluster, state, tries } of alerts(world.store).list())
    if (cluster !== undefined && tries >= TRIES_MAX && state !== "recovered") helpless.add(cluster.id);
  for (const record of await livingClusters(world)) {
    const wrong = record.status.phase === "ready" && !helpless.has(record.id) ? astray(world, record) : [];
    if (wrong.length > 0) world.trace.fail(wrong.join("; "));
  }
}

async function checkRequested(world: World, record: ClusterRecord): Promise<void> {
  const request = await requests(world.store).get(record.request);
  world.trace.fail(`${record.id} holds its name for a request that is ${request?.state ?? "not there"}`);
}

/** What is named as a step of its cluster is the one that the record has for it. */
function checkKnown(world: World, item: Item, record: ClusterRecord): void {
  // The cloud controller calls a member as its node is called.
  if (item.type === "member") return;
  const { id: cluster, spec } = record;
  for (const [step, { id, state }] of Object.entries(record.status.steps)) {
    const name = nameOf({ cluster, name: spec.name, step });
    const is = [item.name, ...item.description.split(" ")].includes(name);
    if (!is || state === "gone" || id === undefined) continue;
    if (!id.endsWith(item.id) && !(item.type === "secret" && step.startsWith("key/")))
      world.trace.fail(`${item.type} ${item.id} is named as ${step} of ${cluster}, whose record has ${id} (${state})`);
  }
}

/** Whoever wanted data to stay was told where all of it is, also of what came late. */
function checkKept(world: World): void {
  const shares = everything(world).filter((item) => item.type === "share" && world.watch.ownerOf(item) !== undefined);
  const said = shares.length === 0 ? "" : JSON.stringify(world.slack.posts.map(({ message }) => message));
  for (const { id, name } of shares) if (!said.includes(id)) world.trace.fail(`nobody was told of ${name} (${id})`);
}

/** What was done is told by chains that nobody has broken, and no alert outlives its cluster. */
export async function checkTold(world: World): Promise<void> {
  const { store, trace } = world;
  checkKept(world);
  for (const { tenant, broken } of await verify(store))
    if (broken !== undefined) trace.fail(`the audit of ${tenant} is broken at ${broken.seq}: ${broken.why}`);
  for await (const { tenant, cluster, about, symptom, state } of alerts(store).list())
    if (state !== "recovered" && cluster !== undefined)
      trace.fail(`${about} of ${tenant}/${cluster.name}, which is gone, is still said to be ${symptom} (${state})`);
}

/** Nothing is left but what was there before, and the data that somebody wanted to keep. */
export async function checkGone(world: World, before: ReadonlyMap<string, Item>): Promise<void> {
  const { trace, watch } = world;
  for (const record of await livingClusters(world))
    trace.fail(
      `${record.id} (${record.tenant}/${record.spec.name}) can't be deleted: ${record.status.phase} ${JSON.stringify(record.status.blocked ?? record.status.failures.at(-1))}`,
    );
  const now = inventory(world);
  const kept = [...now.values()].some((item) => {
    const owner = watch.ownerOf(item);
    return owner !== undefined && watch.records.get(owner)?.keepData === true;
  });
  for (const [key, item] of now) {
    if (before.has(key) || watch.isStrange(item)) continue;
    const owner = watch.ownerOf(item);
    if (owner !== undefined && watch.records.get(owner)?.keepData === true && KEPT.has(item.type)) continue;
    // Ports of a kept network carry no mark.
    if (kept && item.type === "port") continue;
    trace.fail(`${key} (${item.name || item.description}) was not there before: ${JSON.stringify(item.fields)}`);
  }
  for (const key of before.keys()) if (!now.has(key)) trace.fail(`${key} was there before and is gone`);
}
