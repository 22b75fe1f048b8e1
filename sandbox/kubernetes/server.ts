import { numberAt } from "../openstack/json.ts";
import { bodyOf } from "./decode.ts";
import { discovery } from "./discovery.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import type { Obj } from "./object.ts";
import { openapi } from "./openapi.ts";
import { fromProtobuf } from "./protobuf.ts";
import { ANONYMOUS, may, refuse, refusePath } from "./rbac.ts";
import { get, list, watch } from "./read.ts";
import { evict, removeAll, removeOne } from "./remove.ts";
import type { ApiRequest, Call, Reply } from "./request.ts";
import { reviews } from "./reviews.ts";
import { ApiError, badRequest, noMethod, noSuchPath, notFound, statusBody, unauthorized } from "./status.ts";
import type { Store } from "./store.ts";
import { create, patch, update, type Write } from "./write.ts";

export interface Serving {
  readonly store: Store;
  nowMs(): number;
  readonly serviceCidr: string;
  /** `v1.36.1` */
  readonly gitVersion: string;
  readonly token: (length: number) => string;
  /** Names of checks that fail now; none is healthy. */
  failing(): readonly string[];
}

const CHECKS = ["ping", "log", "etcd", "kms-providers", "poststarthook/rbac/bootstrap-roles", "informer-sync"];

const HEALTH = /^\/(livez|readyz|healthz)$/;

/** `/livez`, `/readyz`, `/healthz`, as text. */
function health(path: string, query: URLSearchParams, failing: readonly string[]): Reply | undefined {
  const name = HEALTH.exec(path)?.[1];
  if (name === undefined) return undefined;
  const out = query.getAll("exclude");
  const broken = (name === "livez" ? failing.filter((check) => check !== "kms-providers") : failing).filter(
    (check) => !out.includes(check),
  );
  const lines = [...new Set([...CHECKS, ...failing])]
    .filter((check) => !out.includes(check))
    .map((check) => (broken.includes(check) ? `[-]${check} failed: reason withheld` : `[+]${check} ok`));
  const end = `${name} check ${broken.length === 0 ? "passed" : "failed"}`;
  const wordy = query.has("verbose") || broken.length > 0;
  return { status: broken.length === 0 ? 200 : 500, body: wordy ? `${[...lines, end].join("\n")}\n` : "ok" };
}

interface Routed {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly sub: string | undefined;
}

function route(path: string, kinds: readonly Kind[]): Routed | undefined {
  const [, version, rest = ""] = /^\/(?:api|apis)\/(v1|[^/]+\/[^/]+)\/(.+)$/.exec(path) ?? [];
  if (version === undefined || path.startsWith("/api/") !== (version === "v1")) return undefined;
  const parts = rest.split("/").map(decodeURIComponent);
  const within = parts[0] === "namespaces" && parts.length > 2 && !["status", "finalize"].includes(parts[2] ?? "");
  const [plural, name, ...subs] = within ? parts.slice(2) : parts;
  const kind = kinds.find((one) => apiVersionOf(one) === version && one.plural === plural);
  if (kind === undefined || (within && !kind.namespaced)) return undefined;
  return { kind, namespace: within ? parts[1] : undefined, name, sub: subs.length === 0 ? undefined : subs.join("/") };
}

function verbOf(method: string, name: string | undefined, query: URLSearchParams): string {
  if (method === "GET")
    return query.get("watch") === "true" || query.get("watch") === "1" ? "watch" : name === undefined ? "list" : "get";
  if (method === "DELETE") return name === undefined ? "deletecollection" : "delete";
  const found = { POST: "create", PUT: "update", PATCH: "patch" }[method];
  if (found === undefined) throw noMethod();
  return found;
}

const scaleOf = (kind: Kind, of: Obj) => {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = of.metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(of["spec"], "replicas") ?? (kind.kind === "DaemonSet" ? 0 : 1) },
    status: { replicas: numberAt(of["status"], "replicas") ?? 0 },
  };
};

