import { cluster } from "../../../sandbox/kubernetes/cluster.ts";
import type { User } from "../../../sandbox/kubernetes/rbac.ts";
import { tasks } from "../../../sandbox/kubernetes/tasks.ts";
import { newPki, type Pki } from "../../../shared/bootstrap/pki.ts";
import { countedChance, virtualClock } from "../../support/virtual.ts";

// Goal: the API server's own rules: who owns a field, which version counts, what goes when, and what is refused with which words.
const ROOT: User = { name: "root", groups: ["system:masters", "system:authenticated"] };
let pki: Pki;
beforeAll(async () => {
  pki = await newPki({ cluster: "dev", nowMs: Date.UTC(2026, 0, 1), seed: "s" });
});

interface Asked {
  readonly user?: User | "unknown" | undefined;
  readonly type?: string;
}

function server() {
  const clock = virtualClock();
  const made = cluster({
    ...{
      authority: pki.ca,
      sans: ["api"],
      gitVersion: "v1.36.1",
      serviceCidr: "10.96.0.0/12",
      serverTLSBootstrap: true,
    },
    ...{ tasks: tasks(clock), chance: countedChance() },
  });
  async function ask(line: string, body?: unknown, { user = ROOT, type = "application/json" }: Asked = {}) {
    const [method = "", path = ""] = line.split(" ");
    const headers = { "content-type": type, accept: "application/json", "user-agent": "test/v1" };
    const text = body === undefined ? "" : JSON.stringify(body);
    const reply = await made.handle({ method, path, headers, body: text, user });
    return { status: reply.status, body: reply.body as Told, watch: reply.watch };
  }
  async function pass(seconds: number) {
    for (let gone = 0; gone < seconds; gone++) {
      await clock.wait(1000);
      await made.setup.tasks.settle();
    }
  }
  const apply = (path: string, body: unknown, manager: string, force = false) =>
    ask(`PATCH ${path}?fieldManager=${manager}&force=${force}`, body, { type: "application/apply-patch+yaml" });
  return { ask, apply, pass, made };
}

interface Told {
  readonly reason?: string;
  readonly message?: string;
  readonly items?: readonly Told[];
  readonly data?: Record<string, string>;
  readonly metadata?: {
    readonly name: string;
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly uid: string;
  };
  readonly status?: unknown;
  readonly spec?: unknown;
}

const MAPS = "/api/v1/namespaces/default/configmaps";
const map = (data: Record<string, string>, more = {}) => ({
  ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", ...more }, data },
});

test("a field has one owner: others conflict, force takes it, and what its owner no longer names goes", async () => {
  const { ask, apply } = server();
  expect((await apply(`${MAPS}/m`, map({ a: "1", b: "1" }), "one")).status).toBe(201);
  expect((await apply(`${MAPS}/m`, map({ a: "1" }), "two")).status).toBe(200);
  expect(await apply(`${MAPS}/m`, map({ b: "2" }), "two")).toMatchObject({
    status: 409,
    body: { reason: "Conflict", message: 'Apply failed with 1 conflict: conflict with "one": .data.b' },
  });
  expect((await apply(`${MAPS}/m`, map({ b: "2" }), "two", true)).body.data).toEqual({ a: "1", b: "2" });
  expect((await apply(`${MAPS}/m`, map({ c: "3" }), "one")).body.data).toEqual({ b: "2", c: "3" });
  const before = (await ask(`GET ${MAPS}/m`)).body.metadata?.resourceVersion;
  await apply(`${MAPS}/m`, map({ c: "3" }), "one");
  expect((await ask(`GET ${MAPS}/m`)).body.metadata?.resourceVersion).toBe(before);
});

test("a list with keys is merged item by item, and a Service keeps its ports' node ports", async () => {
  const { apply } = server();
  const path = "/api/v1/namespaces/default/services/s";
  const service = (...ports: readonly object[]) => ({
    ...{ apiVersion: "v1", kind: "Service", metadata: { name: "s" }, spec: { type: "NodePort", ports } },
  });
  await apply(path, service({ port: 80, name: "a" }), "one");
  const both = await apply(path, service({ port: 443, name: "b", protocol: "TCP" }), "two", true);
  expect(both.body.spec).toMatchObject({
    ports: [
      { port: 80, name: "a", nodePort: 30_000, protocol: "TCP", targetPort: 80 },
      { port: 443, name: "b", nodePort: 30_001, protocol: "TCP", targetPort: 443 },
    ],
  });
});

