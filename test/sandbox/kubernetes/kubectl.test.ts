import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cluster } from "../../../sandbox/kubernetes/cluster.ts";
import { listenFor } from "../../../sandbox/kubernetes/listen.ts";
import { tasks } from "../../../sandbox/kubernetes/tasks.ts";
import { systemChance } from "../../../shared/adapters/system-chance.ts";
import { systemClock } from "../../../shared/adapters/system-clock.ts";
import { clientCertificate, kubeconfig, newPki } from "../../../shared/bootstrap/pki.ts";
import { kubectl as runKubectl, withKubectl } from "../../support/kubectl.ts";

// Goal: the real kubectl takes the sandbox for a Kubernetes: it reads, applies, waits, drains and removes over TLS.
const folder = mkdtempSync(join(tmpdir(), "kinvirt-kubectl-"));
let server: Awaited<ReturnType<typeof listenFor>> | undefined;

beforeAll(async () => {
  const clock = systemClock();
  const pki = await newPki({ cluster: "dev", nowMs: clock.nowMs(), seed: "s" });
  const made = cluster({
    ...{ authority: pki.ca, sans: ["api.dev.example.org"], gitVersion: "v1.36.1", serviceCidr: "10.96.0.0/12" },
    ...{ serverTLSBootstrap: false, tasks: tasks(clock), chance: systemChance() },
  });
  server = await listenFor(made, clock, 0, "127.0.0.1");
  const people = { admin: "system:masters", ada: "kinvirt:view", "system:node:node-a": "system:nodes" };
  for (const [user, group] of Object.entries(people)) {
    const client = await clientCertificate(pki.ca, { user, groups: [group], nowMs: clock.nowMs(), seconds: 3600 });
    const where = { server: `https://127.0.0.1:${server.port}`, tlsServerName: "api.dev.example.org" };
    writeFileSync(
      join(folder, `${user}.conf`),
      kubeconfig({ ...where, ca: pki.ca.certificate, client, cluster: "dev", user }),
    );
  }
  writeFileSync(join(folder, "node.json"), JSON.stringify(NODE));
  writeFileSync(join(folder, "app.json"), JSON.stringify(APP));
  writeFileSync(join(folder, "wrong.json"), JSON.stringify({ ...WEB, spec: { ...WEB.spec, replicass: 2 } }));
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

const NODE = {
  ...{ apiVersion: "v1", kind: "Node", metadata: { name: "node-a" } },
  status: { addresses: [{ type: "InternalIP", address: "10.0.0.5" }], nodeInfo: { kubeletVersion: "v1.36.1" } },
};
const podsOf = (name: string, spec = {}) => ({
  selector: { matchLabels: { app: name } },
  template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: name }], ...spec } },
});
const WEB = {
  ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "demo" } },
  spec: { replicas: 2, ...podsOf("web") },
};
const APP = {
  ...{ apiVersion: "v1", kind: "List" },
  items: [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "demo" } },
    {
      ...{ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "calico-node", namespace: "kube-system" } },
      spec: podsOf("calico-node", { hostNetwork: true, tolerations: [{ operator: "Exists" }] }),
    },
    WEB,
    {
      ...{ apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "demo" } },
      spec: { ports: [{ port: 80 }], selector: { app: "web" } },
    },
  ],
};

const kubectl = (line: string, user = "admin"): Promise<string> => runKubectl(join(folder, `${user}.conf`), line);

