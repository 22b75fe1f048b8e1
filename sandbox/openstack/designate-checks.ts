import { isIPv4, isIPv6 } from "node:net";
import { isJson, type Json } from "./json.ts";
import { python } from "./nova-schema.ts";
import { Fault, type SandboxRequest } from "./service.ts";

const TYPES = "A,AAAA,CNAME,MX,SRV,TXT,SPF,NS,PTR,SSHFP,SOA,NAPTR,CAA".split(",");
const HOST_NAME = /^(?!.{255,})(?:(?:^\*|(?!-)[A-Za-z0-9_-]{1,63})(?<!-)\.)+$/;
const DOMAIN_NAME = /^(?!.{255,})(?:(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\.)+$/;
const TTL_MAX = 2_147_483_647;
const DESCRIPTION_MAX = 160;
const NAME_MAX = 255;

interface Detail {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly validator: string;
  readonly validator_value: string | readonly (string | null)[];
}

/** What fails Designate's schema: it names the fields, and then has no message. */
export class InvalidObject extends Fault {
  readonly errors: readonly Detail[];

  constructor(message: string, errors: readonly Detail[] = []) {
    super(400, message, "invalid_object");
    this.errors = errors;
  }
}

const wrong = (why: string) =>
  new InvalidObject(`Provided object is not valid. Got a ValueError error with message ${why}`);
const shown = (value: unknown): string => (typeof value === "string" ? value : python(value));
/** A number is as good as a text that shows it. */
const textOf = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;
const notText = (value: unknown, key: string) =>
  wrong(
    `A string is required in field ${key}, not a ${Array.isArray(value) ? "list" : isJson(value) ? "dict" : "bool"}`,
  );

/** The body, with none but these keys. */
export function bodyOf(request: SandboxRequest, resource: string, keys: readonly string[]): Json {
  if (!/json/.test(request.headers["content-type"] ?? ""))
    throw new Fault(415, "Content-type must be application/json", "unsupported_content_type");
  const { body } = request;
  if (body === undefined || body === null) throw new Fault(400, "Request Body is empty", "empty_request_body");
  if (!isJson(body)) {
    const type = Array.isArray(body) ? "list" : typeof body === "string" ? "str" : "int";
    const why = `Got an AttributeError with message '${type}' object has no attribute 'items'`;
    throw new InvalidObject(`Provided object is not valid. ${why}`);
  }
  const strange = Object.keys(body).filter((key) => !keys.includes(key));
  if (strange.length > 0) {
    const why = `Keys ['${strange.join("', '")}'] are not valid for ${resource}`;
    throw new InvalidObject(`Provided object does not match schema. ${why}`);
  }
  return body;
}

function nameAt(asked: Json, key: string, kind: "Host name" | "Domain"): string | null {
  const given = asked[key];
  if (given === undefined || given === null) return null;
  const value = textOf(given);
  if (value === undefined) throw notText(given, key);
  if (value.length > NAME_MAX) throw wrong(`Value too long for ${key}`);
  const long = value.split(".").find((label) => label.length > 63);
  if (long !== undefined) throw wrong(`Host ${long} is too long`);
  if (!value.endsWith(".")) throw wrong(`${kind} ${value} does not end with a dot`);
  if (!(kind === "Domain" ? DOMAIN_NAME : HOST_NAME).test(value)) throw wrong(`${kind} ${value} is invalid`);
  return value;
}

export const required = (path: Detail["path"], key: string, value: Detail["validator_value"]) =>
  new InvalidObject("", [
    { path, message: `'${key}' is a required property`, validator: "required", validator_value: value },
  ]);

/** Undefined without one; null is a mistake that Designate doesn't foresee. */
export function emailAt(asked: Json): string | undefined {
  const { email } = asked;
  if (email === undefined) return undefined;
  if (email === null) {
    const why = "Got an AttributeError with message 'NoneType' object has no attribute 'count'";
    throw new InvalidObject(`Provided object is not valid. ${why}`);
  }
  if (typeof email !== "string" || !/^[^@\s]+@[^@\s]+$/.test(email)) throw wrong(`${shown(email)} is not an email`);
  return email;
}

export const hostAt = (asked: Json, key: string): string | null => nameAt(asked, key, "Host name");
export const domainAt = (asked: Json, key: string): string | null => nameAt(asked, key, "Domain");

/** As Python's int() reads it. */
export function ttlAt(asked: Json): number | null {
  const value = asked["ttl"];
  if (value === undefined || value === null) return null;
  if (typeof value === "object") {
    const types = "a string, a bytes-like object or a real number";
    const why = `int() argument must be ${types}, not '${Array.isArray(value) ? "list" : "dict"}'`;
    throw new InvalidObject(`Provided object is not valid. Got a TypeError with message ${why}`);
  }
  if (typeof value === "string" && !/^\s*-?\d+\s*$/.test(value))
    throw wrong(`invalid literal for int() with base 10: ${python(value)}`);
  const ttl = Math.trunc(Number(value));
  if (ttl < 0) throw wrong("Value must be >= 0 for field ttl");
  if (ttl > TTL_MAX) throw wrong("Value too high for ttl");
  return ttl;
}

/** Its database holds no more of Unicode than its basic plane. */
const BEYOND = /[\u{10000}-\u{10FFFF}]/u;

export function descriptionAt(asked: Json): string | null {
  const given = asked["description"];
  if (given === undefined || given === null) return null;
  const value = textOf(given);
  if (value === undefined) throw notText(given, "description");
  if (value.length > DESCRIPTION_MAX) throw wrong("Value too long for description");
  if (BEYOND.test(value)) throw new Fault(500, "");
  return value;
}

export function typeAt(asked: Json): string {
  const { type } = asked;
  if (typeof type === "string" && TYPES.includes(type)) return type;
  const message = `'${shown(type)}' is not a valid record type`;
  const value = type === undefined ? null : shown(type);
  throw new InvalidObject("", [{ path: ["recordset", "type"], message, validator: "value", validator_value: [value] }]);
}

const small = (text: string | undefined, most: number): boolean =>
  text !== undefined && /^\d+$/.test(text) && Number(text) <= most;
const PORT_MAX = 65_535;

/** `0 issue example.org`, with no quotes. */
function isCaa(text: string): boolean {
  const [flags, tag = "", ...rest] = text.split(" ");
  const [name = "", ...entries] = rest.join(" ").split(";");
  if (!small(flags, 1)) return false;
  if (tag === "iodef") return /^(mailto:[^@\s]+@|https?:\/\/)[^\s]+$/.test(name);
  return (
    ["issue", "issuewild"].includes(tag) && DOMAIN_NAME.test(`${name}.`) && entries.every((one) => one.includes("="))
  );
}

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  A: isIPv4,
  AAAA: isIPv6,
  CNAME: (text) => DOMAIN_NAME.test(text),
  NS: (text) => DOMAIN_NAME.test(text),
  PTR: (text) => DOMAIN_NAME.test(text),
  MX(text) {
    const [priority, name = "", ...more] = text.split(" ");
    return more.length === 0 && small(priority, PORT_MAX) && DOMAIN_NAME.test(name);
  },
  SRV(text) {
    const [priority, weight, port, target = "", ...more] = text.split(" ");
    const numbers = [priority, weight, port].every((one) => small(one, PORT_MAX));
    return more.length === 0 && numbers && DOMAIN_NAME.test(target);
  },
  CAA: isCaa,
  SOA: (text) => text.split(" ").length === 7,
};

/** Undefined if the body has none; each one once. */
export function recordsAt(asked: Json, type: string): readonly string[] | undefined {
  const { records } = asked;
  if (records === undefined) return undefined;
  if (!Array.isArray(records)) {
    const message = `'${shown(records)}' is not a valid list of records`;
    throw new InvalidObject("", [{ path: ["records"], message, validator: "type", validator_value: ["list"] }]);
  }
  const fits = FORMATS[type] ?? ((text: string) => text !== "");
  const errors = records.flatMap((record: unknown, at): Detail[] => {
    if (typeof record === "string" && fits(record)) return [];
    const message = `'${shown(record)}' is not a '${type}' Record`;
    return [{ path: ["records", at], message, validator: "format", validator_value: [type] }];
  });
  if (errors.length > 0) throw new InvalidObject("", errors);
  return [...new Set(records.filter((record) => typeof record === "string"))];
}
