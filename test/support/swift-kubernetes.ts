import type { Sandbox } from "../../sandbox/openstack/index.ts";
import type { KubernetesDialer, KubernetesRequest, KubernetesResponse } from "../../shared/kubernetes/send.ts";

type Stored = { readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> } };

const said = (status: number, body: unknown): KubernetesResponse => ({ status, body: JSON.stringify(body) });
const NOT_FOUND = { kind: "Status", reason: "NotFound", message: "not found", code: 404 };
const COUNTS = ["observedGeneration", "updatedReplicas", "availableReplicas", "desiredNumberScheduled"];
const AVAILABLE = Object.fromEntries([...COUNTS, "updatedNumberScheduled", "numberAvailable"].map((key) => [key, 1]));

/**
 * Clusters that are there as soon as their servers are ACTIVE, and in which everything is available as soon as it is applied:
 * for tests of what happens around them. What really boots is `sandbox/kubernetes`.
 */
export function swiftKubernetes(machines: () => readonly ReturnType<Sandbox["everything"]>[]): KubernetesDialer {
  /** As they were applied; read at the first look. */
  const objects = new Map<string, string | Stored>();
  const serversOf = (cluster: string) =>
    machines()
      .flat()
      .filter(({ name, status }) => status === "ACTIVE" && name.includes(`-${cluster}-server-`));
  const node = ({ id, name }: { readonly id: string; readonly name: string }) => ({
    metadata: { name, uid: id, resourceVersion: "1" },
    spec: { providerID: `openstack:///${id}` },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  });
  function metadataAt(key: string): Stored["metadata"] | undefined {
    const found = objects.get(key);
    if (typeof found !== "string") return found?.metadata;
    const read: Stored = JSON.parse(found);
    objects.set(key, { metadata: read.metadata });
    return read.metadata;
  }

  function answer(cluster: string, { method, path: whole, body = "{}" }: KubernetesRequest): KubernetesResponse {
    const servers = serversOf(cluster);
    if (!servers.some(({ name }) => name.endsWith("-control-plane-1"))) throw new Error("connect ECONNREFUSED");
    const [path = ""] = whole.split("?");
    const key = `${cluster} ${path}`;
    if (path === "/readyz") return { status: 200, body: "ok" };
    if (path === "/api/v1/nodes") return said(200, { items: servers.map(node) });
    if (method === "PATCH") objects.set(key, body);
    if (method === "GET" && whole.includes("limit=")) return said(200, { items: [] });
    // Whoever asks here reads of an object what it is called and marked with, and whether it is available; whoever applies
    // one, that it was taken.
    const metadata = method === "PATCH" ? { name: path.split("/").at(-1) } : metadataAt(key);
    if (metadata === undefined) return said(404, NOT_FOUND);
    return said(200, { metadata: { ...metadata, uid: key, resourceVersion: "1" }, spec: {}, status: AVAILABLE });
  }

  return {
    connect: async (key) => async (request) => answer(key.split(" ")[0] ?? "", request),
    urlOf: async ({ name, port }) => `https://${name}:${port}`,
  };
}
