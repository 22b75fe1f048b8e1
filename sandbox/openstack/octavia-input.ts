import { addressOf } from "./ip.ts";
import { isJson, type Json } from "./json.ts";
import { Fault, type SandboxRequest } from "./service.ts";

/** Why a value is wrong: `field` blames the field, `body` the request, as WSME does for what it can't convert. */
export type Check = (
  value: unknown,
) => { readonly field: string; readonly value?: string } | { readonly body: string } | undefined;

export interface Fields {
  readonly [name: string]: {
    readonly check?: Check;
    readonly must?: true;
    /** An object, or several of them, with fields of their own. */
    readonly of?: Fields;
    readonly list?: true;
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const text =
  (most: number): Check =>
  (value) => {
    if (typeof value !== "string") return { field: "Value should be string" };
    return value.length > most ? { field: `Value should have a maximum character requirement of ${most}` } : undefined;
  };
export const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value)
      ? undefined
      : { field: `Value should match the pattern ${pattern.source}` };
export const uuid: Check = (value) =>
  typeof value === "string" && UUID.test(value) ? undefined : { field: "Value should be UUID format" };
export const address: Check = (value) =>
  typeof value === "string" && (addressOf(value) !== undefined || value.includes(":"))
    ? undefined
    : { field: "Value should be IPv4 or IPv6 format" };
export const flag: Check = (value) =>
  typeof value === "boolean" ? undefined : { body: `Value not an unambiguous boolean: ${String(value)}` };
export const whole =
  (least: number, most = Number.POSITIVE_INFINITY): Check =>
  (value) => {
    if (typeof value !== "number" || !Number.isInteger(value))
      return { body: `invalid literal for int() with base 10: '${String(value)}'` };
    if (value < least) return { field: `Value should be greater or equal to ${least}` };
    return value > most ? { field: `Value should be lower or equal to ${most}` } : undefined;
  };
export const among =
  (...choice: readonly string[]): Check =>
  (value) =>
    choice.includes(String(value)) ? undefined : { field: `Value should be one of: ${choice.join(", ")}` };
export const texts =
  (most: number): Check =>
  (value) => {
    if (!Array.isArray(value)) return { body: `Value not a valid list: ${listed(value)}` };
    return value.map(text(most)).find((wrong) => wrong !== undefined);
  };
export const uuids: Check = (value) =>
  Array.isArray(value) && value.every((one) => uuid(one) === undefined)
    ? undefined
    : { field: "Value should be UUID format" };
export const list: Check = (value) =>
  Array.isArray(value) ? undefined : { body: `Value not a valid list: ${listed(value)}` };

const listed = (value: unknown) => (typeof value === "string" ? value : printed(value));

/** A value as Python prints it. */
function printed(value: unknown): string {
  if (typeof value === "string") return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(printed).join(", ")}]`;
  if (isJson(value))
    return `{${Object.entries(value)
      .map(([key, one]) => `'${key}': ${printed(one)}`)
      .join(", ")}}`;
  if (typeof value === "boolean") return value ? "True" : "False";
  return value === null || value === undefined ? "None" : String(value);
}

const blame = (field: string, value: unknown, why: string) => {
  const shown = typeof value === "string" ? value : printed(value);
  return new Fault(400, `Invalid input for field/attribute ${field}. Value: '${shown}'. ${why}`);
};

const TYPES: Readonly<Record<string, string>> = { string: "str", number: "int", boolean: "bool", object: "list" };

function known(path: string, asked: Json, names: readonly string[]): void {
  const strange = Object.keys(asked).filter((name) => !names.includes(name));
  const what = strange.length > 1 ? "attributes" : "attribute";
  if (strange.length > 0)
    throw new Fault(400, `Unknown ${what} for argument ${path}: ${strange.toSorted().join(", ")}`);
}

function item(path: string, body: unknown, asked: unknown, fields: Fields): Json {
  const root = path.split(".")[0] ?? "";
  if (!isJson(asked)) throw new Fault(500, `'${TYPES[typeof asked]}' object has no attribute 'keys'`);
  known(path, asked, Object.keys(fields));
  const read: Record<string, unknown> = {};
  for (const [name, { check, must, of, list: many }] of Object.entries(fields)) {
    const value = asked[name];
    if (value === undefined || (value === null && must === true)) {
      if (must === true) throw blame(name, "None", "Mandatory field missing.");
      continue;
    }
    const wrong = value === null ? undefined : (check ?? (many === true ? list : undefined))?.(value);
    if (wrong !== undefined) {
      if ("field" in wrong) throw blame(name, wrong.value ?? value, wrong.field);
      throw blame(root, body, wrong.body);
    }
    const inside = (one: unknown) => (of === undefined ? one : item(`${path}.${name}`, body, one, of));
    read[name] = value === null ? null : Array.isArray(value) ? value.map(inside) : inside(value);
  }
  return read;
}

function wrapped(request: SandboxRequest, argument: string, key: string): unknown {
  if (request.body === undefined) throw new Fault(400, `Missing argument: "${argument}"`);
  const { body } = request;
  if (!isJson(body)) throw new Fault(500, `'${TYPES[typeof body]}' object has no attribute 'keys'`);
  known(argument, body, [key]);
  // The real one stumbles in the same way over a body without its only key.
  const found = body[key] ?? undefined;
  const none = body[key] === null ? "NoneType" : "UnsetType";
  if (found === undefined) throw new Fault(500, `'${none}' object has no attribute 'project_id'`);
  return found;
}

/** What a body has under its one key, with all fields checked; nulls are kept. */
export const inputOf = (request: SandboxRequest, argument: string, key: string, fields: Fields): Json =>
  item(`${argument}.${key}`, request.body, wrapped(request, argument, key), fields);

export function inputsOf(request: SandboxRequest, argument: string, key: string, fields: Fields): readonly Json[] {
  const asked = wrapped(request, argument, key);
  if (!Array.isArray(asked)) throw blame(argument, request.body, `Value not a valid list: ${listed(asked)}`);
  return asked.map((one) => item(`${argument}.${key}`, request.body, one, fields));
}
