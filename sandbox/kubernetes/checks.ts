import { isJson } from "../openstack/json.ts";
import type { Obj } from "./object.ts";
import type { Shape } from "./shape.ts";
import { required } from "./status.ts";

export interface Misfit {
  /** `spec.template.spec.containers[0].imagge` */
  readonly path: string;
  /** Undefined: the field is unknown. */
  readonly expected?: string;
  readonly got?: string;
}

const EXPECTED: Readonly<Record<string, string>> = {
  object: "map",
  map: "map",
  list: "list",
  string: "string",
  number: "numeric (int or float)",
  boolean: "boolean",
};

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? "list" : isJson(value) ? "map" : value === null ? "null" : typeof value;

const fits = (value: unknown, shape: Shape): boolean =>
  shape.kind === "any" ||
  (shape.kind === "list"
    ? Array.isArray(value)
    : shape.kind === "object" || shape.kind === "map"
      ? isJson(value)
      : typeof value === shape.kind);

/** Fields that the kind does not have, and values of another type. */
export function misfits(value: unknown, shape: Shape, path = ""): readonly Misfit[] {
  if (value === null || value === undefined) return [];
  if (!fits(value, shape)) return [{ path, expected: EXPECTED[shape.kind] ?? shape.kind, got: kindOf(value) }];
  if (Array.isArray(value)) return value.flatMap((item, index) => misfits(item, shape.item(), `${path}[${index}]`));
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([name, below]) => {
    const at = path === "" ? name : `${path}.${name}`;
    const field = shape.field(name);
    return field === undefined ? [{ path: at }] : misfits(below, field, at);
  });
}

/** Required fields that are not there; an empty list or text counts as absent. */
export function missing(value: unknown, shape: Shape, path = ""): readonly ReturnType<typeof required>[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => missing(item, shape.item(), `${path}[${index}]`));
  if (!isJson(value) || shape.kind === "any") return [];
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const absent = shape.required.filter((name) => value[name] === undefined || value[name] === null);
  return [
    ...absent.map((name) => required(at(name))),
    ...Object.entries(value).flatMap(([name, below]) => missing(below, shape.field(name) ?? shape.item(), at(name))),
  ];
}

/** Fields that are unknown are dropped where the request does not insist on them. */
export function pruned(of: Obj, shape: Shape): Obj {
  const walk = (value: unknown, as: Shape): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, as.item()));
    if (!isJson(value)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, below]) => {
        const field = as.field(name);
        return field === undefined ? [] : [[name, walk(below, field)]];
      }),
    );
  };
  return walk(of, shape) as Obj;
}
