import { isJson, type Json, jsonAt, textAt } from "./json.ts";
import { all, array, atMost, notEmpty, object, oneOf, rule, type Schema, string } from "./nova-schema.ts";
import { Fault, type SandboxRequest } from "./service.ts";

const MALFORMED = [
  "The server could not comply with the request since it is either malformed or otherwise incorrect.",
  "The client is assumed to be in error.",
].join(" ");
const METHODS = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"];
const NAME_MAX = 255;
const RULE_PATH_MAX = 128;
/** In UTC: no offset but Z. */
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?$/;

export const malformed = (why: string) => new Fault(400, `${why} ${MALFORMED}`);
export const expecting = (what: string, where: string) => malformed(`Expecting to find ${what} in ${where}.`);
export const forbidden = (action: string) =>
  new Fault(403, `You are not authorized to perform the requested action: ${action}.`);

/** What a login is made of. The real text goes on with the whole of the schema. */
export function authOf(request: SandboxRequest): Json {
  const { body } = request;
  if (body === undefined) throw expecting("auth", "request body");
  if (!/json/.test(request.headers["content-type"] ?? "json"))
    throw expecting("application/json", "Content-Type header");
  if (!isJson(body)) throw expecting("valid JSON", "request body");
  const auth = jsonAt(body, "auth");
  if (auth === undefined) throw expecting("auth", "request body");
  const identity = jsonAt(auth, "identity");
  if (identity === undefined) throw new Fault(400, "'identity' is a required property");
  if (!Array.isArray(identity["methods"]))
    throw new Fault(400, "Invalid input for field 'identity': 'methods' is a required property");
  return auth;
}

const nullable = (type: string, article = type): Schema =>
  rule((value) => value === null || typeof value === type, `is not of type '${article}', 'null'`);
const referenced: Schema = rule(
  (value) => isJson(value) && Object.keys(value).length > 0,
  "does not have enough properties",
);

const ACCESS_RULE = object(
  {
    id: string,
    service: string,
    method: oneOf(METHODS),
    path: all(
      string,
      rule((value) => String(value).startsWith("/"), "does not match '^/\\\\.*'"),
    ),
  },
  [],
  true,
);

const CREDENTIAL = object(
  {
    name: all(string, notEmpty, atMost(NAME_MAX)),
    description: nullable("string"),
    secret: nullable("string"),
    expires_at: nullable("string"),
    unrestricted: nullable("boolean"),
    roles: array(all(object({}, [], true), referenced)),
    access_rules: array(ACCESS_RULE),
  },
  ["name"],
);

/** The fields of a new application credential. */
export function credentialOf(request: SandboxRequest): Json {
  object({ application_credential: CREDENTIAL }, ["application_credential"])(request.body);
  return jsonAt(request.body, "application_credential") ?? {};
}

/** What is wrong with a rule only shows when it is stored; a field that is missing is a mistake of Keystone's own. */
export function checkRule(asked: unknown): void {
  const strange = Object.keys(isJson(asked) ? asked : {}).find((key) => !["service", "method", "path"].includes(key));
  if (strange !== undefined) throw new Fault(400, `'${strange}' is an invalid keyword argument for AccessRuleModel`);
  const [service, method, path] = ["service", "method", "path"].map((key) => textAt(asked, key));
  if (service === undefined || method === undefined || path === undefined)
    throw new Fault(500, "An unexpected error prevented the server from fulfilling your request.");
  if (path.length <= RULE_PATH_MAX) return;
  const limit = `exceeds the limit of column path(CHAR(${RULE_PATH_MAX}))`;
  throw new Fault(400, `String length exceeded. The length of string '${path}' ${limit}.`);
}

/** Undefined: it never expires. */
export function expiryOf(asked: Json, nowMs: number): number | undefined {
  const text = textAt(asked, "expires_at");
  if (text === undefined) return undefined;
  const ms = TIME.test(text) ? Date.parse(text.endsWith("Z") ? text : `${text}Z`) : Number.NaN;
  if (Number.isNaN(ms)) throw malformed("Timestamp not in expected format.");
  if (ms <= nowMs) throw malformed("The 'expires_at' must not be before now.");
  return ms;
}
