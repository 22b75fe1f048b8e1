import { nodeFindings } from "../../../../handlers/views/on-call/nodes.ts";
import { lbsOf } from "../../../../handlers/work/answers/lb.ts";
import { nodesOf } from "../../../../handlers/work/answers/nodes.ts";
import { askInside } from "../../../../handlers/work/health/inside.ts";
import { KubernetesError } from "../../../../shared/kubernetes/errors.ts";
import { OpenStackError } from "../../../../shared/openstack/errors.ts";
import type { Deps } from "../../../../shared/ports/deps.ts";
import { markOf } from "../../../../shared/resources/kind.ts";
import { NOW_MS, record, step } from "../../given.ts";

// Goal: an API that nobody could ask, as Barbican does not say how, is not called silent, and takes no other answer away.
const one = record(
  {},
  {
    steps: {
      "floating-ip/api": step({ facts: { address: "203.0.113.68" } }),
      "secret/pki": step({ facts: { href: "https://barbican/b1" } }),
      "kubernetes-node/worker-1": step(),
    },
  },
);
const DAY_MS = 86_400_000;
const asked = { method: "GET", path: "/" } as const;
const away = new OpenStackError({ ...asked, service: "key-manager", fault: "no", trouble: "retry" });
const silent = new KubernetesError({ ...asked, message: "refused" } as ConstructorParameters<
  typeof KubernetesError
>[0]);

const SERVER = {
  id: "s1",
  name: "dev-k7f3m2q9x1-server-worker-1",
  status: "ACTIVE",
  tenant_id: "p1",
  tags: [markOf({ cluster: one.id })],
  flavor: { original_name: "m1.large" },
  addresses: {},
};
const never = () => new Promise<never>(() => undefined);
function deps(connect: () => Promise<never>, wait: () => Promise<void> = never): Deps {
  const none = async () => [];
  const cloud = {
    scope: async () => ({ projectId: "p1" }),
    loadBalancer: { listLoadBalancers: none, listListeners: none },
    network: { listFloatingIps: none },
    compute: { listServers: async () => [SERVER] },
  };
  const clock = { nowMs: () => NOW_MS, wait };
  return { clock, kubernetes: { connect }, cloudOf: () => cloud } as unknown as Deps;
}

test("what is not known is not silent; what does not answer, or not in time, is", async () => {
  expect(
    await askInside(
      deps(() => Promise.reject(away)),
      one,
    ),
  ).toBeUndefined();
  expect(
    await askInside(
      deps(() => Promise.reject(silent)),
      one,
    ),
  ).toEqual({ is: "silent" });
  expect(
    await askInside(
      deps(never, async () => undefined),
      one,
    ),
  ).toEqual({ is: "silent" });
  await expect(
    askInside(
      deps(() => Promise.reject(new Error("ours"))),
      one,
    ),
  ).rejects.toThrow("ours");
});

test("a Barbican that is away hides no server, and an API that nobody could ask is not called silent", async () => {
  const of = await nodesOf(
    one,
    deps(() => Promise.reject(away)),
  );
  expect(of.truth.members.map(({ name, server }) => `${name} ${server?.status}`)).toEqual([
    "control-plane-1 undefined",
    "worker-1 ACTIVE",
    "worker-2 undefined",
  ]);
  expect(nodeFindings(of).map(({ grade, of: about, says }) => `${grade} ${about}: ${says}`)).toEqual([
    "look API server: It was not asked. The cloud's key-manager service gave no answer: no. Ask again in a minute.",
    "look node control-plane-1: Its server is not there yet.",
    "look node worker-2: Its server is not there yet.",
  ]);
  await expect(
    nodesOf(
      one,
      deps(() => Promise.reject(new Error("ours"))),
    ),
  ).rejects.toThrow("ours");
});

test("a Barbican that is away hides no load balancer", async () => {
  const of = await lbsOf(
    one,
    deps(() => Promise.reject(away)),
  );
  expect(of.lbs).toEqual([]);
  expect(of.wanted).not.toHaveProperty("services");
  await expect(
    lbsOf(
      one,
      deps(() => Promise.reject(new Error("ours"))),
    ),
  ).rejects.toThrow("ours");
});

test.each([
  ["is far", 300, ["/api/v1/nodes", "/apis/certificates.k8s.io/v1/certificatesigningrequests"], undefined],
  [
    "is near",
    340,
    ["/api/v1/nodes", "/version", "/apis/certificates.k8s.io/v1/certificatesigningrequests"],
    NOW_MS + 700 * DAY_MS,
  ],
])("an API whose certificate's end %s", async (_how, days, paths, certificateEndMs) => {
  const heard: string[] = [];
  const send = async ({ path }: { readonly path: string }) => {
    heard.push(path.split("?")[0] ?? "");
    return { status: 200, body: JSON.stringify({ items: [] }), certificateEndMs: NOW_MS + 700 * DAY_MS };
  };
  const { steps } = one.status;
  const old = record({}, { steps: { ...steps, "kubernetes-node/control-plane-1": step({ readyMs: NOW_MS }) } });
  const at = deps(never);
  const clock = { ...at.clock, nowMs: () => NOW_MS + days * DAY_MS };
  const kubernetes = { ...at.kubernetes, connect: async () => send };
  const told = await askInside({ ...at, clock, kubernetes }, old);
  expect(heard).toEqual(paths);
  expect(told).toEqual({
    is: "told",
    states: new Map(),
    ...(certificateEndMs === undefined ? {} : { certificateEndMs }),
  });
});

test("an API that says what nobody can read is told, beside all the rest", async () => {
  const send = async () => ({ status: 200, body: "<html>" });
  const at = deps(never);
  const of = await nodesOf(one, { ...at, kubernetes: { ...at.kubernetes, connect: async () => send } });
  const [first] = nodeFindings(of);
  expect(`${first?.grade} ${first?.of}`).toBe("bad API server");
  expect(first?.says).toMatch(/^What it says of its nodes can't be read \(.+\): ask whoever changed it\.$/);
  expect(of.truth.members.find(({ name }) => name === "worker-1")?.server?.status).toBe("ACTIVE");
});
