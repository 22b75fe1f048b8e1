import { isJson } from "../openstack/json.ts";
import type { Fields } from "./object.ts";
import { identityOf } from "./patch.ts";
import type { Shape } from "./shape.ts";

/*
 * A set of fields, as `managedFields` has it: the path of each is `f:spec`, `k:{"name":"web"}`, `v:"x"`, … with line ends
 * between. Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export type FieldSet = Set<string>;

const BETWEEN = "\n";
const NOBODYS = ["apiVersion", "kind"];
const NOBODYS_META = [
  "name",
  "namespace",
  "generateName",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "managedFields",
  "selfLink",
];

/** Whose writer is told on its own, and its value. */
export function leavesOf(value: unknown, shape: Shape): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (here: unknown, as: Shape, path: readonly string[]): void => {
    if (isJson(here) && !as.atomic && Object.keys(here).length > 0) {
      for (const [name, below] of Object.entries(here)) {
        if (below === undefined || below === null) continue;
        if (path.length === 0 && NOBODYS.includes(name)) continue;
        if (path.length === 1 && path[0] === "f:metadata" && NOBODYS_META.includes(name)) continue;
        walk(below, as.field(name) ?? as.item(), [...path, `f:${name}`]);
      }
    } else if (Array.isArray(here) && as.keys !== undefined) {
      for (const item of here) {
        const at = [...path, `k:${identityOf(item, as.keys)}`];
        found.set(at.join(BETWEEN), undefined);
        walk(item, as.item(), at);
      }
    } else if (Array.isArray(here) && as.set) {
      for (const item of here) found.set([...path, `v:${JSON.stringify(item)}`].join(BETWEEN), item);
    } else if (path.length > 0 && path[0] !== "f:metadata" ? true : path.length > 1)
      found.set(path.join(BETWEEN), here);
  };
  walk(value, shape, []);
  return found;
}

/** True when the set holds this field, or one inside it. */
export const covers = (set: FieldSet, path: string): boolean =>
  set.has(path) || set.values().some((other) => other.startsWith(path + BETWEEN));

export function fieldsV1Of(set: FieldSet): Fields {
  const root: Fields = {};
  for (const path of set) {
    let here = root;
    for (const part of path.split(BETWEEN)) {
      const below = here[part];
      const next: Fields = isJson(below) ? below : {};
      here[part] = next;
      here = next;
    }
    if (path.includes(`${BETWEEN}k:`) && (path.split(BETWEEN).at(-1) ?? "").startsWith("k:")) here["."] = {};
  }
  return root;
}

export function fieldSetOf(fields: unknown): FieldSet {
  const found: FieldSet = new Set();
  const walk = (here: unknown, path: readonly string[]): void => {
    const below = isJson(here) ? Object.entries(here) : [];
    if (below.length === 0 && path.length > 0) found.add(path.join(BETWEEN));
    for (const [part, inside] of below) {
      if (part === ".") found.add(path.join(BETWEEN));
      else walk(inside, [...path, part]);
    }
  };
  walk(fields, []);
  return found;
}

/** `.spec.template.spec.containers[name="web"].image`, as conflicts name a field. */
export const shownPath = (path: string): string =>
  path
    .split(BETWEEN)
    .map((part) => {
      if (part.startsWith("f:")) return `.${part.slice(2)}`;
      if (part.startsWith("v:")) return `[=${part.slice(2)}]`;
      const keys: Fields = JSON.parse(part.slice(2));
      return `[${Object.entries(keys)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(",")}]`;
    })
    .join("");

/** Takes the field out of the object, and what is empty without it. */
export function removeField(root: Fields, path: string, shape: Shape): void {
  const walk = (here: unknown, as: Shape, parts: readonly string[]): void => {
    const [part = "", ...rest] = parts;
    if (Array.isArray(here)) {
      const keys = as.keys ?? [];
      const at = here.findIndex((item) =>
        part.startsWith("k:") ? identityOf(item, keys) === part.slice(2) : JSON.stringify(item) === part.slice(2),
      );
      if (at < 0) return;
      if (rest.length === 0) here.splice(at, 1);
      else walk(here[at], as.item(), rest);
    } else if (isJson(here)) {
      const fields: Fields = here;
      const name = part.slice(2);
      if (!Object.hasOwn(fields, name)) return;
      const below = fields[name];
      if (rest.length > 0) walk(below, as.field(name) ?? as.item(), rest);
      const empty = Array.isArray(below) ? below.length === 0 : isJson(below) && Object.keys(below).length === 0;
      if (rest.length === 0 || empty) delete fields[name];
    }
  };
  walk(root, shape, path.split(BETWEEN));
}