withKubectl(
  "a node and an application come up, are seen, changed, drained and removed",
  async () => {
    expect(await kubectl("create -f node.json")).toBe("node/node-a created\n");
    expect(await kubectl("apply -f app.json")).toBe(
      "namespace/demo created\ndaemonset.apps/calico-node created\ndeployment.apps/web created\nservice/web created\n",
    );
    expect(await kubectl("wait --for=condition=Ready node/node-a --timeout=20s")).toBe("node/node-a condition met\n");
    expect(await kubectl("rollout status -n demo deployment/web --timeout=20s")).toContain("successfully rolled out");
    expect(await kubectl("get nodes --no-headers")).toMatch(/^node-a +Ready +<none> +\d+s +v1\.36\.1\n$/);
    expect(await kubectl("get pods -n demo --no-headers -l app=web")).toMatch(
      /^(web-\S+ +1\/1 +Running +0 +\d+s\n){2}$/,
    );
    expect(await kubectl("apply --server-side --force-conflicts -f app.json")).toContain(
      "deployment.apps/web serverside-applied",
    );
    expect(await kubectl("scale -n demo deployment/web --replicas=3")).toBe("deployment.apps/web scaled\n");
    expect(await kubectl("rollout status -n demo deployment/web --timeout=20s")).toContain("successfully rolled out");
    expect(await kubectl("label node node-a zone=a")).toBe("node/node-a labeled\n");
    expect(await kubectl("get nodes -l zone=a -o name")).toBe("node/node-a\n");
    expect(await kubectl("drain node-a --ignore-daemonsets --timeout=20s")).toMatch(/evicted\nnode\/node-a drained\n/);
    expect(await kubectl("get nodes --no-headers")).toMatch(/^node-a +Ready,SchedulingDisabled /);
    expect(await kubectl("delete namespace demo --timeout=20s")).toMatch(/^namespace "demo" deleted/);
    expect(await kubectl("get deployments -A")).toBe("No resources found\n");
  },
  120_000,
);

withKubectl(
  "kubectl's own verbs are understood, which send protobuf",
  async () => {
    expect(await kubectl("create namespace own")).toBe("namespace/own created\n");
    expect(await kubectl("create deployment shop -n own --image=shop --replicas=2 --port=8080")).toBe(
      "deployment.apps/shop created\n",
    );
    expect(await kubectl("expose -n own deployment/shop --port=80 --target-port=8080")).toBe("service/shop exposed\n");
    const port = "{.spec.selector.app} {.spec.ports[0].targetPort}";
    expect(await kubectl(`get service -n own shop -o jsonpath=${port.replace(" ", "")}`)).toBe("shop8080");
    expect(await kubectl("create secret generic key -n own --from-literal=a=b")).toBe("secret/key created\n");
    expect(await kubectl("get secret -n own key -o jsonpath={.data.a}")).toBe("Yg==");
    expect(await kubectl("create clusterrolebinding own --clusterrole=view --group=kinvirt:view")).toContain("created");
    expect(await kubectl("get deployments -n own -o name", "ada")).toBe("deployment.apps/shop\n");
    expect(await kubectl("get secrets -n own", "ada")).toContain("(Forbidden): secrets is forbidden");
    expect(await kubectl("delete namespace own --timeout=20s")).toMatch(/^namespace "own" deleted/);
    expect(await kubectl("delete clusterrolebinding own")).toMatch(/ "own" deleted/);
  },
  120_000,
);

withKubectl(
  "what is wrong is refused in the API server's words",
  async () => {
    expect(await kubectl("get nodes", "ada")).toBe(
      'Error from server (Forbidden): nodes is forbidden: User "ada" cannot list resource "nodes" in API group "" at the cluster scope\n[1]',
    );
    expect(await kubectl("get secret nothing")).toBe('Error from server (NotFound): secrets "nothing" not found\n[1]');
    expect(await kubectl("create -f wrong.json")).toContain('strict decoding error: unknown field "spec.replicass"');
    expect(await kubectl("apply --server-side -f wrong.json")).toContain(
      ".spec.replicass: field not declared in schema",
    );
    expect(await kubectl("auth can-i list pods")).toBe("yes\n");
    expect(await kubectl("auth can-i list pods", "ada")).toBe("no\n[1]");
    expect(await kubectl("create namespace ada", "ada")).toContain(
      "Error from server (Forbidden): namespaces is forbidden",
    );
  },
  120_000,
);