test("an old version is refused, a dry run leaves nothing, and each kind of patch does its own", async () => {
  const { ask } = server();
  const made = await ask(`POST ${MAPS}`, map({ a: "1" }));
  expect((await ask(`POST ${MAPS}`, map({ a: "1" }))).body.message).toBe('configmaps "m" already exists');
  expect((await ask(`PUT ${MAPS}/m?dryRun=All`, map({ a: "2" }))).body.data).toEqual({ a: "2" });
  expect((await ask(`GET ${MAPS}/m`)).body.data).toEqual({ a: "1" });
  await ask(`PATCH ${MAPS}/m`, { data: { b: "2" } }, { type: "application/merge-patch+json" });
  const add = [
    { op: "add", path: "/data/c", value: "3" },
    { op: "remove", path: "/data/a" },
  ];
  expect((await ask(`PATCH ${MAPS}/m`, add, { type: "application/json-patch+json" })).body.data).toEqual({
    b: "2",
    c: "3",
  });
  const stale = { ...map({}), metadata: { name: "m", resourceVersion: made.body.metadata?.resourceVersion } };
  expect(await ask(`PUT ${MAPS}/m`, stale)).toMatchObject({
    status: 409,
    body: {
      message: expect.stringContaining('Operation cannot be fulfilled on configmaps "m": the object has been modified'),
    },
  });
  expect((await ask(`DELETE ${MAPS}/m`, { preconditions: { uid: "other" } })).status).toBe(409);
  expect(await ask(`DELETE ${MAPS}/m`)).toMatchObject({ status: 200, body: { status: "Success" } });
  expect((await ask(`GET ${MAPS}/m`)).body.reason).toBe("NotFound");
});

test("an object waits for its finalizers, and a namespace for what is in it", async () => {
  const { ask, pass } = server();
  await ask("POST /api/v1/namespaces", { metadata: { name: "demo" } });
  const path = "/api/v1/namespaces/demo/configmaps";
  await ask(`POST ${path}`, map({}, { finalizers: ["a/b"] }));
  await ask("DELETE /api/v1/namespaces/demo");
  await pass(2);
  expect((await ask("GET /api/v1/namespaces/demo")).body.status).toEqual({ phase: "Terminating" });
  expect(await ask(`POST ${path}`, { ...map({}), metadata: { name: "n" } })).toMatchObject({
    status: 403,
    body: {
      message: expect.stringContaining("unable to create new content in namespace demo because it is being terminated"),
    },
  });
  await ask(`PATCH ${path}/m`, { metadata: { finalizers: null } }, { type: "application/merge-patch+json" });
  await pass(2);
  expect((await ask("GET /api/v1/namespaces/demo")).status).toBe(404);
});

test("a listing comes in pages and a watch goes on from it", async () => {
  const { ask, made } = server();
  for (const name of ["a", "b", "c"])
    await ask(`POST ${MAPS}`, { metadata: { name, labels: { app: name === "b" ? "x" : "y" } } });
  const first = await ask(`GET ${MAPS}?limit=2`);
  const next = await ask(`GET ${MAPS}?limit=2&continue=${first.body.metadata?.continue}`);
  const names = [first, next].map(({ body }) => body.items?.map(({ metadata }) => metadata?.name));
  expect([names, next.body.metadata?.continue]).toEqual([[["a", "b"], ["c"]], undefined]);
  expect((await ask(`GET ${MAPS}?labelSelector=app%20in%20(x,z)`)).body.items).toHaveLength(1);
  expect((await ask(`GET ${MAPS}?fieldSelector=metadata.name%3Dc`)).body.items).toHaveLength(1);
  expect((await ask(`GET ${MAPS}?fieldSelector=data.x%3Dc`)).status).toBe(400);
  const { watch } = await ask(`GET ${MAPS}?watch=true&resourceVersion=${next.body.metadata?.resourceVersion}`);
  const seen: string[] = [];
  const stop = watch?.((line) => seen.push(`${JSON.parse(line).type} ${JSON.parse(line).object.metadata.name}`));
  await ask(`PATCH ${MAPS}/b`, { data: { x: "1" } }, { type: "application/merge-patch+json" });
  await ask(`DELETE ${MAPS}/c`);
  stop?.();
  await ask(`DELETE ${MAPS}/a`);
  expect(seen).toEqual(["MODIFIED b", "DELETED c"]);
  expect(made.store.version()).toBeGreaterThan(0);
});

