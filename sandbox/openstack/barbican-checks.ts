import { isJson, type Json, textAt } from "./json.ts";
import { python } from "./nova-schema.ts";
import { Fault, type SandboxRequest } from "./service.ts";

const NAME_MAX = 255;
export const PAYLOAD_MAX = 20_000;
const BODY_MAX = 25_000;
const BITS_MAX = 32_767;
const SECRET_TYPES = ["symmetric", "passphrase", "private", "public", "certificate", "opaque"];
export const TEXTS = ["text/plain", "text/plain;charset=utf-8", "text/plain; charset=utf-8"];
export const BINARIES = ["application/octet-stream", "application/pkcs8"];

export const quoted = (values: readonly string[]): string => `['${values.join("', '")}']`;
export const tooLarge = () => new Fault(413, "Provided information too large to process");
export const mismatch = (schema: string, why: string, property: string) =>
  new Fault(400, `Provided object does not match schema '${schema}': ${why}. Invalid property: '${property}'`);
export const wrongType = (expected: readonly string[]) =>
  new Fault(415, `Unexpected content type. Expected content types are: ${quoted(expected)}`);

/** What Barbican keeps of the times it writes: whole seconds. */
export const timeOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

export function jsonBody(request: SandboxRequest, schema: string): Json {
  if (!/^application\/json/.test(request.headers["content-type"] ?? "")) throw wrongType(["application/json"]);
  const { body } = request;
  if (body === undefined || Buffer.byteLength(JSON.stringify(body)) > BODY_MAX) throw new Fault(400, "Malformed JSON");
  if (!isJson(body)) throw mismatch(schema, `${python(body)} is not of type 'object'`, "None");
  return body;
}

function text(asked: Json, schema: string, key: string, nullable: boolean, most = NAME_MAX): void {
  const value = asked[key];
  if (value === undefined || (nullable && value === null)) return;
  const types = nullable ? "'string', 'null'" : "'string'";
  if (typeof value !== "string") throw mismatch(schema, `${python(value)} is not of type ${types}`, key);
  if (value.length > most) throw mismatch(schema, `${python(value)} is too long`, key);
}

function oneOf(asked: Json, schema: string, key: string, allowed: readonly string[]): void {
  const value = asked[key];
  if (typeof value === "string" && !allowed.includes(value))
    throw mismatch(schema, `${python(value)} is not one of ${quoted(allowed)}`, key);
}

function bits(asked: Json, schema: string): void {
  const value = asked["bit_length"];
  if (value === undefined) return;
  const wrong = (why: string) => mismatch(schema, `${python(value)} is ${why}`, "bit_length");
  if (typeof value !== "number" || !Number.isInteger(value)) throw wrong("not of type 'integer'");
  if (value < 1) throw wrong("less than the minimum of 1");
  if (value > BITS_MAX) throw wrong(`greater than the maximum of ${BITS_MAX}`);
}

/** Null without one. */
function expirationAt(asked: Json, schema: string, nowMs: number): string | null {
  const value = textAt(asked, "expiration")?.trim() ?? "";
  if (value === "") return null;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(value) || !value.includes("T") ? value : `${value}Z`;
  const ms = Date.parse(zoned);
  if (Number.isNaN(ms)) throw mismatch(schema, "Invalid date for 'expiration'", "expiration");
  if (ms <= nowMs) throw mismatch(schema, "'expiration' is before current time", "expiration");
  return timeOf(ms);
}

/** Python's lenient base64: what is no letter of it is skipped, but the padding must be right. */
function isBase64(payload: string): boolean {
  return payload.replace(/[^A-Za-z0-9+/=]/g, "").length % 4 === 0;
}

function content(asked: Json, schema: string): void {
  const type = asked["payload_content_type"] ?? null;
  const encoding = asked["payload_content_encoding"];
  if (type === null) {
    const why = "If 'payload' is supplied, 'payload_content_type' must also be supplied.";
    throw mismatch(schema, why, "payload_content_type");
  }
  const isText = TEXTS.includes(String(type).toLowerCase());
  if (!isText && !BINARIES.includes(String(type).toLowerCase())) {
    const why = `payload_content_type is not one of ${quoted([...TEXTS, ...BINARIES])}`;
    throw mismatch(schema, why, "payload_content_type");
  }
  if (isText ? encoding !== undefined : encoding !== "base64") {
    const why = `payload_content_encoding is not one of ${isText ? "None" : quoted(["base64", "binary"])}`;
    throw mismatch(schema, why, "payload_content_encoding");
  }
}

/** The payload, without the space around it; undefined if there is none. */
function payloadAt(asked: Json, schema: string, inOrder: boolean): string | undefined {
  const raw = textAt(asked, "payload");
  if (raw === undefined) {
    if ("payload_content_type" in asked && !inOrder)
      throw mismatch(schema, "payload must be provided when payload_content_type is specified", "payload");
    return undefined;
  }
  content(asked, schema);
  if (Buffer.byteLength(raw) > PAYLOAD_MAX) throw tooLarge();
  const payload = raw.trim();
  if (payload === "") throw mismatch(schema, "If 'payload' specified, must be non empty", "payload");
  if (asked["payload_content_encoding"] === "base64" && !isBase64(payload))
    throw mismatch(schema, "Invalid payload for payload_content_encoding", "payload");
  return payload;
}

export interface NewSecret {
  readonly name: string | null;
  readonly expiration: string | null;
  readonly payload: string | undefined;
}

/** The fields of a secret, in a body of its own or as an order's `meta`. Others are passed over. */
export function newSecret(asked: Json, nowMs: number, order?: string): NewSecret {
  const schema = order === undefined ? "Secret" : `Secret' within '${order}`;
  text(asked, schema, "name", true);
  text(asked, schema, "algorithm", false);
  text(asked, schema, "mode", false);
  bits(asked, schema);
  text(asked, schema, "expiration", false);
  text(asked, schema, "payload", false, Number.POSITIVE_INFINITY);
  oneOf(asked, schema, "secret_type", SECRET_TYPES);
  text(asked, schema, "payload_content_type", true);
  oneOf(asked, schema, "payload_content_encoding", ["base64"]);
  return {
    name: textAt(asked, "name")?.trim() ?? null,
    expiration: expirationAt(asked, schema, nowMs),
    payload: payloadAt(asked, schema, order !== undefined),
  };
}
