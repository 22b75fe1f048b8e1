import { rangeOf, showRange } from "./ip.ts";
import { isJson, type Json, numberAt, textAt } from "./json.ts";
import { python } from "./nova-schema.ts";
import { invalid } from "./octavia-faults.ts";
import type { Listener, Monitor } from "./octavia-rows.ts";
import { Fault } from "./service.ts";

/*
 * What Octavia's controllers refuse of options that fit their types. Sources: octavia/api/v2/controllers/listener.py, pool.py and
 * health_monitor.py, octavia/common/validate.py.
 */

const HEADERS = ["X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto"];
const SSL = ["Verify", "Has-Cert", "DN", "CN", "Issuer", "SHA1", "Not-Before", "Not-After"].map(
  (end) => `X-SSL-Client-${end}`,
);
const TLS = "TERMINATED_HTTPS";
const DATAGRAMS = ["UDP", "SCTP"];
const UDP_DELAY_MIN = 3;

const notAnOption = (value: string, option: string) => new Fault(400, `${value} is not a valid option for ${option}`);

/** Create calls say a name of Python's own with it. */
function checkHeaders(protocol: string, headers: Json, isNew: boolean): void {
  const names = Object.keys(headers);
  if (protocol !== "HTTP" && protocol !== TLS) throw notAnOption("insert-headers", `a ${protocol} protocol listener.`);
  const shown = python(names);
  if (names.some((name) => !HEADERS.includes(name) && !SSL.includes(name)))
    throw notAnOption(isNew ? `dict_keys(${shown})` : shown, "insert_headers");
  const secure = names.filter((name) => SSL.includes(name));
  if (protocol !== TLS && secure.length > 0) throw notAnOption(python(secure), `${protocol} protocol listener.`);
}

export function checkListener({ protocol }: Pick<Listener, "protocol">, asked: Json, isNew: boolean): void {
  const certified = ["default_tls_container_ref", "client_ca_tls_container_ref"].some((name) => asked[name]);
  const named = certified || (Array.isArray(asked["sni_container_refs"]) && asked["sni_container_refs"].length > 0);
  const headers = asked["insert_headers"];
  const wanted = isJson(headers) && Object.keys(headers).length > 0 ? headers : undefined;
  if (isNew && wanted !== undefined) checkHeaders(protocol, wanted, true);
  if (DATAGRAMS.includes(protocol) && (named || wanted !== undefined))
    throw invalid(`${protocol} protocol listener does not support TLS${isNew ? "" : " or header insertion"}.`);
  if (protocol !== TLS && named)
    throw invalid(`Certificate container references are not allowed on ${protocol} protocol listeners.`);
  const need = "An SNI or default certificate container reference must be provided";
  if (isNew && protocol === TLS && !named) throw invalid(`${need} for ${TLS} protocol listeners.`);
  const authentication = textAt(asked, "client_authentication") ?? "NONE";
  if (authentication !== "NONE" && !asked["client_ca_tls_container_ref"])
    throw invalid(`Client authentication setting ${authentication} requires a client CA container reference.`);
  if (!isNew && wanted !== undefined) checkHeaders(protocol, wanted, false);
}

const NO_PERSISTENCE = { cookie_name: null, persistence_timeout: null, persistence_granularity: null };

export function checkPersistence(protocol: string, asked: Json, isNew: boolean): void {
  const wanted = asked["session_persistence"];
  if (!isJson(wanted)) return;
  const [type, cookie] = [textAt(wanted, "type"), textAt(wanted, "cookie_name") ?? ""];
  const timed = ["persistence_timeout", "persistence_granularity"].some((name) => wanted[name]);
  if (DATAGRAMS.includes(protocol)) checkDatagrams(type, cookie);
  else if (timed) {
    const only = `is only for ${isNew ? "UDP and SCTP" : "UDP"} protocol pools.`;
    throw invalid(`persistence_timeout and persistence_granularity ${only}`);
  }
  if (cookie !== "" && type !== "APP_COOKIE")
    throw invalid('Field "cookie_name" can only be specified with session persistence of type "APP_COOKIE".');
  if (type === "APP_COOKIE" && cookie === "")
    throw invalid('Field "cookie_name" must be specified when using the "APP_COOKIE" session persistence type.');
}

function checkDatagrams(type: string | undefined, cookie: string): void {
  const only = "only accepts: type, persistence_timeout, persistence_granularity.";
  if (type === "SOURCE_IP" && cookie !== "")
    throw invalid(`session_persistence SOURCE_IP type for UDP and SCTP protocols ${only}`);
  if (cookie !== "") throw invalid("Cookie names are not supported for UDP/SCTP pools.");
  if (type === "HTTP_COOKIE" || type === "APP_COOKIE")
    throw invalid(`Session persistence of type ${type} is not supported for UDP/SCTP protocol pools.`);
}

/** Names beside versions; `now` is the monitor that is there. */
export function checkVersion(asked: Json, now?: Monitor): void {
  const version = numberAt(asked, "http_version") ?? numberAt(now?.settings, "http_version");
  const name = textAt(asked, "domain_name") ?? textAt(now?.settings, "domain_name");
  if ((textAt(asked, "domain_name") ?? "") !== "" && version === undefined)
    throw invalid("'http_version' must be specified when 'domain_name' is provided.");
  if (version === undefined || name === undefined || version >= 1.1) return;
  throw notAnOption(`http_version ${version.toFixed(1)}`, "health monitors HTTP 1.1 domain name health check");
}

export function checkDelay(asked: Json): void {
  const delay = numberAt(asked, "delay") ?? UDP_DELAY_MIN;
  if (asked["type"] !== "UDP-CONNECT" || delay >= UDP_DELAY_MIN) return;
  const least = `should be larger than ${UDP_DELAY_MIN} for UDP-CONNECT health monitor type.`;
  throw invalid(`The request delay value ${delay} ${least}`);
}

/** A setting as it is kept: whole, and in the form that Octavia makes of it. */
export function kept(name: string, value: unknown, now?: unknown): unknown {
  if (name === "session_persistence" && isJson(value)) {
    const type = textAt(now, "type");
    return { ...(type === undefined ? {} : { type }), ...NO_PERSISTENCE, ...value };
  }
  if (name !== "allowed_cidrs" || !Array.isArray(value)) return value;
  return value.map((cidr) => {
    const range = rangeOf(String(cidr));
    return range === undefined ? cidr : showRange(range);
  });
}
