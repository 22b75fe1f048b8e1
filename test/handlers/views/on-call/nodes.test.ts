import { nodesMessage } from "../../../../handlers/views/on-call/nodes.ts";
import type { MemberTruth } from "../../../../shared/resources/node-truth.ts";
import { wordsOf } from "../../desk.ts";
import { node, nodesOf, server, worker } from "./given.ts";

// Goal: a node that is not Ready is told with its reason, its server's state and the end of its console, and what to do.
const lines = (...of: Parameters<typeof nodesOf>) => wordsOf(nodesMessage(nodesOf(...of))).split("\n");
const of = (members: readonly MemberTruth[], over: Parameters<typeof nodesOf>[1] = {}) =>
  lines(members, over).filter((line) => /^:(x|hourglass_flowing_sand): \*(?!dev\*).*\*:/.test(line));
const { server: _, ...lost } = worker();
const { node: _n, ...out } = worker();

test("all Ready: server and node side by side", () => {
  expect(lines([worker()]).map((line) => line.replaceAll(/<!date[^>]*>/g, "THEN"))).toEqual([
    ":white_check_mark: The node of *dev* is Ready.",
    ":white_check_mark: *worker-1* server ACTIVE, Ready",
    "m1.large · `10.20.0.12` · `s1` · made THEN",
    "node `dev-k7f3m2q9x1-server-worker-1` · kubelet v1.36.4 · Ready since THEN",
    "Kubernetes 1.36 is wanted on each",
  ]);
});

test.each<[string, MemberTruth, string]>([
  ["gone", lost, "Its server is gone: `/k8s retry dev` makes it again."],
  [
    "in ERROR",
    worker({ server: server({ status: "ERROR", fault: "No valid host was found." }) }),
    "Nova has its server in ERROR: No valid host was found. `/k8s retry dev` makes it once more.",
  ],
  [
    "switched off",
    worker({ server: server({ status: "SHUTOFF" }) }),
    "Its server is switched off: `openstack server start s1` starts it.",
  ],
  [
    "paused",
    worker({ server: server({ status: "PAUSED" }) }),
    "Its server is paused: `openstack server unpause s1` lets it go on.",
  ],
  [
    "suspended",
    worker({ server: server({ status: "SUSPENDED" }) }),
    "Its server is suspended: `openstack server resume s1` lets it go on.",
  ],
  [
    "in another state",
    worker({ server: server({ status: "VERIFY_RESIZE" }) }),
    "Its server is VERIFY_RESIZE: `openstack server show s1` says more.",
  ],
  ["no node", out, "Its server runs and it is no node of the cluster: the end of its console says how far it came."],
  [
    "another server's",
    worker({ node: node({ serverId: "s9" }) }),
    "It is another server's (`s9`), not `s1`: run `kubectl delete node dev-k7f3m2q9x1-server-worker-1`, then `openstack server reboot s1`, and it registers anew.",
  ],
  [
    "short of memory",
    worker({ node: node({ pressures: ["MemoryPressure"] }) }),
    "MemoryPressure: pods on it are evicted. Free some of it, or ask for larger workers.",
  ],
  [
    "of another version",
    worker({ node: node({ kubelet: "v1.35.2" }) }),
    "It runs `v1.35.2` where kinvirt installed 1.36: somebody has changed that.",
  ],
])("a member that is %s", (_what, one, said) => {
  const [found = "", ...more] = of([one]);
  expect(found.replace(/^:\w+: \*node worker-1\*: /, "")).toBe(said);
  expect(more).toEqual([]);
});

test("NotReady with its reason, and the end of the console", () => {
  const unready = node({ ready: "False", reason: "KubeletNotReady", message: "cni plugin not initialized" });
  const said = lines([worker({ node: unready, lastLines: ["login:", "oops"] })]);
  expect(said[1]?.replaceAll(/<!date[^>]*>/g, "THEN")).toBe(
    ":x: *node worker-1*: NotReady since THEN (KubeletNotReady: cni plugin not initialized): `kubectl describe node dev-k7f3m2q9x1-server-worker-1` says more.",
  );
  expect(said.slice(-4, -1)).toEqual(["The end of its console:", "`login:`", "`oops`"]);
});

test("an API that is silent is told once, and says nothing of its nodes", () => {
  const silent = { truth: { members: [out], answered: false } };
  expect(of([], silent)).toEqual([
    ":x: *API server*: It does not answer, so nothing is known of its nodes: `/k8s lb dev` shows whether its load balancer leads anywhere.",
  ]);
  expect(lines([], silent)).toContain(":grey_question: *worker-1* server ACTIVE, node not known");
});

test("an API that says that it is not ready", () => {
  expect(of([worker()], { failing: ["kms-providers", "etcd"] })).toEqual([
    ":x: *API server*: It says that it is not ready: `kms-providers`, `etcd`. `/k8s kms dev` looks at its key.",
  ]);
});

test("what comes or goes is no alarm; what is nobody's is named", () => {
  expect(of([out], { stage: "coming" })).toEqual([
    ":hourglass_flowing_sand: *node worker-1*: Its server runs and it is not in the cluster yet.",
  ]);
  expect(of([lost], { stage: "leaving" })).toEqual([]);
  expect(of([worker({ name: "dev-x", wanted: false })])).toEqual([
    ":hourglass_flowing_sand: *server `dev-x`*: It is marked as this cluster's and is none of the machines that kinvirt knows of it: find out who made it.",
  ]);
  expect(of([worker({ node: node({ cordoned: true }) })])).toEqual([
    ":hourglass_flowing_sand: *node worker-1*: It takes no new pods: `kubectl uncordon dev-k7f3m2q9x1-server-worker-1` ends that, if nobody works on it.",
  ]);
});
