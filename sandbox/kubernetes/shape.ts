import { readFileSync } from "node:fs";
import { booleanAt, isJson, type Json, jsonAt, textAt, textsAt } from "../openstack/json.ts";
import { LIST_KEYS, SETS, WHOLE } from "./merge-keys.ts";

/** What may stand in a place, and how two writers of it are told apart. */
export interface Shape {
  readonly kind: "object" | "map" | "list" | "string" | "number" | "boolean" | "any";
  /** What is in a map or a list. */
  readonly item: () => Shape;
  /** Undefined: an object has no such field. */
  readonly field: (name: string) => Shape | undefined;
  readonly fields: () => readonly string[];
  readonly required: readonly string[];
  /** A list whose items are known by these fields. */
  readonly keys?: readonly string[];
  /** A list whose items are known by their value. */
  readonly set: boolean;
  /** It has one writer as a whole. */
  readonly atomic: boolean;
}

type FieldTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Types and fields of Kubernetes 1.3x; `!` marks what is required, `[]` a list, `{}` a map. */
const TYPES: FieldTable = JSON.parse(readFileSync(new URL("./fields.json", import.meta.url), "utf8"));
const LEAVES = ["string", "number", "boolean"] as const;
const none = { fields: () => [], required: [], set: false, atomic: false };

const ANY: Shape = { kind: "any", ...none, item: () => ANY, field: () => ANY };

interface Kept<K> {
  get(key: K): Shape | undefined;
  set(key: K, shape: Shape): unknown;
}

/** Asked for again and again, for every field of every object, and always the same. */
function kept<K>(known: Kept<K>, key: K, make: () => Shape): Shape {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}
const codes = new Map<string, Shape>();
const types = new Map<string, Shape>();

/** `place` is `Type.field`, where the keys of a list are known by. */
const shapeOfCode = (code: string, place: string): Shape =>
  kept(codes, `${code} ${place}`, () => newShapeOfCode(code, place));

function newShapeOfCode(code: string, place: string): Shape {
  const leaf = LEAVES.find((name) => name === code);
  if (leaf !== undefined) return { kind: leaf, ...none, item: () => ANY, field: () => ANY };
  if (code.startsWith("{}")) {
    const item = () => shapeOfCode(code.slice(2), "");
    return { kind: "map", ...none, item, field: item, atomic: WHOLE.has(place) };
  }
  if (code.startsWith("[]")) {
    const keys = LIST_KEYS[place] ?? (place.endsWith("Status.conditions") ? ["type"] : undefined);
    const known = { set: SETS.has(place), ...(keys === undefined ? {} : { keys }) };
    const atomic = keys === undefined && !known.set;
    return { kind: "list", ...none, ...known, atomic, item: () => shapeOfCode(code.slice(2), ""), field: () => ANY };
  }
  return TYPES[code] === undefined ? ANY : shapeOfType(code);
}

export const shapeOfType = (type: string): Shape => kept(types, type, () => newShapeOfType(type));

function newShapeOfType(type: string): Shape {
  const own = TYPES[type] ?? {};
  return {
    kind: "object",
    ...none,
    atomic: WHOLE.has(type),
    required: Object.keys(own)
      .filter((name) => name.endsWith("!"))
      .map((name) => name.slice(0, -1)),
    fields: () => Object.keys(own).map((name) => name.replace("!", "")),
    item: () => ANY,
    field(name) {
      const code = own[name] ?? own[`${name}!`];
      return code === undefined ? undefined : shapeOfCode(code, `${type}.${name}`);
    },
  };
}

const META = shapeOfType("MetaV1ObjectMeta");
const TOP: Readonly<Record<string, Shape>> = {
  apiVersion: shapeOfCode("string", ""),
  kind: shapeOfCode("string", ""),
  metadata: META,
};

function objectOf(schema: Json, properties: Json, top: boolean): Shape {
  const open = booleanAt(schema, "x-kubernetes-preserve-unknown-fields") === true;
  return {
    kind: "object",
    ...none,
    atomic: textAt(schema, "x-kubernetes-map-type") === "atomic",
    required: textsAt(schema, "required") ?? [],
    fields: () => [...Object.keys(properties), ...(top ? Object.keys(TOP) : [])],
    item: () => ANY,
    field: (name) =>
      top && Object.hasOwn(TOP, name)
        ? TOP[name]
        : Object.hasOwn(properties, name)
          ? shapeOfSchema(properties[name])
          : open
            ? ANY
            : undefined,
  };
}

const tops = new WeakMap<Json, Shape>();
const schemas = new WeakMap<Json, Shape>();

/** The shape that a CustomResourceDefinition's `openAPIV3Schema` tells. */
export const shapeOfSchema = (schema: unknown, top = false): Shape =>
  isJson(schema) ? kept(top ? tops : schemas, schema, () => newShapeOfSchema(schema, top)) : ANY;

function newShapeOfSchema(schema: Json, top: boolean): Shape {
  const type = textAt(schema, "type");
  if (booleanAt(schema, "x-kubernetes-int-or-string") === true) return ANY;
  if (type === "array") {
    const keys = textsAt(schema, "x-kubernetes-list-map-keys");
    const set = textAt(schema, "x-kubernetes-list-type") === "set";
    const item = () => shapeOfSchema(schema["items"]);
    const atomic = keys === undefined && !set;
    return { kind: "list", ...none, set, atomic, item, field: () => ANY, ...(keys === undefined ? {} : { keys }) };
  }
  const properties = jsonAt(schema, "properties");
  if (properties !== undefined || top) return objectOf(schema, properties ?? {}, top);
  const values = jsonAt(schema, "additionalProperties");
  if (type === "object" && values !== undefined)
    return { kind: "map", ...none, item: () => shapeOfSchema(values), field: () => shapeOfSchema(values) };
  if (type === "string" || type === "boolean") return shapeOfCode(type, "");
  return type === "integer" || type === "number" ? shapeOfCode("number", "") : ANY;
}
