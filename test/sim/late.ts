import { connect } from "../../shared/openstack/connect.ts";
import type { HttpRequest } from "../../shared/openstack/send.ts";
import { floatingIp } from "../../shared/resources/floating-ip.ts";
import { clusterKey, clusters, graves } from "../../shared/state/index.ts";
import type { Draw } from "./draw.ts";
import type { World } from "./world.ts";

const MINUTE_MS = 60_000;
/** A token lives an hour, and what was sent with it may hang for as long. */
const LATE_MINUTES_MAX = 55;
const STEP_MS = 3 * MINUTE_MS;
const LOOKS_MAX = 24;

/** Whose create it is: of all other calls no cluster. */
const ownerOf = ({ watch }: World, { method, url, body = "" }: HttpRequest): string | undefined =>
  method !== "POST" || url.endsWith("/auth/tokens")
    ? undefined
    : [...watch.records.keys()].find((id) => body.includes(id));

/** Of each sort one for each cluster: whoever watches would take two for a mistake. */
const hanging = new WeakMap<World, Set<string>>();

/** Whether this create hangs somewhere in the cloud. It is done when its cluster has gone, or never. */
export function hangs(world: World, draws: Draw, request: HttpRequest): boolean {
  if (world.weather.late === 0) return false;
  const owner = ownerOf(world, request);
  const hung = hanging.get(world) ?? new Set();
  const what = `${owner} ${request.url}`;
  if (owner === undefined || hung.has(what) || !draws.yes(world.weather.late)) return false;
  hanging.set(world, hung.add(what));
  const { time } = world;
  const lastMs = time.nowMs() + LATE_MINUTES_MAX * MINUTE_MS;
  const due = (): void => {
    const atMs = time.nowMs() + draws.between(1, 8) * MINUTE_MS;
    if (atMs < lastMs) time.at(atMs, () => void land());
  };
  const land = async (): Promise<void> => {
    if (!(await isGone(world, owner))) return due();
    // Where nobody listens at that moment it never comes.
    const answer = await world.sandbox.send(request).catch(() => undefined);
    if (answer === undefined) return;
    world.trace.say(`late: ${request.method} ${request.url} ${answer.status}`);
    world.watch.sent(request, answer);
    if (answer.status < 300) world.counts.late += 1;
  };
  due();
  return true;
}

async function isGone({ store, watch }: World, id: string): Promise<boolean> {
  const record = watch.records.get(id);
  return record !== undefined && (await clusters(store).get(clusterKey(record)))?.id !== id;
}

/** One comes for each cluster that has gone lately, where the cloud takes it. */
export async function landOne(world: World): Promise<void> {
  const { sandbox, time, watch, store, counts, trace } = world;
  for await (const { id, tenant, spec, status } of graves(store).list()) {
    if (time.nowMs() - (status.finishedMs ?? 0) > LATE_MINUTES_MAX * MINUTE_MS) continue;
    const cloud = connect(sandbox.settings(tenant), { nowMs: time.nowMs, wait: time.wait, send: sandbox.send });
    const owner = { cluster: id, name: spec.name, step: "floating-ip/api" };
    try {
      const [external] = await cloud.network.listNetworks({ "router:external": true });
      const found = await floatingIp.find(cloud, owner);
      if (found.length > 0) continue;
      await floatingIp.create(cloud, owner, { networkId: external?.id ?? "", attach: false });
      counts.late += 1;
    } catch (error) {
      trace.say(`nothing comes of ${id}: ${String(error)}`);
    }
  }
  watch.look();
}

/** The same now and then, until that moment. */
export function latecomers(world: World, untilMs: number): void {
  const { time } = world;
  const draw = world.draw.fork("storms/late");
  const next = (): void => {
    const atMs = time.nowMs() + draw.between(1, 6) * MINUTE_MS;
    if (atMs < untilMs) time.at(atMs, () => void landOne(world).then(next));
  };
  next();
}

/** Time passes until nothing that has gone is looked at any more. */
export async function untilForgotten(world: World, pass: (ms: number) => Promise<void>): Promise<void> {
  const { time, store, trace } = world;
  for (let look = 0; trace.failure() === undefined; look += 1) {
    const due: number[] = [];
    for await (const { status } of graves(store).list()) due.push(status.dueMs ?? 0);
    if (due.length === 0) return;
    if (look === LOOKS_MAX) return trace.fail(`what has gone is still looked for: ${due.length} graves`);
    time.skip(Math.max(0, Math.min(...due) - time.nowMs()));
    await pass(STEP_MS);
  }
}
