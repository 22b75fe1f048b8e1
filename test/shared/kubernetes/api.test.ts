import * as z from "zod";
import { kubernetesApi } from "../../../shared/kubernetes/api.ts";
import { isRefusal, KubernetesError } from "../../../shared/kubernetes/errors.ts";
import type { KubernetesRequest } from "../../../shared/kubernetes/send.ts";

// Goal: each call goes out as the API server reads it, and every answer becomes a value, a refusal or "unreachable".
type Answer = { readonly status: number; readonly body: unknown } | Error;

function server(...answers: readonly Answer[]) {
  const heard: KubernetesRequest[] = [];
  const api = kubernetesApi(async (request) => {
    const answer = answers[heard.length];
    heard.push(request);
    if (answer === undefined) throw new Error("nothing more was expected");
    if (answer instanceof Error) throw answer;
    return { status: answer.status, body: typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body) };
  });
  return { api, heard };
}

const status = (code: number, reason: string, message = reason, details = {}) => ({
  status: code,
  body: { kind: "Status", apiVersion: "v1", status: "Failure", reason, message, code, details },
});
const meta = (name: string) => ({ name, uid: `uid-${name}`, resourceVersion: "7" });
const error = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (problem: unknown) => problem,
  );

test("a listing without an end is given up, and a page may have more items than a call has arguments", async () => {
  const pad = "x".repeat(8 * 1024 * 1024);
  const page = (next: string) => ({ status: 200, body: { pad, metadata: { continue: next }, items: [] } });
  const { api, heard } = server(...Array.from({ length: 9 }, (_, at) => page(`c${at}`)));
  expect(String(await error(api.listNodes()))).toContain("unexpected shape at a page after 33");
  expect(heard).toHaveLength(4);
  const items = Array.from({ length: 200_000 }, () => ({ metadata: meta("a"), spec: {} }));
  expect(await server({ status: 200, body: { metadata: {}, items } }).api.listClaims()).toHaveLength(200_000);
});

test("a manifest is applied as kinvirt's, by force and strictly", async () => {
  const { api, heard } = server({ status: 200, body: { metadata: meta("a") } });
  const manifest = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a", namespace: "kube-system" } };
  expect(await api.apply(manifest)).toMatchObject({ uid: "uid-a", resourceVersion: "7" });
  expect(heard).toEqual([
    {
      method: "PATCH",
      path: "/apis/apps/v1/namespaces/kube-system/deployments/a?fieldManager=kinvirt&force=true&fieldValidation=Strict",
      body: JSON.stringify(manifest),
      contentType: "application/apply-patch+yaml",
      timeoutMs: 15_000,
    },
  ]);
});

test.each([
  ["NetworkPolicy", "networkpolicies"],
  ["StorageClass", "storageclasses"],
  ["Endpoints", "endpoints"],
  ["IPPool", "ippools"],
])("the resource of the kind %s is %s", async (kind, plural) => {
  const { api, heard } = server({ status: 200, body: {} });
  await api.get({ apiVersion: "g/v1", kind, name: "x" }, z.object({}));
  expect(heard[0]?.path).toBe(`/apis/g/v1/${plural}/x`);
});

test("a listing is read to its last page, and from its beginning when the server has forgotten its place", async () => {
  const page = (name: string, next?: string) => ({
    status: 200,
    body: { metadata: { continue: next }, items: [{ metadata: meta(name), status: {} }] },
  });
  const { api, heard } = server(page("a", "c 1"), status(410, "Expired"), page("a", "c2"), page("b"));
  expect((await api.listNodes()).map(({ metadata }) => metadata.name)).toEqual(["a", "b"]);
  expect(heard.map(({ path }) => path)).toEqual([
    "/api/v1/nodes?limit=500",
    "/api/v1/nodes?limit=500&continue=c+1",
    "/api/v1/nodes?limit=500",
    "/api/v1/nodes?limit=500&continue=c2",
  ]);
});

