import type { Plan, Resolved } from "../../shared/cluster/plan.ts";
import type { ClusterRecord, FailedCall, StepStatus } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { ClusterSpec } from "../../shared/cluster/spec.ts";

export const NOW_MS = Date.UTC(2026, 0, 1, 12);
export const HASH = "0123456789abcdef".repeat(4);

export const spec = (over: Partial<ClusterSpec> = {}): ClusterSpec => ({
  name: "dev",
  template: "small",
  version: "1.36",
  image: "ubuntu-24.04-kube",
  controlPlane: { count: 1, flavor: "m1.medium" },
  workers: { count: 2, flavor: "m1.large" },
  cni: "calico",
  rwxGib: 94,
  ...over,
});

const flavor = (name: string) => ({ id: name, name, vcpus: 2, ramMib: 4096, diskGib: 20 });

export const resolved = (over: Partial<Resolved> = {}): Resolved => ({
  projectId: "p1",
  region: "RegionOne",
  externalNetwork: { id: "n1", name: "public" },
  image: { id: "i1", name: "ubuntu-24.04-kube" },
  controlPlaneFlavor: flavor("m1.medium"),
  workerFlavor: flavor("m1.large"),
  zone: { id: "z1", name: "k8s.example.org." },
  shareType: { id: "t1", name: "rwx", shareNetwork: true },
  shareProtocol: "NFS",
  loadBalancerProvider: "ovn",
  antiAffinity: "soft",
  cidrs: { nodes: "10.20.0.0/24", pods: "10.244.0.0/16", services: "10.96.0.0/16" },
  dnsNameservers: [],
  reverseDns: true,
  prefixes: {},
  shareServiceType: "sharev2",
  roles: ["member"],
  ...over,
});

export const plan = (over: Partial<Plan> = {}): Plan => ({
  action: "create",
  spec: spec(),
  resolved: resolved(),
  resources: [
    { kind: "server", count: 3, detail: "1 × m1.medium, 2 × m1.large" },
    { kind: "recordset", count: 2, detail: "" },
  ],
  quota: [{ service: "compute", resource: "cores", needs: 6, used: 4, limit: 20 }],
  price: { currency: "EUR", perHour: 0.2312, perMonth: 168.78 },
  warnings: [],
  hash: HASH,
  ...over,
});

export const request = (over: Partial<Request> = {}): Request => ({
  schema: 1,
  id: "k3m9qz",
  tenant: "team-a",
  action: "create",
  name: "dev",
  cluster: "k7f3m2q9x1",
  keepData: false,
  dryRun: false,
  spec: spec(),
  requester: "U0DEV",
  channel: "C0TEAMA",
  createdMs: NOW_MS,
  state: "waiting",
  plan: plan(),
  decisions: [],
  reasons: ["94 GiB of shared storage: up to 50 GiB would need no approval"],
  problems: [],
  expiresMs: NOW_MS + 86_400_000,
  message: { channel: "C0TEAMA", key: "request:k3m9qz", ts: "77.000000" },
  told: false,
  ...over,
});

export const step = (over: Partial<StepStatus> = {}): StepStatus => ({
  id: "5f0c",
  state: "ready",
  word: "ACTIVE",
  facts: {},
  recreated: false,
  ...over,
});

export const call = (over: Partial<FailedCall> = {}): FailedCall => ({
  atMs: NOW_MS,
  step: "server/worker-1",
  trouble: "failed",
  text: "No valid host was found.",
  requestId: "req-5d1f",
  ...over,
});

export function record(
  over: Partial<Omit<ClusterRecord, "status">> = {},
  status: Partial<ClusterRecord["status"]> = {},
): ClusterRecord {
  return {
    schema: 1,
    id: "k7f3m2q9x1",
    tenant: "team-a",
    spec: spec(),
    resolved: resolved(),
    wish: "present",
    keepData: false,
    generation: 2,
    requester: "U0DEV",
    actor: "U0DEV",
    request: "k3m9qz",
    createdMs: NOW_MS,
    ...over,
    status: {
      phase: "ready",
      startedMs: NOW_MS,
      finishedMs: NOW_MS + 190_000,
      steps: {
        network: step(),
        "server/worker-1": step(),
        "floating-ip/api": step({ facts: { address: "203.0.113.68" } }),
        "dns/api": step(),
        "share/rwx": step({ facts: { exports: "10.254.0.5:/shares/share-1" } }),
      },
      message: { channel: "C0TEAMA", key: "request:k3m9qz", ts: "77.000000" },
      failures: [],
      setbacks: 0,
      told: true,
      kept: [],
      ...status,
    },
  };
}
