import { isJson, type Json, listAt, textAt } from "../openstack/json.ts";
import { KEY_DEFAULTS } from "./merge-keys.ts";
import { equal, type Fields } from "./object.ts";
import type { Shape } from "./shape.ts";
import { ApiError, badRequest } from "./status.ts";

/** RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJson(patch)) return patch;
  const made: Fields = isJson(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete made[name];
    else made[name] = mergePatch(made[name], value);
  }
  return made;
}

/** `{"name":"web"}` as text: how an item of a list with keys is known. */
export function identityOf(item: unknown, keys: readonly string[]): string {
  const pairs = keys.map((key) => [key, isJson(item) ? (item[key] ?? KEY_DEFAULTS[key]) : undefined] as const);
  return JSON.stringify(Object.fromEntries(pairs.filter(([, value]) => value !== undefined)));
}

const PATCH = "$patch";
const ORDER = "$setElementOrder/";
const DELETE_VALUES = "$deleteFromPrimitiveList/";

function mergeList(target: readonly unknown[], patch: readonly unknown[], shape: Shape): unknown[] {
  const keys = shape.keys ?? [];
  const made = [...target];
  for (const change of patch) {
    const id = identityOf(change, keys);
    const at = made.findIndex((item) => identityOf(item, keys) === id);
    if (textAt(change, PATCH) === "delete") {
      if (at >= 0) made.splice(at, 1);
    } else if (at >= 0) made[at] = strategicPatch(made[at], change, shape.item());
    else made.push(strategicPatch(undefined, change, shape.item()));
  }
  return made;
}

function ordered(list: readonly unknown[], order: readonly unknown[], shape: Shape): unknown[] {
  const idOf = (item: unknown) => (shape.keys === undefined ? JSON.stringify(item) : identityOf(item, shape.keys));
  const places = order.map(idOf);
  const placeOf = (item: unknown) => {
    const at = places.indexOf(idOf(item));
    return at < 0 ? places.length : at;
  };
  return [...list].sort((one, other) => placeOf(one) - placeOf(other));
}

/** Source: https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md */
export function strategicPatch(target: unknown, patch: unknown, shape: Shape): unknown {
  if (!isJson(patch)) return patch;
  const { [PATCH]: directive, $retainKeys: retained, ...changes } = patch;
  if (directive === "replace") return changes;
  if (directive === "delete") return undefined;
  const made: Fields = isJson(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(changes)) {
    if (name.startsWith(ORDER) || name.startsWith(DELETE_VALUES)) continue;
    const below = shape.field(name);
    if (value === null) delete made[name];
    else if (Array.isArray(value) && below?.keys !== undefined)
      made[name] = mergeList(listAt(made, name) ?? [], value, below);
    else if (Array.isArray(value) && below?.set === true)
      made[name] = [...new Set([...(listAt(made, name) ?? []), ...value])];
    else if (isJson(value) && below !== undefined) made[name] = strategicPatch(made[name], value, below);
    else made[name] = value;
  }
  for (const [name, value] of Object.entries(changes)) {
    const field = name.slice(name.indexOf("/") + 1);
    const list = listAt(made, field);
    if (list === undefined || !Array.isArray(value)) continue;
    if (name.startsWith(DELETE_VALUES)) made[field] = list.filter((item) => !value.includes(item));
    if (name.startsWith(ORDER)) made[field] = ordered(list, value, shape.field(field) ?? shape);
  }
  if (Array.isArray(retained)) for (const name of Object.keys(made)) if (!retained.includes(name)) delete made[name];
  return made;
}

const decoded = (pointer: string): readonly string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

const broken = (why: string) =>
  new ApiError(422, "Invalid", `the server rejected our request due to an error in our request: ${why}`);

function lookUp(root: unknown, path: readonly string[]): unknown {
  let found = root;
  for (const part of path) {
    const list = Array.isArray(found) ? found[Number(part)] : undefined;
    found = list ?? (isJson(found) && Object.hasOwn(found, part) ? found[part] : undefined);
  }
  return found;
}

function change(root: unknown, path: readonly string[], verb: string, value: unknown): void {
  const parent = lookUp(root, path.slice(0, -1));
  const last = path.at(-1) ?? "";
  if (Array.isArray(parent)) {
    const index = last === "-" ? parent.length : Number(last);
    if (!Number.isInteger(index) || index > parent.length) throw broken(`index ${last} is out of range`);
    if (verb === "add") parent.splice(index, 0, value);
    else if (verb === "remove") parent.splice(index, 1);
    else parent[index] = value;
  } else if (isJson(parent)) {
    const fields: Fields = parent;
    if (verb !== "add" && !Object.hasOwn(fields, last)) throw broken(`there is no /${path.join("/")}`);
    if (verb === "remove") delete fields[last];
    else fields[last] = value;
  } else throw broken(`there is no /${path.slice(0, -1).join("/")}`);
}

function step(root: unknown, operation: Json): void {
  const [verb, path] = [textAt(operation, "op"), decoded(textAt(operation, "path") ?? "")];
  const from = decoded(textAt(operation, "from") ?? "");
  if (verb === "test") {
    if (!equal(lookUp(root, path), operation["value"])) throw broken(`testing path /${path.join("/")} failed`);
  } else if (verb === "move" || verb === "copy") {
    const value = structuredClone(lookUp(root, from));
    if (verb === "move") change(root, from, "remove", undefined);
    change(root, path, "add", value);
  } else if (verb === "add" || verb === "remove" || verb === "replace") change(root, path, verb, operation["value"]);
  else throw badRequest(`unknown operation ${verb}`);
}

/** RFC 6902. */
export function jsonPatch(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw badRequest("a JSON patch is a list of operations");
  const root = structuredClone(target);
  for (const operation of operations) if (isJson(operation)) step(root, operation);
  return root;
}
