import type { ServiceType } from "../../shared/openstack/errors.ts";
import type { HttpRequest, HttpResponse } from "../../shared/openstack/send.ts";
import { allowed } from "./access-rules.ts";
import { PREFIX, type Token, type World } from "./core.ts";
import type { CallFault } from "./faults.ts";
import { noCredential } from "./keystone-login.ts";
import { isOrphan } from "./keystone-tokens.ts";
import { versionFault, versionOf } from "./microversion.ts";
import { type Routed, router } from "./router.ts";
import { Fault, type SandboxRequest, type SandboxResponse, type SandboxService, unauthorized } from "./service.ts";

/** What became of a call: the answer, whether it reaches the caller, and how long it takes. */
export interface Answered {
  readonly response: HttpResponse;
  readonly lost: boolean;
  readonly slowMs: number;
}

interface Counter {
  readonly service: SandboxService;
  readonly prefix: string;
  readonly route: (method: string, path: string) => Routed;
}

/** Their routers know a path only together with its methods. */
const BY_METHOD: ReadonlySet<ServiceType> = new Set(["compute", "shared-file-system"]);

/** The roles of whoever may do more than look. */
const mayWrite = ({ roles }: Token): boolean => roles.includes("member") || roles.includes("admin");

const isVersionDocument = (method: string, path: string): boolean =>
  method === "GET" && /^\/?(v\d+(\.\d+)?\/?)?$/.test(path) && !path.startsWith("/v2.0");
const takesToken = (counter: Counter, request: HttpRequest, path: string): boolean =>
  !(
    isVersionDocument(request.method, path) ||
    (counter.service.type === "identity" && `${request.method} ${path}` === "POST /v3/auth/tokens")
  );

/** Whether the token's access rules let this call through: keystonemiddleware's part, in front of each service. */
function mayAsk(world: World, { accessRules }: Token, service: ServiceType, method: string, path: string): boolean {
  const blind = world.options.accessRules.unset?.includes(service) === true;
  return accessRules === undefined || (!blind && allowed(accessRules, service, method, path));
}

function bodyOf(request: HttpRequest): unknown {
  if (request.body === undefined || request.body === "") return undefined;
  if (!/json/.test(request.headers["content-type"] ?? "json")) return request.body;
  try {
    return JSON.parse(request.body);
  } catch {
    throw new Fault(400, "Expecting to find valid JSON in request body.", "HTTPBadRequest");
  }
}

function written(response: SandboxResponse, requestId: Readonly<Record<string, string>>): HttpResponse {
  const html = typeof response.body === "string" && response.headers?.["content-type"] === undefined;
  const body =
    response.body === undefined
      ? ""
      : typeof response.body === "string"
        ? response.body
        : JSON.stringify(response.body);
  const type: Record<string, string> =
    body === "" ? {} : { "content-type": html ? "text/html; charset=UTF-8" : "application/json" };
  return { status: response.status, headers: { ...type, ...requestId, ...response.headers }, body };
}

/** Manila names its request ids like Nova's first release, and only so; Nova does both. */
const requestIds = (service: SandboxService, id: string): Readonly<Record<string, string>> => ({
  ...(service.type === "shared-file-system" ? {} : { "x-openstack-request-id": `req-${id}` }),
  ...(service.type === "compute" || service.type === "shared-file-system"
    ? { "x-compute-request-id": `req-${id}` }
    : {}),
});