function scale(call: Call, write: Write): Reply {
  const { kind, namespace, name = "", verb } = call;
  const found = write.store.get(kind, namespace, name);
  if (found === undefined) throw notFound(kind, name);
  if (verb === "get") return { status: 200, body: scaleOf(kind, found) };
  const asked = bodyOf(call);
  const replicas =
    typeof asked === "object" && asked !== null && "spec" in asked ? numberAt(asked.spec, "replicas") : undefined;
  if (replicas === undefined) throw badRequest("a Scale has spec.replicas");
  const change = { ...call, sub: undefined, body: JSON.stringify({ spec: { replicas } }), verb: "patch" };
  patch({ ...change, contentType: "application/merge-patch+json" }, write);
  return { status: 200, body: scaleOf(kind, write.store.get(kind, namespace, name) ?? found) };
}

function perform(call: Call, serving: Serving): Reply {
  const { store } = serving;
  const nowMs = serving.nowMs();
  const write = { store, user: call.user, nowMs, serviceCidr: serving.serviceCidr, token: serving.token };
  const { verb, sub, kind } = call;
  if (sub !== undefined && !kind.sub.includes(sub)) throw noSuchPath();
  if (sub === "scale") return scale(call, write);
  if (sub === "eviction") return evict(call, { store, nowMs });
  if (sub === "log") return { status: 200, body: "" };
  if (verb === "get") return get(store, call, nowMs);
  if (verb === "list") return list(store, call, nowMs);
  if (verb === "watch") return watch(store, call, serving.nowMs);
  if (verb === "create" && call.name === undefined) return create(call, write);
  if (verb === "update") return update(call, write);
  if (verb === "patch") return patch(call, write);
  if (verb === "delete" && sub === undefined) return removeOne(call, { store, nowMs });
  if (verb === "deletecollection") return removeAll(call, { store, nowMs });
  throw noMethod();
}

function answer(request: ApiRequest, serving: Serving): Reply {
  const url = new URL(request.path, "https://kubernetes");
  const { pathname: path, searchParams: query } = url;
  if (request.user === "unknown") throw unauthorized();
  // Anonymous requests are let in to the health checks only, as kinvirt's clusters are configured.
  if (request.user === undefined && !HEALTH.test(path)) throw unauthorized();
  const user = request.user ?? ANONYMOUS;
  const { store } = serving;
  const kinds = store.kinds();
  const found = route(path, kinds);
  const method = request.method;
  const raw = request.body;
  const isProtobuf = Buffer.isBuffer(raw) && /protobuf/.test(request.headers["content-type"] ?? "");
  const body = isProtobuf && raw.length > 0 ? fromProtobuf(raw) : raw.toString();
  if (found === undefined) {
    const verb = method === "GET" ? "get" : method.toLowerCase();
    const told = method === "POST" ? reviews(path, body === "" ? {} : JSON.parse(body), user, store) : undefined;
    if (told !== undefined && user !== ANONYMOUS) return told;
    if (!may(store, user, { verb, path })) throw refusePath(user, verb, path);
    const [major, minor = ""] = serving.gitVersion.slice(1).split(".");
    const version = { major, minor, gitVersion: serving.gitVersion, platform: "linux/amd64" };
    const reply =
      health(path, query, serving.failing()) ??
      (path.replace(/\/$/, "") === "/version" ? { status: 200, body: version } : undefined) ??
      discovery(path, kinds) ??
      openapi(path, kinds, store.version());
    if (reply === undefined) throw noSuchPath();
    return reply;
  }
  const { kind, namespace, name, sub } = found;
  const verb = verbOf(method, name, query);
  const resource = sub === undefined ? kind.plural : `${kind.plural}/${sub}`;
  const asking = { verb, group: kind.group, resource, namespace, name };
  if (!may(store, user, asking)) throw refuse(user, kind, asking);
  const header = (wanted: string) => request.headers[wanted] ?? "";
  const agent = header("user-agent").split("/")[0] || "unknown";
  const contentType = isProtobuf ? "application/json" : header("content-type");
  const said = { body, contentType, accept: header("accept"), agent };
  return perform({ ...found, verb, user, query, ...said }, serving);
}

/** Answers one request; a refusal is an answer too. */
export function serve(request: ApiRequest, serving: Serving): Reply {
  try {
    return answer(request, serving);
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, body: statusBody(error) };
    if (error instanceof SyntaxError) return { status: 400, body: statusBody(badRequest(error.message)) };
    throw error;
  }
}
