import type { Silence } from "./breaker.ts";
import { type ErrorDetail, OpenStackError, type ServiceType, type Trouble } from "./errors.ts";
import type { HttpResponse } from "./send.ts";

const FAULT_LENGTH = 300;
/** Longer than what any service or proxy says of an error. What is behind is not looked at. */
const SAID_LENGTH = 65_536;
const SECRET_FIELD = /^(secret|payload|password|adminpass|user_data|token)$/i;
const FERNET = /\bgAAAA[\w=-]{20,}/g;
/** Nova, Octavia and Barbican answer 403 for a full quota, Neutron 409; only their words tell it from a refusal. */
const QUOTA_WORDS =
  /quota[^.]*\b(exceeded|reached|met|full)\b|exceed[^.]*\b(quota|limit)|\bmaximum of \d+ already exceeded/i;
/** Said before a request is acted on: by a limit, by a proxy without a server, by the token's check without Keystone. */
const TURNED_AWAY: ReadonlySet<unknown> = new Set([429, 503]);
/** No connection was made, so nothing was sent. */
const NOT_SENT: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);
const POLICY_WORDS = /policy (does not|doesn't) allow|disallowed by policy/i;

export interface Asked {
  readonly service: ServiceType;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** `{errors: {errors: [{path, message}]}}`, Designate's list of what is wrong with a request. */
function designateErrors(value: unknown): string {
  const list = isRecord(value) && isRecord(value["errors"]) ? value["errors"]["errors"] : undefined;
  if (!Array.isArray(list)) return "";
  const said = list.filter(isRecord).map((one) => {
    const path = Array.isArray(one["path"]) ? one["path"].join(".") : "";
    return `${path} ${String(one["message"] ?? "")}`.trim();
  });
  return said.length === 0 ? "" : `: ${said.join("; ")}`;
}

/**
 * The service's own sentence, whatever its shape: keystone `error.message`, neutron `NeutronError.message`, octavia
 * `faultstring`, designate `message` and `errors`, barbican `description`, nova and manila `{<fault name>: {message}}`.
 */
function words(body: string): string {
  const value = parsed(body);
  if (!isRecord(value)) return typeof value === "string" ? value : body;
  for (const field of ["faultstring", "description", "message", "NeutronError", "error"]) {
    if (typeof value[field] === "string" && value[field] !== "") return `${value[field]}${designateErrors(value)}`;
  }
  const nested = Object.values(value).find((one) => isRecord(one) && typeof one["message"] === "string");
  if (isRecord(nested)) return String(nested["message"]);
  return String(value["type"] ?? body) + designateErrors(value);
}

function secretsOf(value: unknown, secret = false): string[] {
  if (typeof value === "string") return secret && value.length >= 4 ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((one) => secretsOf(one, secret));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => secretsOf(one, SECRET_FIELD.test(key)));
}

/**
 * A page's words without its tags and headings, in a time that grows with its length alone: one that never closes what it
 * opens must not hold up all that this process does for others.
 */
function withoutMarkup(text: string): string {
  const closed = text.split(/<\/(?:style|script|title|h1)>/i);
  const rest = closed.pop() ?? "";
  const read = closed.map((part) => part.replace(/<(?:style|script|title|h1)[\s\S]*$/i, ""));
  return [...read, rest].join(" ").replace(/<[^<>]*>/g, " ");
}

/** One line without markup, at most 300 characters, with what we sent in secret fields blotted out: services quote it. */
export function faultOf(body: string, sent?: unknown): string {
  let text = words(body);
  for (const secret of typeof sent === "string" ? secretsOf(sent, true) : secretsOf(sent))
    text = text.replaceAll(secret, "***");
  const line = withoutMarkup(text.slice(0, SAID_LENGTH).replace(FERNET, "***")).replace(/\s+/g, " ").trim();
  return line.length > FAULT_LENGTH ? `${line.slice(0, FAULT_LENGTH - 1)}…` : line;
}

/** What a status code and the service's words mean for the caller. The only place that decides it. */
function troubleOf(status: number, fault: string, body = ""): Trouble {
  const full = (QUOTA_WORDS.test(fault) || /"OverQuota"|"over_quota"/.test(body)) && !POLICY_WORDS.test(fault);
  if (status === 413 || ((status === 403 || status === 409) && full)) return "quota";
  if (status === 401 || status === 403) return "denied";
  if (status === 404 || status === 410) return "missing";
  if (status === 409 || status === 423) return "conflict";
  if (status === 300) return "ambiguous";
  if (status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status !== 505))
    return "retry";
  return "invalid";
}

/** Seconds of a Retry-After header: a number or an HTTP date. Source: RFC 9110 section 10.2.3. */
export function retryAfterSeconds(response: HttpResponse, nowMs: number): number | undefined {
  const value = response.headers["retry-after"]?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - nowMs) / 1000));
}

export const requestIdOf = (response: HttpResponse): string | undefined =>
  response.headers["x-openstack-request-id"] ?? response.headers["x-compute-request-id"];

/** Other methods are sent again by themselves, and an earlier try may have been heard. */
const unheard = ({ method }: Asked, why: boolean): Pick<ErrorDetail, "unheard"> =>
  why && (method === "POST" || method === "PATCH") ? { unheard: true } : {};

type Detail = { -readonly [K in keyof ErrorDetail]: ErrorDetail[K] };

/** The error of an answer that is not a success. */
export function refused(asked: Asked, response: HttpResponse, nowMs: number): OpenStackError {
  const fault = faultOf(response.body, asked.body) || "no reason given";
  const detail: Detail = {
    service: asked.service,
    method: asked.method,
    path: asked.path,
    status: response.status,
    fault,
    trouble: troubleOf(response.status, fault, response.body),
    ...unheard(asked, TURNED_AWAY.has(response.status)),
  };
  const requestId = requestIdOf(response);
  const retryAfter = retryAfterSeconds(response, nowMs);
  if (requestId !== undefined) detail.requestId = requestId;
  if (retryAfter !== undefined) detail.retryAfterSeconds = retryAfter;
  return new OpenStackError(detail);
}

/** No answer came: what the request did by then is unknown, unless it was never sent. */
export function unanswered(asked: Asked, cause: unknown): OpenStackError {
  const { service, method, path } = asked;
  const fault = `no answer from the service (${isRecord(cause) ? String(cause["message"]) : String(cause)})`;
  const sent = unheard(asked, isRecord(cause) && NOT_SENT.has(cause["code"]));
  return new OpenStackError({ service, method, path, fault, trouble: "retry", ...sent, cause });
}

/** It was not sent. What the service said last is said again, so that nobody is told of a second trouble. */
export function notAsked(asked: Asked, { fault, silentSeconds, nextSeconds }: Silence): OpenStackError {
  const { service, method, path } = asked;
  const silence = { silentSeconds, retryAfterSeconds: nextSeconds, ...unheard(asked, true) };
  return new OpenStackError({ service, method, path, fault, trouble: "retry", ...silence });
}

/** An answer or a request that can never be right. `said` may name what is in the answer. */
export function impossible({ service, method, path }: Asked, said: string, response?: HttpResponse): OpenStackError {
  const fault = said.slice(0, FAULT_LENGTH);
  const requestId = response === undefined ? undefined : requestIdOf(response);
  return new OpenStackError({
    service,
    method,
    path,
    fault,
    trouble: "invalid",
    ...(response === undefined ? {} : { status: response.status }),
    ...(requestId === undefined ? {} : { requestId }),
  });
}
