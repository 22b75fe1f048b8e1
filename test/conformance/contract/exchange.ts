import { mustLocate } from "../../../shared/openstack/catalog.ts";
import type { CloudSettings } from "../../../shared/openstack/clouds.ts";
import type { ServiceType } from "../../../shared/openstack/errors.ts";
import { rest } from "../../../shared/openstack/rest.ts";
import type { HttpResponse, Runtime } from "../../../shared/openstack/send.ts";
import { session } from "../../../shared/openstack/session.ts";
import { microversionHeaders } from "../../../shared/openstack/versions.ts";
import type { Placeholders } from "./placeholders.ts";

/** One question and its answer as they went over the wire, with placeholders for what no two runs share. */
export interface Exchange {
  /** `network POST /networks` */
  readonly ask: string;
  readonly status: number;
  readonly location?: string;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Of what the answer shows: `{network: {id}}`, `{id}`, or the end of a ref. Empty if it shows nothing of the kind. */
  readonly id: string;
}

export interface How {
  /** Sent as they are; an empty `x-auth-token` asks without a token. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly microversion?: string;
  /** What is recorded of the body, where a cloud shows more than its API promises. */
  readonly show?: (body: unknown) => unknown;
  /** Looks again until this is so, and records the last look alone. */
  readonly until?: (answer: Answer) => boolean;
}

/** `POST /networks`, with a body. */
export type Ask = (call: string, body?: unknown, how?: How) => Promise<Answer>;

const TIMEOUT_MS = 60_000;
const POLL_MS = 300;
const LOOKS_MAX = 400;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

function idsIn(body: unknown): readonly string[] {
  if (!isRecord(body)) return [];
  const ref = body["secret_ref"] ?? body["order_ref"];
  if (typeof ref === "string") return [ref.slice(ref.lastIndexOf("/") + 1)];
  if (typeof body["id"] === "string") return [body["id"]];
  const values = Object.values(body).flatMap((value): readonly unknown[] => (Array.isArray(value) ? value : [value]));
  return values.flatMap((value) => (isRecord(value) && typeof value["id"] === "string" ? [value["id"]] : []));
}

/** The access rules that a credential leaves behind. */
function rulesOf(path: string, body: unknown): readonly string[] {
  const credential = isRecord(body) ? body["application_credential"] : undefined;
  const rules = isRecord(credential) && Array.isArray(credential["access_rules"]) ? credential["access_rules"] : [];
  return rules.map(({ id }) => `${path.replace(/application_credentials$/, "access_rules")}/${id}`);
}

/**
 * What a successful POST has made, so that it can be taken away again. What hangs on a load balancer goes with it: OVN's
 * driver may leave a pool in PENDING_UPDATE for good when its monitor is deleted a second time before it is gone.
 */
function madeBy(method: string, path: string, answer: Answer): readonly string[] {
  const apart = /\/(action|metadata|tokens)$|^\/lbaas\/(?!loadbalancers$)/;
  if (method !== "POST" || answer.status >= 300 || apart.test(path)) return [];
  const paths = idsIn(answer.body).map(
    (id) => `${path}/${id}${path === "/lbaas/loadbalancers" ? "?cascade=true" : ""}`,
  );
  return path.endsWith("/application_credentials") ? [...paths, ...rulesOf(path, answer.body)] : paths;
}

/** What the wire says to one login, with nothing of the client between but the token and the URL. */
export function wire(settings: CloudSettings, runtime: Runtime) {
  const login = session(settings, runtime);
  const prefixes = new Map<ServiceType, Promise<string>>();
  const rootOf = async (service: ServiceType) => {
    const prefix = prefixes.get(service) ?? rest(service, settings, login, runtime).prefix();
    prefixes.set(service, prefix);
    const { catalog } = await login.token();
    return new URL(mustLocate(catalog, service, settings).url).origin + (await prefix);
  };
  return {
    scope: async () => (await login.token()).scope,
    prefix: async (service: ServiceType) => new URL(await rootOf(service)).pathname,
    async send(service: ServiceType, call: string, body?: unknown, how: How = {}): Promise<HttpResponse> {
      const [method = "", path = ""] = call.split(" ");
      const { id } = await login.token();
      const request = {
        method,
        url: (await rootOf(service)) + path,
        headers: {
          accept: "application/json",
          "x-auth-token": id,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(how.microversion === undefined ? {} : microversionHeaders(service, how.microversion)),
          ...how.headers,
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        timeoutMs: TIMEOUT_MS,
      };
      // A connection that was kept open may be closed just as it is used again: then nobody has read the request.
      return runtime.send(request).catch((error: unknown) => {
        if (!/other side closed/.test(String(error))) throw error;
        return runtime.send(request);
      });
    },
  };
}

/** The exchanges of one login, written into `transcript`; `undo` takes away what they made, the newest first. */
export function asker(settings: CloudSettings, runtime: Runtime, transcript: Exchange[], write: Placeholders) {
  const line = wire(settings, runtime);
  const made: (() => Promise<void>)[] = [];

  async function once(service: ServiceType, call: string, body: unknown, how: How) {
    const response = await line.send(service, call, body, how);
    const json = response.body === "" ? undefined : jsonOf(response.body);
    const answer: Answer = { status: response.status, body: json, id: idsIn(json)[0] ?? "" };
    return { response, answer };
  }

  /** Asks for it to be deleted until it is no longer there. */
  const remove = (service: ServiceType, path: string, how: How) => async () => {
    for (let tries = 0; tries < LOOKS_MAX; tries += 1) {
      const { status } = await line.send(service, `DELETE ${path}`, undefined, how);
      // A rule that another credential shares stays.
      if (status === 404 || (status === 403 && path.includes("/access_rules/"))) return;
      await runtime.wait(POLL_MS);
    }
    throw new Error(`${service} DELETE ${path}: it does not go away`);
  };

  const at =
    (service: ServiceType, always: How = {}): Ask =>
    async (call, body, how = {}) => {
      const all = { ...always, ...how };
      let { response, answer } = await once(service, call, body, all);
      for (let looks = 0; how.until !== undefined && !how.until(answer); looks += 1) {
        if (looks === LOOKS_MAX) throw new Error(`${service} ${call}: waited too long`);
        await runtime.wait(POLL_MS);
        ({ response, answer } = await once(service, call, body, all));
      }
      const [method = "", target = ""] = call.split(" ");
      const path = target.replace(/\?.*/, "");
      made.unshift(...madeBy(method, path, answer).map((one) => remove(service, one, always)));
      const location = response.headers["location"];
      transcript.push({
        ask: `${service} ${write.text(call)}`,
        status: answer.status,
        ...(location === undefined ? {} : { location: write.text(location) }),
        ...(answer.body === undefined ? {} : { body: write.value(all.show?.(answer.body) ?? answer.body) }),
      });
      return answer;
    };

  return {
    at,
    scope: line.scope,
    prefix: line.prefix,
    /** Has `undo` do this too, before what was made earlier. */
    undoing: (act: () => Promise<unknown>) => void made.unshift(async () => void (await act())),
    async undo() {
      for (const one of made.splice(0)) await one();
    },
  };
}
