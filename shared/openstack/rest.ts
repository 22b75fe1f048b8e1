import * as z from "zod";
import { mustLocate } from "./catalog.ts";
import type { CloudSettings } from "./clouds.ts";
import type { Call, Endpoint } from "./endpoint.ts";
import type { ServiceType } from "./errors.ts";
import { everyPage, searchOf } from "./pages.ts";
import { exchange, isRepeatable } from "./retry.ts";
import type { HttpRequest, HttpResponse, Runtime } from "./send.ts";
import type { Session } from "./session.ts";
import { type Asked, impossible, refused } from "./trouble.ts";
import {
  compareVersions,
  maximumOf,
  microversionHeaders,
  newestOf,
  segmentOf,
  takeApart,
  versionsOf,
} from "./versions.ts";

const TIMEOUT_MS = 30_000;

interface Root {
  /** In front of the version: where the document of all versions is. */
  readonly base: string;
  /** Without a trailing slash: `http://10.0.0.1:9696/v2.0`. */
  readonly url: string;
  /** The same without a project id behind the version: where the version document is. */
  readonly versionUrl: string;
  readonly segment: string;
}

type Plain = Omit<Call<unknown>, "answer" | "query">;

/** Kept once it succeeded; asked together means asked once. */
function once<T>(get: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () => {
    kept ??= get().catch((error: unknown) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}

/** Where an answer differs from what was expected: `servers.0.id: Invalid input: expected string`. */
function parseAnswer<T>(schema: z.ZodType<T>, value: unknown, asked: Asked, response: HttpResponse): T {
  const answer = schema.safeParse(value);
  if (answer.success) return answer.data;
  const issue = answer.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "its top level" : issue.path.join(".");
  throw impossible(
    asked,
    `the answer has an unexpected shape at ${where}: ${issue?.message ?? "unreadable"}`,
    response,
  );
}

const lists = new WeakMap<z.ZodType, Map<string, z.ZodType>>();

/** `{ servers: [item, …] }`; made once for each key and item, because making a schema costs more than using it. */
function listOf<T>(key: string, item: z.ZodType<T>): z.ZodType<Readonly<Record<string, readonly T[]>>> {
  const ofItem = lists.get(item) ?? new Map<string, z.ZodType>();
  const made = ofItem.get(key) ?? z.object({ [key]: z.array(item) });
  lists.set(item, ofItem.set(key, made));
  return made as z.ZodType<Readonly<Record<string, readonly T[]>>>;
}

function jsonOf(response: HttpResponse, asked: Asked): unknown {
  if (response.body.trim() === "") return undefined;
  try {
    return JSON.parse(response.body);
  } catch {
    throw impossible(asked, "the answer is not JSON", response);
  }
}

/** The part that knows the token: one request to this service, with the renewal after a 401. */
function sender(service: ServiceType, session: Session, runtime: Runtime) {
  return async (call: Plain, base: string, path: string, microversion: string | undefined): Promise<HttpResponse> => {
    const asked: Asked = { service, method: call.method, path, body: call.body };
    const raw = typeof call.body === "string";
    let token = await session.token();
    for (let renewed = false; ; renewed = true) {
      const request: HttpRequest = {
        method: call.method,
        url: base + path,
        headers: {
          accept: "application/json",
          ...(call.body === undefined || raw ? {} : { "content-type": "application/json" }),
          ...(microversion === undefined ? {} : microversionHeaders(service, microversion)),
          ...call.headers,
          "x-auth-token": token.id,
        },
        ...(call.body === undefined ? {} : { body: raw ? String(call.body) : JSON.stringify(call.body) }),
        timeoutMs: TIMEOUT_MS,
      };
      const response = await exchange(runtime, asked, request, isRepeatable(call.method));
      if (response.status >= 200 && response.status < 300) return response;
      // A 401 comes from the token's check, before the service looks at the request: even a POST was not executed.
      if (response.status !== 401 || renewed) throw refused(asked, response, runtime.nowMs());
      token = await session.renew(token);
    }
  };
}

/** Version documents are public by agreement; the token goes along only where a service asks for it. */
function discovery(service: ServiceType, session: Session, runtime: Runtime) {
  return async (url: string) => {
    const asked: Asked = { service, method: "GET", path: "/" };
    const request = { method: "GET", url, headers: { accept: "application/json" }, timeoutMs: TIMEOUT_MS };
    let response = await exchange(runtime, asked, request, true);
    if (response.status === 401) {
      const headers = { ...request.headers, "x-auth-token": (await session.token()).id };
      response = await exchange(runtime, asked, { ...request, headers }, true);
    }
    if (response.status >= 500 || response.status === 429) throw refused(asked, response, runtime.nowMs());
    return response.status === 200 || response.status === 300 ? versionsOf(response.body) : [];
  };
}

/**
 * One service of the session's cloud. Nothing is asked before the first call; what the catalog and the version document
 * say is kept.
 */
export function rest(service: ServiceType, settings: CloudSettings, session: Session, runtime: Runtime): Endpoint {
  const send = sender(service, session, runtime);
  const discover = discovery(service, session, runtime);

  const root = once<Root>(async () => {
    const { catalog } = await session.token();
    const { base, segment, rest: project } = takeApart(service, mustLocate(catalog, service, settings).url);
    const found = segment ?? segmentOf(service, await discover(`${base}/`));
    return { base, url: `${base}/${found}${project}`, versionUrl: `${base}/${found}`, segment: found };
  });

  /** Nothing where a proxy keeps the document from us: then the service itself has to say what it does not speak. */
  const documented = once(async () => discover(`${(await root()).versionUrl}/`));
  const has = service === "compute" || service === "shared-file-system";
  const maxMicroversion = async () => (has ? maximumOf((await root()).segment, await documented()) : undefined);

  async function checkMicroversion(call: Plain): Promise<void> {
    if (call.microversion === undefined) return;
    const maximum = await maxMicroversion();
    // Nova's /v2 takes the header for nothing and leaves out what it does not know: a server without its tags.
    const judges = service === "shared-file-system" || (await root()).segment === "v2.1";
    if (judges && (await documented()).length === 0) return;
    if (maximum !== undefined && compareVersions(call.microversion, maximum) <= 0) return;
    const speaks = maximum === undefined ? "speaks no microversions" : `speaks microversions up to ${maximum}`;
    const fault = `this cloud's ${service} service ${speaks}, and this call needs ${call.microversion}`;
    throw impossible({ service, method: call.method, path: call.path }, fault);
  }

  async function answerTo(call: Plain, search: string): Promise<HttpResponse> {
    const { url } = await root();
    await checkMicroversion(call);
    return send(call, url, call.path + search, call.microversion);
  }

  return {
    service,
    maxMicroversion,
    newestVersion: async () => newestOf(service, await discover(`${(await root()).base}/`)),
    async call(call) {
      const search = searchOf(call.query);
      const response = await answerTo(call, search);
      const asked = { service, method: call.method, path: call.path + search };
      return parseAnswer(call.answer, jsonOf(response, asked), asked, response);
    },
    async text(call) {
      return (await answerTo(call, searchOf(call.query))).body;
    },
    async all({ path, key, query, item, ...how }) {
      const page = listOf(key, item);
      const ask = async (search: string) => {
        const response = await answerTo({ method: "GET", path, ...how }, search);
        const asked = { service, method: "GET", path: path + search };
        const document = jsonOf(response, asked);
        return { body: response.body, document, items: parseAnswer(page, document, asked, response)[key] ?? [] };
      };
      return everyPage(service, key, query, ask, (fault) => impossible({ service, method: "GET", path }, fault));
    },
    async prefix() {
      return new URL((await root()).url).pathname.replace(/\/+$/, "");
    },
    url: async () => (await root()).url,
  };
}
