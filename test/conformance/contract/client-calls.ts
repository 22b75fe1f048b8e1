import type { CloudSettings } from "../../../shared/openstack/clouds.ts";
import { connect } from "../../../shared/openstack/connect.ts";
import type { ServiceType } from "../../../shared/openstack/errors.ts";
import type { HttpRequest, HttpResponse } from "../../../shared/openstack/send.ts";

const SEGMENTS: Readonly<Record<ServiceType, string>> = {
  identity: "v3",
  compute: "v2.1",
  image: "v2",
  network: "v2.0",
  "load-balancer": "v2",
  dns: "v2",
  "key-manager": "v1",
  "shared-file-system": "v2",
  "block-storage": "v3",
};
const UUID = "11111111-1111-4111-8111-111111111111";
/** What a method is called with where texts won't do. */
const ARGUMENTS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  createPorts: [[[{}]]],
  createSecurityGroupRules: [[[{}]]],
  createApplicationCredential: [[{ roles: [], accessRules: [{}], expiresAt: "2099-01-01T00:00:00.000Z" }]],
  findImage: [[UUID], ["name"]],
};

const settings: CloudSettings = {
  name: "nowhere",
  authUrl: "http://cloud/identity/v3",
  auth: { method: "application-credential", credential: { id: "x" }, secret: "x" },
  region: "here",
  interface: "public",
  endpoints: {},
  verify: true,
};

const token = {
  expires_at: "2099-01-01T00:00:00.000000Z",
  project: { id: ":project", name: "x" },
  user: { id: ":user" },
  catalog: Object.entries(SEGMENTS).map(([type, segment]) => ({
    type,
    endpoints: [{ interface: "public", region: "here", url: `http://cloud/${type}/${segment}` }],
  })),
};

const answer = (status: number, body: unknown, headers = {}): HttpResponse => ({
  status,
  headers,
  body: JSON.stringify(body),
});

/** A cloud that has nothing, and speaks every version. */
function nothing(request: HttpRequest): HttpResponse {
  if (request.url.endsWith("/auth/tokens")) return answer(201, { token }, { "x-subject-token": "x" });
  const version = { id: "v2.1", status: "CURRENT", version: "2.999", links: [] };
  return request.url.endsWith("/") ? answer(200, { version }) : answer(404, { message: "not here" });
}

/** Every call that some method of the client makes, as `compute GET /servers/:id`: each method is called, on a cloud of nothing. */
export async function clientCalls(): Promise<readonly string[]> {
  const seen = new Set<string>();
  const send = async (request: HttpRequest) => {
    const [, service = "", , ...path] = new URL(request.url).pathname.split("/");
    const known = decodeURIComponent(path.join("/")).replaceAll(UUID, ":0").replaceAll(/:\d/g, ":id");
    seen.add(`${service} ${request.method} /${known}`);
    return nothing(request);
  };
  const cloud = connect(settings, { send, nowMs: () => 0, wait: async () => undefined });
  const { identity, compute, image, network, loadBalancer, dns, keyManager, sharedFileSystem } = cloud;
  for (const part of [identity, compute, image, network, loadBalancer, dns, keyManager, sharedFileSystem]) {
    for (const [name, method] of Object.entries<(...given: never[]) => unknown>(part)) {
      for (const given of ARGUMENTS[name] ?? [[":0", ":1", ":2", ":3"]]) {
        const before = seen.size;
        const outcome = await Promise.resolve(Reflect.apply(method, undefined, given)).catch((error: unknown) => error);
        // A mistake of this file's own, which would hide the call.
        if (outcome instanceof TypeError && seen.size === before) throw outcome;
      }
    }
  }
  return [...seen].sort();
}

/** Whether `asked`, as `compute GET /servers/{3}?x=y`, is a call like `template`. */
export function isLike(template: string, asked: string): boolean {
  const parts = template
    .split("/")
    .map((part) => part.split(/:\w+/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  const pattern = parts.map((texts) => texts.join("[^/?]+")).join("/");
  return new RegExp(`^${pattern}(\\?.*)?$`).test(asked);
}
