import { isoOf } from "../openstack/json.ts";
import { customKinds } from "./custom-kinds.ts";
import { apiVersionOf, builtIn, KINDS, type Kind, storeKeyOf } from "./kinds.ts";
import { equal, keyOf, type Meta, type Obj } from "./object.ts";
import { expired } from "./status.ts";

export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly version: number;
  readonly key: string;
  readonly object: Obj;
}

/** The objects of one cluster. What goes in is copied, and what comes out is frozen: a change is another object. */
export interface Store {
  version(): number;
  /** All resources there are, those of CustomResourceDefinitions included. */
  kinds(): readonly Kind[];
  get(kind: Kind, namespace: string | undefined, name: string): Obj | undefined;
  /** In order of namespace and name. */
  list(kind: Kind, namespace?: string): readonly Obj[];
  /** Adds a new object: uid, time and version are given here. */
  add(kind: Kind, object: Omit<Obj, "metadata"> & { metadata: Partial<Meta> & { name: string } }): Obj;
  /** Replaces it; an object that is going and has no finalizer left goes. Answers what is stored now. */
  put(kind: Kind, object: Obj): Obj;
  /** Takes it out, finalizers or not. */
  drop(kind: Kind, object: Obj): void;
  /** What has changed after this version; 410 if that is too long ago. */
  since(kind: Kind, version: number): readonly Change[];
  onChange(listener: (change: Change) => void): () => void;
}

const HISTORY = 2000;

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const below of Object.values(value)) frozen(below);
  return Object.freeze(value);
}

/** What has changed, for those who watch. */
function changes() {
  const listeners = new Set<(change: Change) => void>();
  const history: Change[] = [];
  let forgotten = 0;
  return {
    tell(change: Change): void {
      history.push(change);
      if (history.length > HISTORY) forgotten = history.shift()?.version ?? forgotten;
      for (const listener of listeners) listener(change);
    },
    since(kind: Kind, from: number): readonly Change[] {
      if (from < forgotten) throw expired(`too old resource version: ${from} (${forgotten})`);
      return history.filter((change) => change.key === storeKeyOf(kind) && change.version > from);
    },
    onChange(listener: (change: Change) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The objects that there are, by resource, namespace and name. */
function tables() {
  const all = new Map<string, Map<string, Obj>>();
  const definitions = builtIn("CustomResourceDefinition");
  let custom: readonly Kind[] = [];
  const table = (kind: Kind): Map<string, Obj> => {
    const found = all.get(storeKeyOf(kind)) ?? new Map<string, Obj>();
    all.set(storeKeyOf(kind), found);
    return found;
  };
  return {
    table,
    kinds: () => [...KINDS, ...custom],
    get: (kind: Kind, namespace: string | undefined, name: string) => table(kind).get(`${namespace ?? ""}/${name}`),
    list: (kind: Kind, namespace?: string) =>
      [...table(kind).entries()]
        .filter(([, one]) => namespace === undefined || one.metadata.namespace === namespace)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, one]) => one),
    /** A definition that goes takes what is of its kind along. */
    learn(kind: Kind): void {
      if (storeKeyOf(kind) !== storeKeyOf(definitions)) return;
      const known = [...table(definitions).values()].flatMap(customKinds);
      for (const old of custom)
        if (!known.some((one) => storeKeyOf(one) === storeKeyOf(old))) all.delete(storeKeyOf(old));
      custom = known;
    },
  };
}

export function store(of: { nowMs(): number; readonly uuid: () => string }): Store {
  const { table, kinds, get, list, learn } = tables();
  const { tell, since, onChange } = changes();
  let version = 1;

  function changed(type: Change["type"], kind: Kind, object: Obj): Obj {
    learn(kind);
    tell({ type, version, key: storeKeyOf(kind), object });
    return object;
  }
  function drop(kind: Kind, object: Obj): void {
    const found = table(kind).get(keyOf(object));
    if (found === undefined || !table(kind).delete(keyOf(object))) return;
    version++;
    changed("DELETED", kind, frozen({ ...found, metadata: { ...found.metadata, resourceVersion: String(version) } }));
  }
  return {
    version: () => version,
    ...{ kinds, get, list, drop, since, onChange },
    add(kind, object) {
      version++;
      const { name, namespace, ...meta } = object.metadata;
      const placed = namespace === undefined ? { name } : { name, namespace };
      const given = { uid: of.uuid(), resourceVersion: String(version), creationTimestamp: isoOf(of.nowMs()) };
      const made: Obj = frozen({
        ...structuredClone(object),
        apiVersion: apiVersionOf(kind),
        kind: kind.kind,
        metadata: { ...placed, ...structuredClone(meta), ...given },
      });
      table(kind).set(keyOf(made), made);
      return changed("ADDED", kind, made);
    },
    put(kind, object) {
      const before = table(kind).get(keyOf(object));
      if (before !== undefined && equal(before, object)) return before;
      const { deletionTimestamp, finalizers = [], deletionGracePeriodSeconds: grace } = object.metadata;
      const waits = kind.kind === "Namespace" || (kind.kind === "Pod" && grace !== 0);
      if (deletionTimestamp !== undefined && finalizers.length === 0 && !waits) {
        drop(kind, object);
        return object;
      }
      version++;
      const copy = structuredClone(object);
      const made = frozen({ ...copy, metadata: { ...copy.metadata, resourceVersion: String(version) } });
      table(kind).set(keyOf(made), made);
      return changed("MODIFIED", kind, made);
    },
  };
}