test("readiness names the checks that fail; only 200 and 500 say something about it", async () => {
  const failing = "[+]ping ok\n[-]etcd failed: reason withheld\n[-]poststarthook/rbac/bootstrap-roles failed: x\n";
  const { api } = server(
    { status: 200, body: "[+]ping ok\nreadyz check passed\n" },
    { status: 500, body: failing },
    status(403, "Forbidden"),
  );
  expect(await api.readyz()).toEqual({ ready: true, failing: [] });
  expect(await api.readyz()).toEqual({ ready: false, failing: ["etcd", "poststarthook/rbac/bootstrap-roles"] });
  expect(isRefusal(await error(api.readyz()), "Forbidden")).toBe(true);
});

test("no answer is unreachable, a refusal is not, and an unknown shape is neither", async () => {
  const { api } = server(
    new Error("connect ECONNREFUSED"),
    status(503, "ServiceUnavailable"),
    { status: 200, body: { major: 1 } },
    { status: 502, body: "<html>bad gateway</html>" },
  );
  const found = [];
  for (let times = 0; times < 4; times++) found.push(await error(api.version()));
  expect(found.map((one) => one instanceof KubernetesError && [one.status, one.reason, one.unreachable])).toEqual([
    [undefined, "Unreachable", true],
    [503, "ServiceUnavailable", false],
    [200, "Unreadable", false],
    [502, "Unknown", false],
  ]);
});

test("words about a Secret are not repeated, whoever quotes it", async () => {
  const { api } = server(status(400, "BadRequest", "illegal base64: hunter2"));
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "d" }, data: { p: "hunter2" } };
  const told = await error(api.apply(secret));
  expect(told).toMatchObject({ status: 400, reason: "BadRequest" });
  expect(`${told} ${JSON.stringify(told)}`).not.toContain("hunter2");
});

test("what is removed is named by its uid, and what is gone is no error", async () => {
  const { api, heard } = server({ status: 200, body: {} }, status(404, "NotFound"), status(409, "Conflict"));
  const ref = { apiVersion: "v1", kind: "Service", namespace: "d", name: "web" };
  expect(await api.remove(ref, { uid: "u1", propagation: "Foreground", graceSeconds: 0 })).toBe(true);
  expect(await api.remove(ref)).toBe(false);
  expect(isRefusal(await error(api.remove(ref, { uid: "u2" })), "Conflict")).toBe(true);
  expect(JSON.parse(heard[0]?.body ?? "")).toEqual({
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy: "Foreground",
    gracePeriodSeconds: 0,
    preconditions: { uid: "u1" },
  });
});

test("an eviction that a budget forbids says when to ask again", async () => {
  const { api, heard } = server(
    status(429, "TooManyRequests", "Cannot evict pod", { retryAfterSeconds: 10 }),
    status(404, "NotFound"),
    { status: 201, body: {} },
  );
  const pod = { namespace: "d", name: "p" };
  expect(await error(api.evict(pod))).toMatchObject({ reason: "TooManyRequests", failure: { retryAfterSeconds: 10 } });
  expect([await api.evict(pod), await api.evict(pod)]).toEqual([false, true]);
  expect(heard[2]).toMatchObject({ method: "POST", path: "/api/v1/namespaces/d/pods/p/eviction" });
});

test("a signing request is approved as it was read, beside what others said of it", async () => {
  const csr = {
    metadata: meta("csr-1"),
    spec: { request: "cGVt", signerName: "kubernetes.io/kubelet-serving", username: "system:node:a" },
    status: { conditions: [{ type: "Other", status: "True" }] },
  };
  const { api, heard } = server({ status: 200, body: { metadata: {}, items: [csr] } }, { status: 200, body: {} });
  const [read] = await api.listCsrs();
  if (read === undefined) throw new Error("no request was listed");
  await api.approveCsr(read, "it is the server a");
  expect(heard[1]?.path).toBe("/apis/certificates.k8s.io/v1/certificatesigningrequests/csr-1/approval");
  const sent = JSON.parse(heard[1]?.body ?? "");
  expect(sent.metadata).toEqual({ resourceVersion: "7" });
  expect(sent.status.conditions.map((one: { type: string }) => one.type)).toEqual(["Other", "Approved"]);
});

