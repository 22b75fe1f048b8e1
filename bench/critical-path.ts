import type { Node } from "../shared/resources/node.ts";
import { namedBy } from "../shared/resources/node.ts";
import { names, type Plain, type Row, type Rows, SHARES } from "./cloud.ts";
import type { Call } from "./wire.ts";

/*
 * How long the cloud itself needs for a cluster: the longest chain through the product's own graph, with no wait of ours.
 *
 *   create   made(n)  = max(ready(m) for m in n.needs, made(m) for m in n.exists) + call(n)
 *            ready(n) = max(made(n) - call(n) + max(call(n), own(n)), ready(m) for m in n.later) + finish(n)
 *            path     = max(ready(n))
 *   delete   gone(n)  = max(gone(m) for every m that names n) + max(call(n), own(n))
 *            path     = max(gone(n)); where m's kind releases n's, only call(m) is waited for
 *
 * call(n), finish(n): how long the service took to answer the calls that make (POST, PATCH) or complete (PUT) this step, and
 * all changes of it in a delete, from the first byte sent to the last one received.
 * own(n): how long the resource took by the service's own clock, in whole seconds as the APIs tell them:
 *   server            Nova: updated (read at once: when it became ACTIVE) - created; when it goes, its instance action `delete`: updated_at - start_time
 *   load-balancer     Octavia: the latest updated_at of it and its listener, pool and members - its created_at
 *   recordset         Designate: updated_at - created_at
 *   key               Barbican's order: updated - created
 *   kubernetes-node   the node's condition Ready: lastTransitionTime - the server's updated (the machine's boot, and its wait for
 *                     the first control plane and for the network plugin, which we apply)
 *   anything else     0: it is ready with the answer, or its service keeps no time (PTR records, shares)
 * What leaves no time behind when it goes (load balancers, shares, servers of a cloud that keeps no actions) is looked at by
 * the bench itself, every 250 ms.
 */
export interface Measured {
  readonly graph: readonly Node[];
  readonly found: Rows;
  readonly calls: readonly Call[];
  /** Seconds of `own`, by step. */
  readonly own: ReadonlyMap<string, number>;
}

const changes = ({ method, status }: Call): boolean =>
  method !== "GET" && method !== "HEAD" && status < 400 && status > 0;

/** Seconds of all calls of a step with one of these methods. */
function seconds({ found, calls }: Measured, { step, kind }: Node, methods: readonly string[]): number {
  const ids = (found.rows.get(step) ?? []).map(({ id }) => id);
  const named = (call: Call) => names(call.names.join("\n"), found.cluster, step);
  const addressed = (call: Call) =>
    call.names.length === 0 &&
    call.url.includes("/reverse/") === (kind.kind === "ptr") &&
    ids.some((id) => call.url.includes(id));
  const mine = calls.filter(
    (call) => changes(call) && methods.includes(call.method) && (named(call) || addressed(call)),
  );
  return mine.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs) / 1000, 0);
}

export function createPath(measured: Measured): ReadonlyMap<string, number> {
  const made = new Map<string, number>();
  const ready = new Map<string, number>();
  const last = (steps: readonly string[], of: ReadonlyMap<string, number>) =>
    Math.max(0, ...steps.map((one) => of.get(one) ?? 0));
  for (const n of measured.graph) {
    const begun = Math.max(last(n.needs, ready), last(n.exists, made));
    const call = seconds(measured, n, ["POST", "PATCH"]);
    const own = measured.own.get(n.step) ?? 0;
    made.set(n.step, begun + call);
    ready.set(n.step, Math.max(begun + Math.max(call, own), last(n.later, ready)) + seconds(measured, n, ["PUT"]));
  }
  return ready;
}

export function deletePath(measured: Measured): ReadonlyMap<string, number> {
  const gone = new Map<string, number>();
  const left = new Map<string, number>();
  for (const n of measured.graph.toReversed()) {
    const others = measured.graph.filter((other) => namedBy(other).includes(n.step));
    const waits = others.map(
      ({ step, kind }) => (kind.releases?.includes(n.kind.kind) === true ? left : gone).get(step) ?? 0,
    );
    const begun = Math.max(0, ...waits);
    const call = seconds(measured, n, ["POST", "PATCH", "PUT", "DELETE"]);
    left.set(n.step, begun + call);
    gone.set(n.step, begun + Math.max(call, measured.own.get(n.step) ?? 0));
  }
  return gone;
}

