import type { CloudSettings } from "../../../shared/openstack/clouds.ts";
import type { ServiceType } from "../../../shared/openstack/errors.ts";
import { rest } from "../../../shared/openstack/rest.ts";
import type { HttpRequest, HttpResponse, Runtime } from "../../../shared/openstack/send.ts";
import { session } from "../../../shared/openstack/session.ts";

export const settings: CloudSettings = {
  name: "lab",
  authUrl: "http://keystone.test/v3",
  auth: {
    method: "password",
    user: { name: "team-a", domain: { name: "Default" } },
    password: "pass-word-1",
    project: { name: "team-a", domain: { name: "Default" } },
  },
  region: "RegionOne",
  interface: "public",
  endpoints: {},
  verify: true,
};

export const offer = (type: string, url: string, region = "RegionOne", where = "public") => ({
  type,
  endpoints: [{ interface: where, region, region_id: region, url }],
});

export const CATALOG = [
  offer("identity", "http://keystone.test/v3"),
  offer("compute", "http://nova.test/v2.1"),
  offer("network", "http://neutron.test/v2.0"),
  offer("image", "http://glance.test/v2"),
  offer("load-balancer", "http://octavia.test/v2"),
  offer("dns", "http://designate.test/v2"),
  offer("key-manager", "http://barbican.test/v1"),
  offer("sharev2", "http://manila.test/v2"),
];

export type Answer = Partial<HttpResponse> | Error;

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: JSON.stringify(body),
});

export interface FakeCloud {
  readonly runtime: Runtime;
  /** All that was sent, logins too, as `GET http://…`. */
  readonly lines: string[];
  readonly requests: HttpRequest[];
  readonly waits: number[];
  pass(ms: number): void;
}

/** A Send that logs in by itself and gives the answers in turn to everything else; one too few is a failed test. */
export function fakeCloud(
  answers: readonly (Answer | ((request: HttpRequest) => Answer))[],
  options: { readonly catalog?: unknown; readonly login?: () => Answer; readonly tokenMs?: number } = {},
): FakeCloud {
  const lines: string[] = [];
  const requests: HttpRequest[] = [];
  const waits: number[] = [];
  const left = [...answers];
  let now = Date.UTC(2026, 10, 24);
  let logins = 0;
  const token = () =>
    json(
      {
        token: {
          expires_at: new Date(now + (options.tokenMs ?? 3_600_000)).toISOString(),
          project: { id: "p1", name: "team-a" },
          user: { id: "u1" },
          roles: [{ name: "member" }],
          catalog: options.catalog ?? CATALOG,
        },
      },
      201,
      { "x-subject-token": `token-${++logins}` },
    );
  return {
    lines,
    requests,
    waits,
    pass: (ms) => {
      now += ms;
    },
    runtime: {
      nowMs: () => now,
      wait: async (ms) => {
        waits.push(ms);
        now += ms;
      },
      send: async (request) => {
        requests.push(request);
        lines.push(`${request.method} ${request.url}`);
        await Promise.resolve();
        const login = request.url.endsWith("/auth/tokens");
        const next = login ? (options.login ?? token)() : left.shift();
        const answer = typeof next === "function" ? next(request) : next;
        if (answer === undefined) throw new Error(`unexpected request: ${request.method} ${request.url}`);
        if (answer instanceof Error) throw answer;
        return { status: 200, headers: {}, body: "", ...answer };
      },
    },
  };
}

export const endpointOf = (service: ServiceType, cloud: FakeCloud, changed: Partial<CloudSettings> = {}) => {
  const all = { ...settings, ...changed };
  return rest(service, all, session(all, cloud.runtime), cloud.runtime);
};

/** What a promise fails with; a success fails the test. */
export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error("it succeeded");
    },
    (error: unknown) => error,
  );
