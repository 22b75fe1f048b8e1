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
  /** Anything but false is for admins. */
  readonly admin?: boolean;
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
  if (!Array.isArray(value)) return `'${value}' is not a list.`;
  const wrong = value.find((one) => address(one) !== undefined);
  return wrong === undefined ? undefined : `'${wrong}' is not a valid nameserver. ${address(wrong)}`;
};
export const fixedIps: Check = (value) => {
  if (!Array.isArray(value)) return `Invalid data format for fixed IP: '${value}'.`;
  for (const one of value) {
    if (!isJson(one)) return `Invalid data format for fixed IP: '${one}'.`;
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
    if (admin === true && (asked[name] ?? false) !== false && !isAdmin(request)) {
      const rules = `(rule:create_${one} and rule:create_${one}:${name})`;
      throw new Fault(403, `${rules} is disallowed by policy`, "PolicyNotAuthorized");
    }
  return asked;
}

export function checkUpdate(attributes: Attributes, asked: Json): Json {
  known(attributes, asked);
  for (const name of Object.keys(asked))
    if (attributes[name]?.put !== true) throw bad(`Cannot update read-only attribute ${name}`);
  checkValues(attributes, asked);
  return asked;
}