/** One call at the counter of one service: token, access rules, microversion, route, handler. */
function serve(
  world: World,
  counter: Counter,
  request: HttpRequest,
  url: URL,
  token: Token | undefined,
): SandboxResponse {
  const { service } = counter;
  const path = url.pathname.slice(counter.prefix.length);
  if (takesToken(counter, request, path)) {
    if (token !== undefined && isOrphan(world, token) && service.type === "identity")
      throw noCredential(token.credential ?? "");
    if (
      token === undefined ||
      isOrphan(world, token) ||
      !mayAsk(world, token, service.type, request.method, url.pathname)
    )
      throw unauthorized();
    if (token.project === undefined && service.type !== "identity")
      throw new Fault(403, "Policy does not allow this request to be performed.", "HTTPForbidden");
  }
  const microversion = versionOf(service, request.headers);
  const wrong = versionFault(service, microversion);
  if (wrong !== undefined) throw wrong;
  const found = counter.route(request.method, path);
  const denied = token === undefined || mayWrite(token) ? undefined : service.toReader?.(request.method, path);
  if (found.is === "found" && denied !== undefined) throw denied;
  if (found.is === "no-route" || (found.is === "no-method" && BY_METHOD.has(service.type)))
    throw new Fault(404, "The resource could not be found.", "HTTPNotFound");
  if (found.is === "no-method")
    throw new Fault(service.noMethod ?? 405, "The method is not allowed for this resource.", "HTTPMethodNotAllowed");
  const asked: SandboxRequest = {
    method: request.method,
    path,
    query: url.searchParams,
    headers: { host: url.host, ...request.headers },
    body: bodyOf(request),
    project: token?.project?.id ?? "",
    user: token?.user.id ?? "",
    roles: token?.roles ?? [],
    nowMs: world.nowMs(),
    microversion,
  };
  const answer = found.handle(asked, found.params);
  if (service.microversions === undefined || microversion === "") return answer;
  const echo = service.type === "compute" ? `compute ${microversion}` : microversion;
  return { ...answer, headers: { [service.microversions.header]: echo, ...answer.headers } };
}

function refused(service: SandboxService, fault: Fault, url: URL): SandboxResponse {
  const retry: Record<string, string> =
    fault.retryAfterSeconds === undefined ? {} : { "retry-after": String(fault.retryAfterSeconds) };
  if (fault.status !== 401) return { status: fault.status, body: service.fault(fault), headers: retry };
  const headers = { "www-authenticate": `Keystone uri="${url.origin}${PREFIX.identity}/v3"` };
  const error = { code: 401, title: "Unauthorized", message: fault.message };
  const own = service.type === "image" || service.type === "identity";
  return { status: 401, body: own ? service.fault(fault) : { error }, headers };
}

/** The one way in, for both doors. Undefined: nobody listens at this address, or the call was lost before its effect. */
export function door(
  world: World,
  services: readonly SandboxService[],
): (request: HttpRequest) => Answered | undefined {
  const counters = services.map((service) => ({
    service,
    prefix: PREFIX[service.type],
    route: router(service.routes),
  }));
  const answer = (
    counter: Counter,
    request: HttpRequest,
    url: URL,
    fault: CallFault | undefined,
    token: Token | undefined,
  ) => {
    try {
      if (fault?.is === "answer") throw new Fault(fault.status, fault.message, "", fault.retryAfterSeconds);
      return serve(world, counter, request, url, token);
    } catch (error) {
      // Anything but a Fault is a mistake of the sandbox itself: it must be seen, and never be taken for a lost call.
      return refused(
        counter.service,
        error instanceof Fault ? error : new Fault(500, `sandbox: ${String(error)}`),
        url,
      );
    }
  };
  return (request) => {
    world.settle();
    const url = new URL(request.url);
    const counter = counters.find(({ prefix }) => url.pathname === prefix || url.pathname.startsWith(`${prefix}/`));
    if (counter === undefined)
      return { response: { status: 404, headers: {}, body: "Not Found" }, lost: false, slowMs: 0 };
    const known = world.tokens.get(request.headers["x-auth-token"] ?? "");
    const token = known !== undefined && known.expiresMs > world.nowMs() ? known : undefined;
    const { method } = request;
    const path = url.pathname.slice(counter.prefix.length);
    const project = token?.project?.name ?? "";
    const fault = world.faults.befalls({ service: counter.service.type, method, path, project });
    if (fault?.is === "lost-before" || fault?.is === "refused") return undefined;
    if (fault?.is === "late") {
      world.later(fault.ms, () => void answer(counter, request, url, fault, token));
      return { response: { status: 504, headers: {}, body: "" }, lost: true, slowMs: 0 };
    }
    const response = written(answer(counter, request, url, fault, token), requestIds(counter.service, world.uuid()));
    return { response, lost: fault?.is === "lost-after", slowMs: fault?.is === "slow" ? fault.ms : 0 };
  };
}
