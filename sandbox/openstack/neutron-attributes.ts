import { isAdmin } from "./core.ts";
import { addressOf } from "./ip.ts";
import { isJson, type Json } from "./json.ts";
import { Fault, type SandboxRequest } from "./service.ts";

/** Why Neutron doesn't take a value; undefined if it does. */
type Check = (value: unknown) => string | undefined;

/** A field of a resource, as in Neutron's own attribute maps: who may name it when, and what it may be. */
export interface Attribute {
  readonly post?: boolean | "required";
  readonly put?: boolean;
  /** Anything but false is for admins; with `put` only what it is changed to. */
  readonly admin?: boolean | "put";
  readonly check?: Check;
}

export type Attributes = Readonly<Record<string, Attribute>>;

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

export const bad = (message: string, type = "HTTPBadRequest") => new Fault(400, message, type);

/** Of a value that Neutron can't convert to what it needs, which it notices before it checks it. */
export const invalid = (why: string) => bad(`Invalid input for operation: ${why}`, "InvalidInput");

export const text =
  (most = 255): Check =>
  (value) => {
    if (typeof value !== "string") return `'${value ?? "None"}' is not a valid string.`;
    return value.length > most ? `'${value}' exceeds maximum length of ${most}.` : undefined;
  };
export const uuid: Check = (value) =>
  typeof value === "string" && UUID.test(value) ? undefined : `'${value}' is not a valid UUID.`;
export const uuidOrNull: Check = (value) => (value === null ? undefined : uuid(value));
export const uuids: Check = (value) =>
  Array.isArray(value) ? value.map(uuid).find((why) => why !== undefined) : `'${value}' is not a list.`;
export const address: Check = (value) =>
  typeof value === "string" && (addressOf(value) !== undefined || value.includes(":"))
    ? undefined
    : `'${value}' is not a valid IP address.`;
export const addressOrNull: Check = (value) => (value === null ? undefined : address(value));
export const nameservers: Check = (value) => {
  if (value === null) return undefined;
  if (!Array.isArray(value)) return `'${value}' is not a list.`;
  for (const [at, one] of value.entries()) {
    const why = address(one);
    if (why !== undefined) return `'${one}' is not a valid nameserver. ${why}`;
    if (value.indexOf(one) < at) return `Duplicate nameserver '${one}'.`;
  }
  return undefined;
};
export const fixedIps: Check = (value) => {
  if (!Array.isArray(value)) return `Invalid data format for fixed IP: '${value}'.`;
  const seen: unknown[] = [];
  for (const one of value) {
    if (!isJson(one)) return `Invalid data format for fixed IP: '${one}'.`;
    if ("ip_address" in one && seen.includes(one["ip_address"])) return `Duplicate IP address '${one["ip_address"]}'.`;
    seen.push(one["ip_address"]);
    const why =
      ("subnet_id" in one ? uuid(one["subnet_id"]) : undefined) ??
      ("ip_address" in one ? address(one["ip_address"]) : undefined);
    if (why !== undefined) return why;
  }
  return undefined;
};
export const dnsName: Check = (value) => {
  const wrong = String(value ?? "")
    .split(".")
    .find((label) => label !== "" && !LABEL.test(label));
  if (wrong === undefined) return undefined;
  const form = "must be 1-63 characters long, each of which can only be alphanumeric or a hyphen.";
  return `'${value}' not a valid PQDN or FQDN. Reason: Name '${wrong}' ${form}`;
};
/** As oslo.utils reads one. */
export const flag: Check = (value) => {
  if (/^(true|false|1|0|t|f|yes|no|y|n|on|off)$/i.test(String(value))) return undefined;
  throw invalid(`'${value}' cannot be converted to boolean.`);
};
/** A flag as it is asked for; undefined where it is not. */
export function isOn(asked: Json, name: string): boolean | undefined {
  return name in asked ? /^(true|1|t|yes|y|on)$/i.test(String(asked[name])) : undefined;
}
export const size: Check = (value) => {
  if (!/^[+-]?\d+$/.test(String(value))) throw invalid(`'${value}' is not an integer.`);
  return Number(value) < 0 ? `'${value}' should be non-negative.` : undefined;
};
export const mac: Check = (value) =>
  /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(String(value)) ? undefined : `'${value}' is not a valid MAC address.`;
export const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value) ? undefined : `${value} is not in valid_values.`;

const made = (check: Check | undefined): Pick<Attribute, "check"> => (check === undefined ? {} : { check });
/** In answers only. */
export const shown: Attribute = {};
/** When it is made and later. */
export const both = (check?: Check): Attribute => ({ post: true, put: true, ...made(check) });
/** When it is made. */
export const once = (check?: Check): Attribute => ({ post: true, ...made(check) });
export const required = (check?: Check): Attribute => ({ post: "required", ...made(check) });

/** What all resources have. */
const COMMON: Attributes = {
  id: shown,
  tenant_id: once(),
  project_id: once(),
  description: both(text()),
  status: shown,
  // Taken, and without effect.
  tags: once(),
  created_at: shown,
  updated_at: shown,
  revision_number: shown,
};

export const withCommon = (attributes: Attributes): Attributes => ({ ...COMMON, ...attributes });

function checkValues(attributes: Attributes, asked: Json): void {
  for (const [name, value] of Object.entries(asked)) {
    const why = attributes[name]?.check?.(value);
    if (why !== undefined) throw bad(`Invalid input for ${name}. Reason: ${why}`);
  }
}

const known = (attributes: Attributes, asked: Json) => {
  const strange = Object.keys(asked).filter((name) => !Object.hasOwn(attributes, name));
  if (strange.length > 0) throw bad(`Unrecognized attribute(s) '${strange.join(", ")}'`);
};

/** In Neutron's order: whose it is, what there is no such field for, what is missing, and only then the values. */
export function checkCreate(request: SandboxRequest, attributes: Attributes, one: string, asked: Json): Json {
  const owner = asked["project_id"] ?? asked["tenant_id"] ?? request.project;
  if (owner !== request.project && !isAdmin(request)) {
    const who = "other than the authenticated project in request requires admin or advsvc privileges";
    throw bad(`Specifying 'project_id' or 'tenant_id' ${who}`);
  }
  known(attributes, asked);
  for (const [name, { post }] of Object.entries(attributes)) {
    if (post === "required" && !(name in asked))
      throw bad(`Failed to parse request. Required attribute '${name}' not specified`);
    if (post === undefined && name in asked) throw bad(`Attribute '${name}' not allowed in POST`);
  }
  checkValues(attributes, asked);
  for (const [name, { admin }] of Object.entries(attributes))
    if (admin === true && (asked[name] ?? false) !== false && !isAdmin(request)) throw reserved("create", one, name);
  return asked;
}

export function checkUpdate(request: SandboxRequest, attributes: Attributes, one: string, asked: Json): Json {
  known(attributes, asked);
  for (const name of Object.keys(asked))
    if (attributes[name]?.put !== true) throw bad(`Cannot update read-only attribute ${name}`);
  checkValues(attributes, asked);
  const guarded = Object.keys(asked).find((name) => attributes[name]?.admin !== undefined);
  if (guarded !== undefined && !isAdmin(request)) throw reserved("update", one, guarded);
  return asked;
}

const reserved = (verb: string, one: string, name: string) =>
  new Fault(
    403,
    `(rule:${verb}_${one} and rule:${verb}_${one}:${name}) is disallowed by policy`,
    "PolicyNotAuthorized",
  );