test.each([
  [
    "a new generation that nobody looked at yet",
    2,
    { observedGeneration: 1, updatedReplicas: 2, availableReplicas: 2 },
    false,
  ],
  ["old pods beside too few new ones", 2, { observedGeneration: 2, updatedReplicas: 1, availableReplicas: 2 }, false],
  ["all of them new and available", 2, { observedGeneration: 2, updatedReplicas: 2, availableReplicas: 2 }, true],
])("a Deployment: %s", async (_, generation, told, available) => {
  const body = { metadata: { ...meta("d"), generation }, spec: { replicas: 2 }, status: told };
  const { api } = server({ status: 200, body });
  expect(await api.workload({ kind: "Deployment", namespace: "n", name: "d" })).toMatchObject({ available, wanted: 2 });
});

test("of all Services only those with a load balancer are listed", async () => {
  const items = [
    { metadata: meta("web"), spec: { type: "LoadBalancer" } },
    { metadata: meta("kubernetes"), spec: {} },
  ];
  const { api } = server({ status: 200, body: { metadata: {}, items } });
  expect((await api.listLoadBalancerServices()).map(({ metadata }) => metadata.name)).toEqual(["web"]);
});

const LISTED = { metadata: {}, items: [{ metadata: meta("a"), status: {} }] };

test("a place that is gone is forgotten too, and a page that names nothing behind it is the last", async () => {
  const first = { status: 200, body: { ...LISTED, metadata: { continue: "c1" } } };
  const { api, heard } = server(first, status(410, "Gone"), {
    status: 200,
    body: { ...LISTED, metadata: { continue: "" } },
  });
  expect(await api.listNodes()).toHaveLength(1);
  expect(heard).toHaveLength(3);
});

test("an answer that sends us on is none, and who may not look has not seen that nothing is there", async () => {
  const { api } = server({ status: 302, body: LISTED }, status(403, "Forbidden"));
  expect(await error(api.listNodes())).toMatchObject({ status: 302 });
  const ref = { apiVersion: "v1", kind: "ConfigMap", name: "a/b" };
  expect(isRefusal(await error(api.get(ref, z.object({}))), "Forbidden")).toBe(true);
});

test("a name is one part of the path, and words are told to a certain length, without what was asked for", async () => {
  const { api, heard } = server(status(422, "Invalid", "x".repeat(600)), status(400, "BadRequest", "bad: hunter2"));
  await error(api.get({ apiVersion: "v1", kind: "ConfigMap", name: "a/b" }, z.object({})));
  expect(heard[0]?.path).toBe("/api/v1/configmaps/a%2Fb");
  const told = await error(server(status(422, "Invalid", "x".repeat(600))).api.listNodes());
  expect(told).toMatchObject({ failure: { path: "/api/v1/nodes", message: "x".repeat(500) } });
  // A listing of Secrets may quote one as well.
  const secrets = await error(api.list({ apiVersion: "v1", kind: "Secret" }, z.object({})));
  expect(`${secrets} ${JSON.stringify(secrets)}`).not.toContain("hunter2");
  expect(secrets).toMatchObject({ failure: { path: "/api/v1/secrets" } });
});

test("a server that does not say what fails is not ready, and a Deployment without a number is one of one", async () => {
  const bare = { status: 200, body: { metadata: meta("a"), spec: {}, status: {} } };
  const { api } = server({ status: 500, body: "internal error" }, bare);
  expect(await api.readyz()).toEqual({ ready: false, failing: [] });
  const one = { kind: "Deployment", namespace: "d", name: "a" } as const;
  expect(await api.workload(one)).toEqual({ available: false, wanted: 1, have: 0 });
});
