import { isJson, type Json } from "./json.ts";
import { page } from "./paging.ts";
import { Fault, type SandboxRequest } from "./service.ts";

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const NAME_MAX = 255;
const TAG_MAX = 60;
export const TAGS_MAX = 50;
const TRUE = ["True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes"];
const FALSE = ["False", "FALSE", "false", "0", "OFF", "Off", "off", "NO", "No", "no"];

export const bad = (message: string): Fault => new Fault(400, message);
export const notAllowed = (policy: string): Fault =>
  new Fault(403, `Policy doesn't allow os_compute_api:${policy} to be performed.`);

/** Nova's texts show what they complain about as Python writes it. */
export function python(value: unknown): string {
  if (typeof value === "string")
    return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value.replace(/'/g, "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (isJson(value)) {
    const fields = Object.entries(value).map(([key, one]) => `${python(key)}: ${python(one)}`);
    return `{${fields.join(", ")}}`;
  }
  if (typeof value === "boolean") return value ? "True" : "False";
  return value === null || value === undefined ? "None" : String(value);
}

/** Throws what Nova says of the first thing that is wrong. The whole body has no field to name. */
export type Schema = (value: unknown, field?: string) => void;

const fail = (value: unknown, field: string | undefined, why: string): Fault => {
  const shown = typeof value === "string" ? value : python(value);
  return bad(field === undefined ? why : `Invalid input for field/attribute ${field}. Value: ${shown}. ${why}`);
};

/** A schema of one rule. `why` is what follows the value in the fault's text. */
export const rule =
  (holds: (value: unknown) => boolean, why: string): Schema =>
  (value, field) => {
    if (!holds(value)) throw fail(value, field, `${python(value)} ${why}`);
  };

export const all =
  (...schemas: readonly Schema[]): Schema =>
  (value, field) => {
    for (const schema of schemas) schema(value, field);
  };

const matches = (pattern: RegExp) => (value: unknown) => pattern.test(String(value));

export const oneOf = (values: readonly unknown[]): Schema =>
  rule((value) => values.includes(value), `is not one of ${python(values)}`);
/** Where a value may be of several forms, Nova names none of them. */
export const anyOf = (...schemas: readonly Schema[]): Schema =>
  rule(
    (value) =>
      schemas.some((schema) => {
        try {
          schema(value);
          return true;
        } catch {
          return false;
        }
      }),
    "is not valid under any of the given schemas",
  );
export const string = rule((value) => typeof value === "string", "is not of type 'string'");
export const atMost = (most: number): Schema => rule((value) => String(value).length <= most, "is too long");
export const notEmpty = rule((value) => value !== "", "is too short");
export const isUuid = matches(UUID);
export const uuid = all(string, rule(isUuid, "is not a 'uuid'"));
export const boolean = all(
  rule((value) => ["boolean", "string"].includes(typeof value), "is not of type 'boolean', 'string'"),
  oneOf([true, ...TRUE, false, ...FALSE]),
);
export const isTrue = (value: unknown): boolean =>
  value === true || (typeof value === "string" && TRUE.includes(value));

const printable: Schema = (value) => {
  if (typeof value === "string" && value !== value.trim())
    throw bad(
      "An invalid 'name' value was provided. The name must be: printable characters. Can not start or end with whitespace.",
    );
};
export const name = all(string, notEmpty, atMost(NAME_MAX), printable);

export const integer = (pattern: string, least: number): Schema =>
  all(
    rule((value) => typeof value === "string" || Number.isInteger(value), "is not of type 'integer', 'string'"),
    rule((value) => typeof value === "number" || matches(new RegExp(pattern))(value), `does not match '${pattern}'`),
    (value, field) => {
      if (Number(value) < least) throw fail(value, field, `${String(value)} is less than the minimum of ${least}`);
    },
  );

export const array =
  (item: Schema, most = Number.POSITIVE_INFINITY): Schema =>
  (value, field) => {
    if (!Array.isArray(value)) throw fail(value, field, `${python(value)} is not of type 'array'`);
    value.forEach((one, at) => {
      item(one, String(at));
    });
    if (value.length > most) throw fail(value, field, `${python(value)} is too long`);
  };

/** Properties first, then those that are missing, then those that are too many. */
export const object =
  (properties: Readonly<Record<string, Schema>>, required: readonly string[] = [], open = false): Schema =>
  (value, field) => {
    if (!isJson(value)) throw fail(value, field, `${python(value)} is not of type 'object'`);
    for (const [key, schema] of Object.entries(properties)) if (Object.hasOwn(value, key)) schema(value[key], key);
    const missing = required.find((key) => !Object.hasOwn(value, key));
    if (missing !== undefined) throw fail(value, field, `'${missing}' is a required property`);
    const strange = Object.keys(value).filter((key) => !Object.hasOwn(properties, key));
    if (open || strange.length === 0) return;
    const were = strange.length === 1 ? "was" : "were";
    const list = strange.sort().map(python).join(", ");
    throw fail(value, field, `Additional properties are not allowed (${list} ${were} unexpected)`);
  };

const METADATA_KEY = "^[a-zA-Z0-9-_:. ]{1,255}$";
export const metadata: Schema = (value, field) => {
  if (!isJson(value)) throw fail(value, field, `${python(value)} is not of type 'object'`);
  const keys = Object.entries(value).filter(([key]) => new RegExp(METADATA_KEY).test(key));
  for (const [key, one] of keys) all(string, atMost(NAME_MAX))(one, key);
  const strange = Object.keys(value).filter((key) => !new RegExp(METADATA_KEY).test(key));
  const [verb, list] = [strange.length === 1 ? "does" : "do", strange.map(python).join(", ")];
  if (strange.length > 0) throw fail(value, field, `${list} ${verb} not match any of the regexes: '${METADATA_KEY}'`);
};

const tag = all(string, notEmpty, atMost(TAG_MAX), rule(matches(/^[^,/]*$/), "does not match '^[^,/]*$'"));
export const tags = array(tag, TAGS_MAX);

/** A number in the query: `limit`, `offset`. */
export function countAt(request: SandboxRequest, key: string): number | undefined {
  const asked = request.query.get(key);
  if (asked === null) return undefined;
  if (/^\d*$/.test(asked)) return Number(asked);
  throw bad(`Invalid input for query parameters ${key}. Value: ${asked}. '${asked}' does not match '^[0-9]*$'`);
}

/** The page and, under `<key>_links`, the link to the next; never one to the page before. */
export function pageOf<T extends { readonly id: string }>(
  request: SandboxRequest,
  rows: readonly T[],
  most: number,
  of: { readonly key: string; readonly url: string; view(row: T): unknown },
): Json {
  if (countAt(request, "limit") === 0) return { [of.key]: [] };
  const found = page(request, rows, most);
  // Nova sorts what it was asked, and adds the marker.
  const next = new URLSearchParams(found.next);
  const marker = next.get("marker") ?? "";
  next.delete("marker");
  next.sort();
  next.append("marker", marker);
  const links = [{ rel: "next", href: `${of.url}?${next}` }];
  return {
    [of.key]: found.items.map((row) => of.view(row)),
    ...(found.next === undefined ? {} : { [`${of.key}_links`]: links }),
  };
}
