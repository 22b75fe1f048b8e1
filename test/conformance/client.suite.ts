import * as z from "zod";
import type { CloudSettings } from "../../shared/openstack/clouds.ts";
import { connect } from "../../shared/openstack/connect.ts";
import type { Endpoint } from "../../shared/openstack/endpoint.ts";
import { OpenStackError, type ServiceType, type Trouble } from "../../shared/openstack/errors.ts";
import { rest } from "../../shared/openstack/rest.ts";
import type { HttpRequest, Runtime } from "../../shared/openstack/send.ts";
import { session } from "../../shared/openstack/session.ts";

/** A login by password, its wire, and another login whose project this one must not see. */
export interface ClientGround {
  readonly mine: CloudSettings;
  readonly other: CloudSettings;
  readonly runtime: Runtime;
  /** `[a-z0-9]+`, never the same twice. */
  newId(): string;
}

const NOBODY = "00000000-0000-4000-8000-000000000000";
const anything = z.record(z.string(), z.unknown());
const item = z.object({ id: z.string() });

/** What each service is asked for in all of the tables below. */
const SERVICES: readonly {
  readonly service: ServiceType;
  readonly one: string;
  readonly nonsense?: { readonly path: string; readonly body: unknown };
}[] = [
  { service: "compute", one: "/servers/", nonsense: { path: "/servers", body: { server: { name: 1 } } } },
  { service: "network", one: "/networks/", nonsense: { path: "/networks", body: { network: { mtu: "wide" } } } },
  {
    service: "load-balancer",
    one: "/lbaas/loadbalancers/",
    nonsense: { path: "/lbaas/loadbalancers", body: { loadbalancer: { name: "x" } } },
  },
  { service: "dns", one: "/zones/", nonsense: { path: "/zones", body: { name: "no-dot-at-the-end" } } },
  { service: "key-manager", one: "/secrets/", nonsense: { path: "/secrets", body: { algorithm: 1 } } },
  {
    service: "shared-file-system",
    one: "/shares/",
    nonsense: { path: "/shares", body: { share: { size: 1, share_proto: "TAPE" } } },
  },
  // Images are looked at and never made.
  { service: "image", one: "/images/" },
];

/** The error of a call that has to fail: what the client makes of it is the case. */
async function refusal(work: () => Promise<unknown>): Promise<OpenStackError> {
  const outcome = await work().catch((error: unknown) => error);
  if (outcome instanceof OpenStackError) return outcome;
  throw new Error(`expected a refusal, got ${JSON.stringify(outcome)}`);
}

const troubleOf = async (work: () => Promise<unknown>): Promise<Trouble> => (await refusal(work)).trouble;

const withPassword = (settings: CloudSettings, password: string): CloudSettings =>
  settings.auth.method === "password" ? { ...settings, auth: { ...settings.auth, password } } : settings;

/** The wire with one change on its way out. */
const through = (runtime: Runtime, change: (request: HttpRequest) => HttpRequest): Runtime => ({
  ...runtime,
  send: (request) => runtime.send(change(request)),
});

function endpoints(settings: CloudSettings, runtime: Runtime) {
  const login = session(settings, runtime);
  return (service: ServiceType): Endpoint => rest(service, settings, login, runtime);
}

/** What a login is worth, and what becomes of one that is worth nothing. */
function identitySuite(ground: () => ClientGround): void {
  test("a password opens one project and all of its services", async () => {
    const { mine, runtime } = ground();
    const cloud = connect(mine, runtime);
    const project = mine.auth.method === "password" && "name" in mine.auth.project ? mine.auth.project.name : "";
    expect(await cloud.scope()).toMatchObject({ projectName: project });
    // Block storage is the embedded cloud's alone: the lab has none.
    const services = (await cloud.services()).filter((one) => one !== "block-storage");
    expect(services.sort()).toEqual(["identity", ...SERVICES.map(({ service }) => service)].sort());
  });

  test("a wrong password is denied, and no error repeats it", async () => {
    const { mine, runtime } = ground();
    const error = await refusal(() => connect(withPassword(mine, "open-sesame"), runtime).scope());
    expect([error.trouble, error.detail.status]).toEqual(["denied", 401]);
    expect(error.message).not.toContain("open-sesame");
  });

  test("a spent token is renewed once, and the call succeeds", async () => {
    const { mine, runtime } = ground();
    let spoilt = 0;
    const spoil = through(runtime, (request) => {
      const old = request.headers["x-auth-token"];
      if (old === undefined || spoilt > 0) return request;
      spoilt += 1;
      return { ...request, headers: { ...request.headers, "x-auth-token": "gAAAAspent" } };
    });
    const found = await endpoints(mine, spoil)("network").all({ path: "/networks", key: "networks", item });
    expect([spoilt, found.length > 0]).toEqual([1, true]);
  });

  test("a restricted credential does what its rules say and no more, and dies when deleted", async () => {
    const { mine, runtime, newId } = ground();
    const { identity, locate, scope } = connect(mine, runtime);
    const { type, prefix } = await locate("network");
    const { roles } = await scope();
    const secret = `s3cret-${newId()}`;
    const made = await identity.createApplicationCredential({
      name: `client-${newId()}`,
      description: "",
      secret,
      roles: roles.filter((role) => role === "member"),
      accessRules: [{ service: type, method: "GET", path: `${prefix}/networks` }],
      expiresAt: new Date(runtime.nowMs() + 600_000).toISOString(),
    });
    const auth = { method: "application-credential", credential: { id: made.id }, secret } as const;
    const login = { ...mine, auth };
    const at = endpoints(login, runtime);
    const read = (service: ServiceType, path: string) => () =>
      at(service).call({ method: "GET", path, answer: anything });
    expect(Object.keys(await read("network", "/networks")())).toContain("networks");
    expect(await troubleOf(read("network", "/subnets"))).toBe("denied");
    expect(await troubleOf(read("compute", "/servers"))).toBe("denied");
    await identity.deleteApplicationCredential(made.id);
    for (const rule of made.access_rules) await identity.deleteAccessRule(rule.id);
    expect(await identity.getApplicationCredential(made.id)).toBeUndefined();
    expect(await troubleOf(() => connect(login, runtime).scope())).toBe("denied");
  });

  test("a region that the cloud lacks is named", async () => {
    const { mine, runtime } = ground();
    const error = await refusal(() => connect({ ...mine, region: "Atlantis" }, runtime).network.listNetworks({}));
    expect(error.message).toContain("Atlantis");
  });
}