test("only who shows a certificate of this cluster, and may, gets in; the health checks are for all", async () => {
  const { ask } = server();
  expect(await ask("GET /api/v1/nodes", undefined, { user: "unknown" })).toMatchObject({
    status: 401,
    body: { reason: "Unauthorized" },
  });
  const made = server().made;
  const headers = { "content-type": "", accept: "" };
  const nobody = (path: string) => made.handle({ method: "GET", path, headers, body: "", user: undefined });
  expect((await nobody("/readyz")).status).toBe(200);
  expect((await nobody("/api")).status).toBe(401);
  expect((await nobody("/api/v1/secrets")).status).toBe(401);
  made.failing.add("kms-providers");
  expect(await nobody("/readyz")).toMatchObject({
    status: 500,
    body: expect.stringContaining("[-]kms-providers failed"),
  });
  expect((await nobody("/livez")).status).toBe(200);
});

test.each([
  [
    "a name in capitals",
    "POST /api/v1/namespaces",
    { metadata: { name: "Demo" } },
    422,
    "a lowercase RFC 1123 label must",
  ],
  ["an unknown field", `POST ${MAPS}?fieldValidation=Strict`, { ...map({}), dataa: {} }, 400, 'unknown field "dataa"'],
  ["a wrong type", `POST ${MAPS}`, { ...map({}), data: "x" }, 400, "cannot unmarshal string"],
  ["a namespace that is not there", "POST /api/v1/namespaces/no/configmaps", map({}), 404, 'namespaces "no" not found'],
  [
    "a selector that misses its pods",
    "POST /apis/apps/v1/namespaces/default/deployments",
    {
      metadata: { name: "d" },
      spec: {
        selector: { matchLabels: { a: "b" } },
        template: { metadata: { labels: { a: "c" } }, spec: { containers: [{ name: "d", image: "d" }] } },
      },
    },
    422,
    "`selector` does not match template `labels`",
  ],
  [
    "a kind that is not there",
    "GET /apis/example.org/v1/things",
    undefined,
    404,
    "could not find the requested resource",
  ],
])("%s is refused", async (_, line, body, status, words) => {
  const told = await server().ask(line, body);
  expect([told.status, told.body.message]).toEqual([status, expect.stringContaining(words)]);
});

test("a definition makes a resource, whose fields are checked, and takes its objects along", async () => {
  const { ask } = server();
  const schema = {
    openAPIV3Schema: {
      type: "object",
      properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
    },
  };
  const names = { plural: "things", singular: "thing", kind: "Thing" };
  const versions = [{ name: "v1", served: true, storage: true, schema }];
  const spec = { group: "example.org", scope: "Namespaced", names, versions };
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  await ask(`POST ${path}`, { metadata: { name: "things.example.org" }, spec });
  const things = "/apis/example.org/v1/namespaces/default/things";
  const wrong = await ask(`POST ${things}?fieldValidation=Strict`, { metadata: { name: "t" }, spec: { sizee: 1 } });
  expect([wrong.status, wrong.body.message]).toEqual([400, expect.stringContaining('unknown field "spec.sizee"')]);
  expect((await ask(`POST ${things}`, { metadata: { name: "t" }, spec: { size: 1 } })).status).toBe(201);
  await ask(`DELETE ${path}/things.example.org`);
  expect((await ask(`GET ${things}`)).status).toBe(404);
});

test("an eviction waits where a budget needs the pod", async () => {
  const { ask } = server();
  const pods = "/api/v1/namespaces/default/pods";
  const containers = [{ name: "a", image: "a" }];
  await ask(`POST ${pods}`, { metadata: { name: "p", labels: { app: "a" } }, spec: { containers } });
  await ask(
    `PATCH ${pods}/p/status`,
    { status: { conditions: [{ type: "Ready", status: "True" }] } },
    { type: "application/merge-patch+json" },
  );
  const budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
  await ask(`POST ${budgets}`, {
    metadata: { name: "b" },
    spec: { minAvailable: 1, selector: { matchLabels: { app: "a" } } },
  });
  const evict = () =>
    ask(`POST ${pods}/p/eviction`, { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p" } });
  expect(await evict()).toMatchObject({
    status: 429,
    body: { reason: "TooManyRequests", message: "Cannot evict pod as it would violate the pod's disruption budget." },
  });
  await ask(`DELETE ${budgets}/b`);
  expect((await evict()).status).toBe(201);
  expect((await ask(`GET ${pods}/p`)).status).toBe(404);
});