/** Services write UTC with and without saying so. */
const msOf = (text: unknown): number => {
  const words = String(text ?? "");
  return Date.parse(/Z$|[+-]\d\d:\d\d$/.test(words) ? words : `${words}Z`);
};
const span = (row: Row, from: string, to: string): number => Math.max(0, (msOf(row[to]) - msOf(row[from])) / 1000 || 0);

/** Nova tells of the delete of a server that is gone; undefined where it does not. */
export async function deleteSeconds(cloud: Plain, id: string): Promise<number | undefined> {
  const answer = await cloud.ask(["compute"], "GET", `/servers/${id}/os-instance-actions`);
  const all = (answer?.["instanceActions"] ?? []) as readonly Row[];
  const row = all.find((one) => one["action"] === "delete");
  return row === undefined ? undefined : span(row, "start_time", "updated_at");
}

const LB = ["load-balancer"];

/** A load balancer is in use when its parts are. */
async function balancerSeconds(cloud: Plain, row: Row): Promise<number> {
  const list = async (path: string, key: string) =>
    ((await cloud.ask(LB, "GET", `/v2/lbaas/${path}`))?.[key] ?? []) as readonly Row[];
  const mine = async (key: "listeners" | "pools") => {
    const ids = ((row[key] ?? []) as readonly Row[]).map((one) => one["id"]);
    return (await list(key, key)).filter((one) => ids.includes(one["id"]));
  };
  const [listeners, pools] = [await mine("listeners"), await mine("pools")];
  const members = await Promise.all(pools.map((pool) => list(`pools/${String(pool["id"])}/members`, "members")));
  const parts = [row, ...listeners, ...pools, ...members.flat()];
  return Math.max(...parts.map((part) => span({ ...part, created_at: row["created_at"] }, "created_at", "updated_at")));
}

export async function ownOfCreate(
  cloud: Plain,
  graph: readonly Node[],
  found: Rows,
  nodesReadyMs: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const own = new Map<string, number>();
  for (const { step, kind } of graph) {
    for (const { row } of found.rows.get(step) ?? []) {
      if (kind.kind === "server") {
        own.set(step, span(row, "created", "updated"));
        const inMs = nodesReadyMs.get(String(row["name"]));
        if (inMs !== undefined)
          own.set(step.replace("server", "kubernetes-node"), (inMs - msOf(row["updated"])) / 1000);
      }
      if (kind.kind === "load-balancer") own.set(step, await balancerSeconds(cloud, row));
      if (kind.kind === "recordset") own.set(step, span(row, "created_at", "updated_at"));
      if (kind.kind === "key" && "order_ref" in row) own.set(step, span(row, "created", "updated"));
    }
  }
  return own;
}

const LISTED: Readonly<Record<string, readonly [readonly string[], string, string]>> = {
  "load-balancer": [LB, "/v2/lbaas/loadbalancers", "loadbalancers"],
  share: [SHARES, "/shares", "shares"],
  server: [["compute"], "/servers", "servers"],
};

/** Looks at what may keep no time of its end until it is gone; resolves with the moments, by step. */
export async function watchEnds(
  cloud: Plain,
  graph: readonly Node[],
  found: Rows,
  wait: (ms: number) => Promise<void>,
): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  const watch = async (kind: string): Promise<void> => {
    const [service, path, key] = LISTED[kind] ?? [[], "", ""];
    const open = new Map(
      graph
        .filter((n) => n.kind.kind === kind)
        .flatMap(({ step }) => (found.rows.get(step) ?? []).map(({ id }) => [id, step] as const)),
    );
    while (open.size > 0) {
      const rows = ((await cloud.ask(service, "GET", path))?.[key] ?? []) as readonly Row[];
      const there = new Set(rows.map((row) => row["id"]));
      for (const [id, step] of open) {
        if (there.has(id)) continue;
        ends.set(step, Date.now());
        open.delete(id);
      }
      await wait(250);
    }
  };
  await Promise.all(Object.keys(LISTED).map(watch));
  return ends;
}