function listingSuite(ground: () => ClientGround): void {
  test("pages of one are the whole listing", async () => {
    const { mine, runtime, newId } = ground();
    const network = endpoints(mine, runtime)("network");
    const names = ["a", "b", "c"].map((end) => `client-${newId()}-${end}`);
    const made: string[] = [];
    try {
      for (const name of names) {
        const answer = z.object({ network: item });
        made.push(
          (await network.call({ method: "POST", path: "/networks", body: { network: { name } }, answer })).network.id,
        );
      }
      const ids = async (limit?: number) =>
        (await network.all({ path: "/networks", key: "networks", query: { limit }, item })).map(({ id }) => id).sort();
      expect(await ids(1)).toEqual(await ids());
      expect(await ids(2)).toEqual(expect.arrayContaining(made));
    } finally {
      for (const id of made) await network.call({ method: "DELETE", path: `/networks/${id}`, answer: z.unknown() });
    }
  });

  test.each([
    ["compute", "/flavors", "flavors"],
    ["image", "/images", "images"],
    ["dns", "/zones", "zones"],
  ] as const)("%s pages of one are the whole listing", async (service, path, key) => {
    const { mine, runtime } = ground();
    const endpoint = endpoints(mine, runtime)(service);
    const ids = async (limit?: number) =>
      (await endpoint.all({ path, key, query: { limit }, item })).map(({ id }) => id).sort();
    const all = await ids();
    expect(all.length).toBeGreaterThan(0);
    expect(await ids(1)).toEqual(all);
  });
}

/** What the client makes of a cloud's answers, in whatever cloud: `where` heads the report's column. */
export function clientSuite(where: string, start: () => ClientGround): void {
  describe(`${where} client`, () => {
    const ground = start();
    identitySuite(() => ground);
    listingSuite(() => ground);

    test.each(SERVICES)("what $service does not have is missing", async ({ service, one }) => {
      const { mine, runtime } = ground;
      const error = await refusal(() =>
        endpoints(mine, runtime)(service).call({ method: "GET", path: one + NOBODY, answer: anything }),
      );
      expect([error.trouble, error.detail.status]).toEqual(["missing", 404]);
      expect(error.detail.requestId).toMatch(/^req-/);
    });

    const writable = SERVICES.flatMap(({ service, nonsense }) =>
      nonsense === undefined ? [] : [{ service, nonsense }],
    );
    test.each(writable)("nonsense is invalid for $service", async ({ service, nonsense }) => {
      const { mine, runtime } = ground;
      const call = { method: "POST", ...nonsense, answer: anything } as const;
      const error = await refusal(() => endpoints(mine, runtime)(service).call(call));
      expect([error.trouble, error.detail.status]).toEqual(["invalid", 400]);
      expect(error.detail.fault).not.toBe("");
    });

    test.each(["compute", "shared-file-system"] as const)("%s speaks no version of the future", async (service) => {
      const { mine, runtime } = ground;
      const endpoint = endpoints(mine, runtime)(service);
      expect(await endpoint.maxMicroversion()).toMatch(/^2\.\d+$/);
      const call = { method: "GET", path: "/limits", microversion: "2.999", answer: anything } as const;
      expect((await refusal(() => endpoint.call(call))).message).toContain("needs 2.999");
    });

    test("one project's network is missing for another, which can't delete it", async () => {
      const { mine, other, runtime, newId } = ground;
      const network = endpoints(mine, runtime)("network");
      const stranger = endpoints(other, runtime)("network");
      const body = { network: { name: `client-${newId()}` } };
      const made = await network.call({
        method: "POST",
        path: "/networks",
        body,
        answer: z.object({ network: item }),
      });
      const path = `/networks/${made.network.id}`;
      expect(await troubleOf(() => stranger.call({ method: "GET", path, answer: anything }))).toBe("missing");
      expect(await troubleOf(() => stranger.call({ method: "DELETE", path, answer: anything }))).toBe("missing");
      await network.call({ method: "DELETE", path, answer: z.unknown() });
      expect(await troubleOf(() => network.call({ method: "GET", path, answer: anything }))).toBe("missing");
    });
  });
}
