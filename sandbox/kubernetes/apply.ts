import { isJson, isoOf } from "../openstack/json.ts";
import { covers, type FieldSet, fieldSetOf, fieldsV1Of, leavesOf, removeField, shownPath } from "./field-set.ts";
import { equal, type Fields, type ManagedEntry, type Obj } from "./object.ts";
import { identityOf } from "./patch.ts";
import type { Shape } from "./shape.ts";
import { ApiError } from "./status.ts";

export interface Writer {
  readonly manager: string;
  readonly subresource: string | undefined;
  readonly nowMs: number;
}

interface Owner extends Omit<ManagedEntry, "fieldsV1" | "fieldsType"> {
  set: FieldSet;
}

const ownersOf = (of: Obj | undefined): Owner[] =>
  (of?.metadata.managedFields ?? []).map(({ fieldsV1, fieldsType: _, ...entry }) => ({
    ...entry,
    set: fieldSetOf(fieldsV1),
  }));

function setOwners(of: Obj, owners: readonly Owner[]): void {
  of.metadata.managedFields = owners
    .filter(({ set }) => set.size > 0)
    .map(({ set, ...entry }) => ({ ...entry, fieldsType: "FieldsV1", fieldsV1: fieldsV1Of(set) }));
}

const isSame = (owner: Owner, writer: Writer, operation: string): boolean =>
  owner.manager === writer.manager && owner.operation === operation && owner.subresource === writer.subresource;

function entryOf(of: Obj, writer: Writer, operation: "Apply" | "Update", set: FieldSet): Owner {
  const { manager, subresource, nowMs } = writer;
  const named = subresource === undefined ? {} : { subresource };
  return { manager, operation, apiVersion: of.apiVersion, time: isoOf(nowMs), set, ...named };
}

function merged(live: unknown, config: unknown, shape: Shape): unknown {
  if (isJson(config) && !shape.atomic) {
    const made: Fields = isJson(live) ? { ...live } : {};
    for (const [name, value] of Object.entries(config))
      if (value !== null) made[name] = merged(made[name], value, shape.field(name) ?? shape.item());
    return made;
  }
  const [now, wanted] = [Array.isArray(live) ? live : [], config];
  if (!Array.isArray(wanted)) return config;
  const { keys } = shape;
  if (keys !== undefined) {
    const made = [...now];
    for (const item of wanted) {
      const at = made.findIndex((other) => identityOf(other, keys) === identityOf(item, keys));
      if (at < 0) made.push(item);
      else made[at] = merged(made[at], item, shape.item());
    }
    return made;
  }
  return shape.set ? [...new Set([...now, ...wanted])] : wanted;
}

function conflicts(clashes: ReadonlyMap<Owner, readonly string[]>): ApiError {
  const causes = [...clashes].flatMap(([owner, paths]) =>
    paths.map((path) => ({
      reason: "FieldManagerConflict",
      message: `conflict with "${owner.manager}"${owner.operation === "Update" ? ` using ${owner.apiVersion}` : ""}`,
      field: shownPath(path),
    })),
  );
  const count = `${causes.length} conflict${causes.length === 1 ? "" : "s"}`;
  const listed = [...clashes].map(([owner, paths]) => {
    const who = `conflict${paths.length === 1 ? "" : "s"} with "${owner.manager}"`;
    const how = owner.operation === "Update" ? ` using ${owner.apiVersion}` : "";
    return paths.length === 1
      ? `${who}${how}: ${shownPath(paths[0] ?? "")}`
      : `${who}${how}:\n${paths.map((path) => `- ${shownPath(path)}`).join("\n")}`;
  });
  return new ApiError(409, "Conflict", `Apply failed with ${count}: ${listed.join("\n")}`, { causes });
}

/** Server-side apply: what the manager named before and names no longer goes, unless others name it. */
export function applied(live: Obj | undefined, config: Obj, shape: Shape, writer: Writer, force: boolean): Obj {
  const wanted = leavesOf(config, shape);
  const named: FieldSet = new Set(wanted.keys());
  const liveLeaves = live === undefined ? new Map<string, unknown>() : leavesOf(live, shape);
  const owners = ownersOf(live);
  const before = owners.find((owner) => isSame(owner, writer, "Apply"));
  const others = owners.filter((owner) => owner !== before);
  const clashes = new Map<Owner, string[]>();
  for (const owner of others) {
    const paths = [...named].filter((path) => owner.set.has(path) && !equal(wanted.get(path), liveLeaves.get(path)));
    if (paths.length > 0) clashes.set(owner, paths);
  }
  if (clashes.size > 0 && !force) throw conflicts(clashes);
  for (const [owner, paths] of clashes) for (const path of paths) owner.set.delete(path);
  const made = structuredClone(live === undefined ? config : (merged(live, config, shape) as Obj));
  for (const path of before?.set ?? [])
    if (!covers(named, path) && !others.some((owner) => covers(owner.set, path))) removeField(made, path, shape);
  const unchanged = before !== undefined && before.set.symmetricDifference(named).size === 0 && equal(made, live);
  const own = unchanged ? before : entryOf(config, writer, "Apply", named);
  setOwners(made, [...others, own]);
  return made;
}

/** After a write that is no apply: what it changed is the writer's, and what it removed is nobody's. */
export function tracked(live: Obj | undefined, made: Obj, shape: Shape, writer: Writer): void {
  const [then, now] = [live === undefined ? new Map() : leavesOf(live, shape), leavesOf(made, shape)];
  const changed = [...now.keys()].filter((path) => !then.has(path) || !equal(then.get(path), now.get(path)));
  const owners = ownersOf(live);
  for (const owner of owners)
    for (const path of owner.set)
      if (!now.has(path) || (changed.includes(path) && !isSame(owner, writer, "Update"))) owner.set.delete(path);
  const before = owners.find((owner) => isSame(owner, writer, "Update"));
  if (changed.length > 0) {
    const set: FieldSet = new Set([...(before?.set ?? []), ...changed]);
    owners.splice(
      before === undefined ? owners.length : owners.indexOf(before),
      1,
      entryOf(made, writer, "Update", set),
    );
  }
  setOwners(made, owners);
}
