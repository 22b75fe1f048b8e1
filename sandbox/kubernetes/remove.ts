import { at, isoOf, jsonAt, listAt, numberAt, textAt } from "../openstack/json.ts";
import { builtIn, type Kind } from "./kinds.ts";
import type { Obj } from "./object.ts";
import { isObject, list, seenAs } from "./read.ts";
import type { Call, Reply } from "./request.ts";
import { selects } from "./selectors.ts";
import { ApiError, conflict, notFound } from "./status.ts";
import type { Store } from "./store.ts";

export interface Removing {
  readonly store: Store;
  readonly nowMs: number;
}

export const FOREGROUND = "foregroundDeletion";
const PODS = builtIn("Pod");
const GRACE_SECONDS = 30;

function optionsOf({ body, query }: Call) {
  const given: unknown = body === "" ? {} : JSON.parse(body);
  const dry = (listAt(given, "dryRun") ?? []).length > 0 || query.get("dryRun") === "All";
  const grace = query.get("gracePeriodSeconds");
  return {
    dry,
    propagation: textAt(given, "propagationPolicy") ?? query.get("propagationPolicy") ?? "Background",
    grace: numberAt(given, "gracePeriodSeconds") ?? (grace === null ? undefined : Number(grace)),
    uid: textAt(jsonAt(given, "preconditions"), "uid"),
    version: textAt(jsonAt(given, "preconditions"), "resourceVersion"),
  };
}

export const ownedBy = (of: Obj, uid: string): boolean =>
  (of.metadata.ownerReferences ?? []).some((reference) => reference.uid === uid);

const dependentsOf = (store: Store, uid: string) =>
  store.kinds().flatMap((kind) =>
    store
      .list(kind)
      .filter((one) => ownedBy(one, uid))
      .map((one) => [kind, one] as const),
  );

/** What a delete does to one object: it goes, or it is marked as going until its finalizers and its grace are over. */
export function remove(
  { store, nowMs }: Removing,
  kind: Kind,
  of: Obj,
  propagation = "Background",
  grace?: number,
): void {
  const { uid, finalizers = [], deletionTimestamp } = of.metadata;
  if (propagation === "Orphan")
    for (const [other, one] of dependentsOf(store, uid)) {
      const left = (one.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid);
      store.put(other, { ...one, metadata: { ...one.metadata, ownerReferences: left } });
    }
  const waits = propagation === "Foreground" && dependentsOf(store, uid).length > 0;
  const kept = waits && !finalizers.includes(FOREGROUND) ? [...finalizers, FOREGROUND] : finalizers;
  const scheduled = textAt(of["spec"], "nodeName") !== undefined;
  const seconds =
    kind === PODS && scheduled ? (grace ?? numberAt(of["spec"], "terminationGracePeriodSeconds") ?? GRACE_SECONDS) : 0;
  if (kept.length === 0 && seconds === 0 && kind.kind !== "Namespace") {
    store.drop(kind, of);
    return;
  }
  if (deletionTimestamp !== undefined && kept.length === finalizers.length) return;
  const marked: Obj = {
    ...of,
    metadata: {
      ...of.metadata,
      finalizers: [...kept],
      deletionTimestamp: isoOf(nowMs + seconds * 1000),
      deletionGracePeriodSeconds: seconds,
    },
  };
  if (kept.length === 0) delete marked.metadata.finalizers;
  if (kind.kind === "Namespace") marked["status"] = { phase: "Terminating" };
  store.put(kind, marked);
}

const success = (kind: Kind, of: Obj) => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  details: {
    name: of.metadata.name,
    ...(kind.group === "" ? {} : { group: kind.group }),
    kind: kind.plural,
    uid: of.metadata.uid,
  },
});

export function removeOne(call: Call, removing: Removing): Reply {
  const { kind, namespace, name = "" } = call;
  const { store } = removing;
  const options = optionsOf(call);
  const found = store.get(kind, namespace, name);
  if (found === undefined) throw notFound(kind, name);
  const { uid, resourceVersion } = found.metadata;
  if (options.uid !== undefined && options.uid !== uid)
    throw conflict(kind, name, `Precondition failed: UID in precondition: ${options.uid}, UID in object meta: ${uid}`);
  if (options.version !== undefined && options.version !== resourceVersion)
    throw conflict(
      kind,
      name,
      `Precondition failed: ResourceVersion in precondition: ${options.version}, ` +
        `ResourceVersion in object meta: ${resourceVersion}`,
    );
  if (!options.dry) remove(removing, kind, found, options.propagation, options.grace);
  const left = store.get(kind, namespace, name);
  return { status: 200, body: left === undefined ? success(kind, found) : seenAs(kind, left) };
}

export function removeAll(call: Call, removing: Removing): Reply {
  const options = optionsOf(call);
  const listed = list(removing.store, { ...call, accept: "application/json" }, removing.nowMs);
  if (!options.dry)
    for (const item of listAt(listed.body, "items") ?? [])
      if (isObject(item)) {
        const found = removing.store.get(call.kind, item.metadata.namespace, item.metadata.name);
        if (found !== undefined) remove(removing, call.kind, found, options.propagation, options.grace);
      }
  return listed;
}

export const isReady = (of: Obj): boolean =>
  (listAt(of["status"], "conditions") ?? []).some(
    (one) => textAt(one, "type") === "Ready" && textAt(one, "status") === "True",
  );

function share(value: unknown, of: number): number | undefined {
  if (typeof value === "number") return value;
  const percent = /^(\d+)%$/.exec(typeof value === "string" ? value : "")?.[1];
  return percent === undefined ? undefined : Math.ceil((Number(percent) / 100) * of);
}

/** Refuses (429) where a disruption budget needs the pod. */
function withinBudgets(store: Store, pod: Obj): void {
  const siblings = store.list(PODS, pod.metadata.namespace);
  for (const budget of store.list(builtIn("PodDisruptionBudget"), pod.metadata.namespace)) {
    const selector = at(budget["spec"], "selector");
    if (!selects(selector, pod.metadata.labels ?? {})) continue;
    const all = siblings.filter((one) => selects(selector, one.metadata.labels ?? {}));
    const healthy = all.filter((one) => isReady(one) && one.metadata.deletionTimestamp === undefined).length;
    const down = share(at(budget["spec"], "maxUnavailable"), all.length);
    const needed =
      down === undefined ? (share(at(budget["spec"], "minAvailable"), all.length) ?? 0) : all.length - down;
    if (!isReady(pod) || healthy > needed) continue;
    const counts = `needs ${needed} healthy pods and has ${healthy} currently`;
    const message = `The disruption budget ${budget.metadata.name} ${counts}`;
    throw new ApiError(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [{ reason: "DisruptionBudget", message }],
    });
  }
}

export function evict(call: Call, removing: Removing): Reply {
  const { namespace, name = "" } = call;
  const pod = removing.store.get(PODS, namespace, name);
  if (pod === undefined) throw notFound(PODS, name);
  withinBudgets(removing.store, pod);
  const given: unknown = JSON.parse(call.body);
  const grace = numberAt(jsonAt(given, "deleteOptions"), "gracePeriodSeconds");
  if (call.query.get("dryRun") !== "All") remove(removing, PODS, pod, "Background", grace);
  return { status: 201, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 } };
}
