import { PROBE_MARK } from "../../../../shared/cluster/doctor/probe.ts";
import { connect } from "../../../../shared/openstack/connect.ts";
import type { Send } from "../../../../shared/openstack/send.ts";
import { type Case, patient, titles, troubles } from "./patient.ts";

// Goal: access rules are tried with a login that can do nothing else, and no run leaves one behind, whenever it dies.
const isMint = (request: Parameters<Send>[0]) =>
  request.method === "POST" && request.url.endsWith("/application_credentials");

test("the login that tries them: clusters' roles, one call of each service, minutes to live", async () => {
  const { examine, asked, logins } = patient();
  await examine();
  const made = asked.filter(isMint).map((request) => JSON.parse(request.body ?? "")["application_credential"]);
  expect(made).toHaveLength(1);
  expect(made[0]).toMatchObject({
    description: "kinvirt doctor: a probe, to be deleted",
    roles: [{ name: "member" }, { name: "load-balancer_member" }, { name: "creator" }],
    unrestricted: false,
    expires_at: "2026-01-01T00:10:00.000000Z",
  });
  const rules = made[0].access_rules.map((rule: Record<string, string>) => `${rule["method"]} ${rule["path"]}`);
  expect(rules.sort()).toEqual([
    "GET /compute/v2.1/",
    "GET /compute/v2.1/flavors/detail",
    "GET /dns/v2/",
    "GET /dns/v2/zones",
    "GET /key-manager/v1/",
    "GET /key-manager/v1/secrets",
    "GET /load-balancer/v2/",
    "GET /load-balancer/v2/lbaas/loadbalancers",
    "GET /networking/v2.0/",
    "GET /networking/v2.0/extensions",
    "GET /share/v2/",
    "GET /share/v2/types",
    "GET /volume/v3/",
    "GET /volume/v3/snapshots/detail",
  ]);
  expect(logins()).toEqual([]);
});

test("the examination changes nothing else: that login is all it ever writes", async () => {
  const { examine, asked } = patient();
  await examine();
  const writes = asked.filter(({ method, url }) => method !== "GET" && !url.endsWith("/auth/tokens"));
  const kinds = writes.map(({ method, url }) => `${method} ${new URL(url).pathname.split("/")[5]}`);
  expect([...new Set(kinds)].sort()).toEqual([
    "DELETE access_rules",
    "DELETE application_credentials",
    "POST application_credentials",
  ]);
});

test("a rule that a cluster needs stays when the probe's go", async () => {
  const { examine, cloud, logins } = patient();
  await cloud.identity.createApplicationCredential({
    name: "a cluster's",
    description: "kinvirt:k7f3m2q9x1",
    secret: "s".repeat(32),
    roles: ["member"],
    accessRules: [{ service: "network", method: "GET", path: "/networking/v2.0/extensions" }],
  });
  const before = logins();
  await examine();
  expect(logins()).toEqual(before);
});

/** Dies at the first request for which this holds: nothing is sent from then on. */
const dying =
  (at: (request: Parameters<Send>[0]) => boolean): NonNullable<Case["wire"]> =>
  (send) =>
  async (request) => {
    if (dead) throw new Error("the process is gone");
    dead = at(request);
    return send(request);
  };
let dead = false;

test.each([
  ["the login was made", isMint],
  ["it was tried", (request: Parameters<Send>[0]) => request.url.includes("/share/v2/share-networks")],
])("a run that is killed after %s: the next one removes what it left", async (_when, at) => {
  dead = false;
  const { examine, sandbox, logins, patient: one, clock } = patient({ wire: dying(at) });
  await examine();
  expect(logins().filter((name) => name.startsWith("application-credential kinvirt-doctor-"))).toHaveLength(1);
  const { examine: again } = await import("../../../../shared/cluster/doctor/index.ts");
  const cloud = connect(sandbox.settings("team-a"), { ...clock, send: sandbox.send });
  const found = await again({ ...one, cloud });
  expect(troubles(found)).toEqual([]);
  expect(logins()).toEqual([]);
});

test("two at once: each may take the other's login for one that was left, and both are right", async () => {
  const { examine, logins } = patient();
  const found = await Promise.all([examine(), examine(), examine()]);
  expect(found.flatMap(troubles)).toEqual([]);
  expect(logins()).toEqual([]);
});

test("a login that is taken away while it is tried says nothing, and another one is made", async () => {
  let taken = 0;
  const wire: Case["wire"] = (send) => async (request) => {
    if (taken === 0 && request.url.includes("/share/v2/types") && request.headers["x-auth-token"] !== undefined) {
      const left = await cloud.identity.listApplicationCredentials();
      for (const { id, description } of left)
        if (description === PROBE_MARK && taken === 0) {
          taken += 1;
          await cloud.identity.deleteApplicationCredential(id);
        }
    }
    return send(request);
  };
  const { examine, cloud, logins, asked } = patient({ wire });
  expect(troubles(await examine())).toEqual([]);
  expect(taken).toBe(1);
  expect(asked.filter(isMint)).toHaveLength(2);
  expect(logins()).toEqual([]);
});

test("a create whose answer is lost leaves no login", async () => {
  const { examine, logins } = patient({
    harm: (cloud) =>
      cloud.faults.on({ service: "identity", method: "POST", path: /application_credentials/ }, { is: "lost-after" }),
  });
  expect(titles(await examine(), "red")).toEqual(["Roles", "Application credentials", "Access rules"]);
  expect(logins()).toEqual([]);
});

test("a restricted login of our own: Keystone refuses, and what to put into clouds.yaml", async () => {
  const secret = "s".repeat(32);
  const { cloud, sandbox, clock, patient: one } = patient();
  const { id } = await cloud.identity.createApplicationCredential({
    name: "bot",
    description: "",
    secret,
    roles: ["member", "load-balancer_member", "creator"],
    accessRules: ["GET", "POST", "DELETE"].flatMap((method) =>
      ["identity", "compute", "image", "network", "load-balancer", "dns", "key-manager", "block-storage"]
        .concat("shared-file-system")
        .map((service) => ({ service, method, path: "/**" })),
    ),
  });
  const settings = {
    ...sandbox.settings("team-a"),
    auth: { method: "application-credential" as const, credential: { id }, secret },
  };
  const { examine } = await import("../../../../shared/cluster/doctor/index.ts");
  const found = await examine({ ...one, cloud: connect(settings, { ...clock, send: sandbox.send }) });
  expect(troubles(found)).toEqual([
    "red Application credentials: Keystone refuses: You are not authorized to perform the requested action: Using method 'application_credential' is not allowed for managing additional application credentials | In clouds.yaml use a password, or an application credential of: openstack application credential create --unrestricted NAME",
  ]);
  expect(titles(found, "unknown")).toEqual(["Access rules"]);
});
