import { clusterGraph } from "../../../shared/cluster/graph.ts";
import type { StepStatus } from "../../../shared/cluster/record.ts";
import type { KubernetesRequest } from "../../../shared/kubernetes/send.ts";
import { SERVICES } from "../../../shared/openstack/catalog.ts";
import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { resolved, spec } from "../../handlers/given.ts";

// Goal: of a cluster that goes exactly what keeps things in the cloud alive is deleted through its own API, while that answers
// and for three minutes at most; and data that is to be kept is not even asked for.
const cluster = { cluster: "k7f3m2q9x1", name: "dev" };
const cloud = {} as Cloud;
const MINUTE_MS = 60_000;
const meta = (name: string, namespace?: string) => ({
  ...{ name, uid: `uid-${name}`, resourceVersion: "1" },
  ...(namespace === undefined ? {} : { namespace }),
});
const PREFIXES = Object.fromEntries(SERVICES.map((service) => [service, `/${service}`]));
const LISTS: Readonly<Record<string, readonly object[]>> = {
  "/api/v1/services": [
    { metadata: meta("shop", "web"), spec: { type: "LoadBalancer" } },
    { metadata: meta("kubernetes", "default"), spec: { type: "ClusterIP" } },
  ],
  "/apis/networking.k8s.io/v1/ingresses": [{ metadata: meta("front", "web"), spec: {} }],
  "/api/v1/persistentvolumeclaims": [{ metadata: meta("data"), spec: {} }],
};

interface Given {
  readonly keepData?: boolean;
  readonly minutes?: number;
  readonly silent?: boolean;
  /** Its logins were made anew once. */
  readonly renewed?: boolean;
  readonly cni?: "kuryr";
}

function content(of: Given = {}) {
  const asked: string[] = [];
  const send = async ({ method, path }: KubernetesRequest) => {
    const at = path.split("?")[0] ?? "";
    asked.push(`${method} ${at}`);
    if (of.silent === true) throw new Error("timeout");
    return { status: 200, body: JSON.stringify(method === "GET" ? { items: LISTS[at] ?? [] } : {}) };
  };
  const facts: Readonly<Record<string, StepStatus["facts"]>> = {
    "floating-ip/api": { address: "203.0.113.9" },
    "secret/pki": { href: "x" },
  };
  const nodes = clusterGraph({
    ...{
      cluster: cluster.cluster,
      spec: spec({ cni: of.cni ?? "calico" }),
      createdMs: 0,
      nowMs: () => 0,
      token: () => "",
    },
    resolved: resolved({ prefixes: PREFIXES, blockStorageType: "block-storage" }),
    ...(of.renewed === true ? { renewals: { count: 1, sinceMs: 0 } } : {}),
    leaving: true,
    keepData: of.keepData === true,
    kubernetes: {
      dialer: { connect: async () => send, urlOf: async () => "" },
      status: (step) => ({ state: "ready", recreated: false, facts: facts[step] ?? {} }),
      repair: false,
      startedMs: 0,
      nowMs: () => (of.minutes ?? 0) * MINUTE_MS,
    },
  });
  const found = nodes.find(({ step }) => step === "kubernetes-content");
  if (found === undefined) throw new Error("there is such a step");
  const { kind, answerers, needs } = found;
  const left = (of: string) => nodes.find(({ step }) => step === `${of}/left`);
  return { left, asked, kind, answerers, needs, steps: nodes.map(({ step }) => step) };
}

const LISTED = Object.keys(LISTS).map((path) => `GET ${path}`);

test("load balancers' Services, Ingresses and claims go, and nothing else", async () => {
  const { kind, asked } = content();
  const found = await kind.find(cloud, cluster);
  expect(found).toMatchObject([{ status: "ready", state: "3 Services, Ingresses and claims" }]);
  expect(asked.splice(0).sort()).toEqual(LISTED.toSorted());
  for (const one of found) await kind.remove(cloud, one);
  expect(asked.filter((call) => call.startsWith("DELETE"))).toEqual([
    "DELETE /api/v1/namespaces/web/services/shop",
    "DELETE /apis/networking.k8s.io/v1/namespaces/web/ingresses/front",
    "DELETE /api/v1/namespaces/default/persistentvolumeclaims/data",
  ]);
});

test("with data that is kept claims are left alone, and so is what they have in the cloud", async () => {
  const { kind, asked, steps } = content({ keepData: true });
  for (const one of await kind.find(cloud, cluster)) await kind.remove(cloud, one);
  expect(asked.filter((call) => call.includes("persistentvolumeclaims"))).toEqual([]);
  expect(asked.filter((call) => call.startsWith("DELETE"))).toHaveLength(2);
  const swept = (all: readonly string[]) => all.filter((step) => step.startsWith("claim-"));
  expect(swept(steps)).toEqual([]);
  expect(swept(content().steps)).toHaveLength(3);
});

test("it is asked for three minutes, and while its API is silent there is nothing", async () => {
  const last = content({ minutes: 3 });
  expect(await last.kind.find(cloud, cluster)).toHaveLength(1);
  const late = content({ minutes: 3.1 });
  expect(await late.kind.find(cloud, cluster)).toEqual([]);
  expect(late.asked).toEqual([]);
  expect(await content({ silent: true }).kind.find(cloud, cluster)).toEqual([]);
});

test("control planes answer for it, and no worker", () => {
  expect(content().answerers).toEqual(["server/control-plane-1"]);
});

test("what it removes things with stays until it has removed them", () => {
  const held = (needs: readonly string[]) => needs.filter((step) => /^(credential|secret)\//.test(step)).sort();
  const logins = ["credential/controllers", "credential/storage", "secret/controllers", "secret/pki", "secret/storage"];
  expect(held(content().needs)).toEqual(logins);
  const renewed = logins.map((step) => (step === "secret/pki" ? step : `${step}-2`));
  expect(held(content({ renewed: true }).needs)).toEqual(renewed);
  expect(content().needs).toEqual(expect.arrayContaining(["server/worker-1", "load-balancer/api", "claim-share/left"]));
});

test("what others make is looked for when no server is left that could make more of it; an address at once, but Kuryr's", () => {
  const servers = ["server/control-plane-1", "server/worker-1", "server/worker-2"];
  const { left } = content();
  expect(left("service-balancer")).toMatchObject({ needs: ["network", "subnet"], makers: servers });
  expect(left("service-address")).toMatchObject({ needs: ["router"] });
  expect(left("service-address")).not.toHaveProperty("makers");
  expect(left("pod-port")).toBeUndefined();
  // A volume does not go before its snapshots.
  expect(left("claim-snapshot")?.needs).toContain("claim-volume/left");
  const kuryr = content({ cni: "kuryr" }).left;
  expect(kuryr("service-address")).toMatchObject({ makers: servers, needs: expect.arrayContaining(["router"]) });
  expect(kuryr("pod-port")).toMatchObject({ makers: servers });
});
