import { nodeKind } from "../../../shared/cluster/kubernetes/node-step.ts";
import type { KubernetesSession } from "../../../shared/cluster/kubernetes/session.ts";
import type { StepStatus } from "../../../shared/cluster/record.ts";
import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { OpenStackError, type Trouble } from "../../../shared/openstack/errors.ts";

// Goal: a node is in when Kubernetes and the cloud agree that it is that very server; a machine is only ever given up when it
// never was in, and never because its API is silent.
const MINUTE_MS = 60_000;
const cluster = { cluster: "k7f3m2q9x1", name: "dev" };
const NAME = "dev-k7f3m2q9x1-server-worker-1";
const UNINITIALIZED = { key: "node.cloudprovider.kubernetes.io/uninitialized", effect: "NoSchedule" };
const refused = async (): Promise<never> => {
  throw new Error("nobody may ask");
};

interface Given {
  /** Undefined: the API does not answer. */
  readonly nodes?: readonly object[] | undefined;
  readonly member?: string;
  readonly minutes?: number;
  /** When the API was there first. */
  readonly apiMinutes?: number;
  readonly was?: Partial<StepStatus>;
  /** Its server was never ready. */
  readonly building?: boolean;
  readonly console?: () => Promise<string | undefined>;
}

async function look({ nodes, member = "worker-1", minutes = 1, apiMinutes = 0, was, building, console }: Given) {
  const deleted: string[] = [];
  const status = (step: string): StepStatus | undefined => {
    const plain = { state: "ready" as const, facts: {}, recreated: false };
    if (step === "kubernetes-api") return { ...plain, id: step, readyMs: apiMinutes * MINUTE_MS };
    if (step === `server/${member}`) return { ...plain, id: "s1", ...(building === true ? {} : { readyMs: 0 }) };
    return was === undefined ? undefined : { ...plain, ...was };
  };
  const session = {
    status,
    nowMs: () => minutes * MINUTE_MS,
    api: async () => (nodes === undefined ? undefined : { listNodes: async () => nodes }),
    pki: refused,
    secret: refused,
  } as unknown as KubernetesSession;
  const cloud = {
    compute: {
      getConsoleLog: console ?? (async () => "booting\nkinvirt: the certificate authority is another cluster's\n"),
      deleteServer: async (id: string) => void deleted.push(id),
    },
  } as unknown as Cloud;
  const kind = nodeKind(session, [member]);
  const [seen] = await kind.find(cloud, cluster);
  if (seen === undefined) throw new Error("every member is seen, in the cluster or not");
  await kind.remove(cloud, seen);
  return { ...seen, deleted };
}

const node = (more: { taints?: readonly object[]; providerID?: string; ready?: string; name?: string } = {}) => ({
  metadata: { name: more.name ?? NAME },
  spec: { taints: more.taints ?? [], providerID: more.providerID ?? "openstack:///s1" },
  status: { conditions: [{ type: "Ready", status: more.ready ?? "True" }] },
});

test("one that is Ready, initialised and that very server is in", async () => {
  expect(await look({ nodes: [node()] })).toMatchObject({ status: "ready", state: "Ready", facts: { in: "s1" } });
});

test.each([
  ["NotReady", node({ ready: "False" }), "NotReady"],
  ["silent", node({ ready: "Unknown" }), "NotReady"],
  ["one whose id begins alike", node({ providerID: "openstack:///s12" }), "another server's"],
  ["not initialised by the cloud controller", node({ taints: [UNINITIALIZED] }), "not yet known"],
  ["another server of the same name", node({ providerID: "openstack:///s0" }), "another server's"],
  ["somebody else", node({ name: "dev-k7f3m2q9x1-server-worker-2" }), "not in the cluster yet"],
])("one that is %s is waited for", async (_what, found, state) => {
  const seen = await look({ nodes: [found] });
  expect([seen.status, seen.deleted]).toEqual(["pending", []]);
  expect(seen.state).toContain(state);
});

test("a machine that has not come within its time is given up, with its console's last words", async () => {
  expect(await look({ nodes: [], minutes: 19.9 })).toMatchObject({ status: "pending", deleted: [] });
  const seen = await look({ nodes: [], minutes: 20 });
  expect(seen).toMatchObject({ status: "failed", deleted: ["s1"] });
  expect(seen.fault).toContain("did not come into the cluster within 20 minutes");
  expect(seen.fault).toContain("the certificate authority is another cluster's");
});

test.each([
  ["its API does not answer", { nodes: undefined }],
  ["it was in once and is NotReady", { nodes: [node({ ready: "Unknown" })], was: { facts: { in: "s1" } } }],
  ["it was in once and its Node is gone", { nodes: [], was: { facts: { in: "s1" }, state: "pending" as const } }],
  [
    "it is the first control plane, was in, and nothing answers",
    { member: "control-plane-1", was: { facts: { in: "s1" } } },
  ],
])("never because %s", async (_what, given) => {
  const seen = await look({ ...given, minutes: 100_000 });
  expect([seen.status, seen.deleted]).toEqual(["pending", []]);
  if ("was" in given) expect(seen.facts).toEqual({ in: "s1" });
});

test("the others have their time from when there is an API to join", async () => {
  expect((await look({ nodes: [], minutes: 45, apiMinutes: 30 })).status).toBe("pending");
  expect((await look({ nodes: [], minutes: 51, apiMinutes: 30 })).status).toBe("failed");
  const first = { member: "control-plane-1", minutes: 21, apiMinutes: 20 };
  expect((await look({ nodes: [], ...first })).status).toBe("failed");
});

test("the first control plane is given up when it never made an API, and a new server is judged anew", async () => {
  const first = { member: "control-plane-1", minutes: 21 };
  expect(await look(first)).toMatchObject({ status: "failed", deleted: ["s1"] });
  const other = { nodes: [], minutes: 21, was: { facts: { in: "s0" } } };
  expect(await look(other)).toMatchObject({ status: "failed", deleted: ["s1"] });
});

test("its time does not begin before its server is there", async () => {
  expect(await look({ nodes: [], minutes: 100_000, building: true })).toMatchObject({ status: "pending", deleted: [] });
});

const refusing = (trouble: Trouble) => async (): Promise<never> => {
  throw new OpenStackError({ service: "compute", method: "POST", path: "/x", fault: "no", trouble });
};

test.each([
  "conflict",
  "invalid",
  "denied",
] as const)("a console that Nova does not show (%s) says nothing", async (trouble) => {
  const { fault } = await look({ nodes: [], minutes: 21, console: refusing(trouble) });
  expect(fault).toMatch(/its console says nothing$/);
});

test("a console that could not be asked for is asked for again before anything is given up", async () => {
  await expect(look({ nodes: [], minutes: 21, console: refusing("retry") })).rejects.toMatchObject({
    trouble: "retry",
  });
  expect((await look({ nodes: [], minutes: 21, console: async () => undefined })).fault).toMatch(/says nothing$/);
  await expect(look({ nodes: [], minutes: 29, console: refusing("retry") })).rejects.toThrow();
});

test("a dead host never gives a console, and its machine is given up without", async () => {
  expect(await look({ nodes: [], minutes: 30, console: refusing("retry") })).toMatchObject({
    status: "failed",
    fault: expect.stringMatching(/its console says nothing$/),
  });
});
