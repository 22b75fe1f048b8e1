import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { KindName } from "../../shared/resources/kind.ts";

export interface Group {
  readonly name: string;
  /** The kind whose number people want to see; the others are its preparation. */
  readonly counts?: KindName;
}

/** Lines of a live message, in its order. */
const GROUPS = {
  // First, because a delete begins with it.
  contents: { name: "What runs in it" },
  network: { name: "Network" },
  addresses: { name: "Addresses and DNS" },
  balancer: { name: "Load balancer" },
  servers: { name: "Servers", counts: "server" },
  cluster: { name: "Kubernetes", counts: "kubernetes-node" },
  addons: { name: "Add-ons" },
  storage: { name: "Storage" },
  keys: { name: "Keys and credentials" },
  other: { name: "Other" },
} as const satisfies Readonly<Record<string, Group>>;

type KindWords = readonly [one: string, many: string, group: keyof typeof GROUPS];

/** What people call the kinds, one and many, and in whose line they are shown. */
const KINDS: Readonly<Record<KindName, KindWords>> = {
  network: ["network", "networks", "network"],
  subnet: ["subnet", "subnets", "network"],
  router: ["router", "routers", "network"],
  "security-group": ["security group", "security groups", "network"],
  port: ["port", "ports", "network"],
  trunk: ["trunk port", "trunk ports", "network"],
  "floating-ip": ["floating IP", "floating IPs", "addresses"],
  recordset: ["DNS name", "DNS names", "addresses"],
  ptr: ["reverse DNS name", "reverse DNS names", "addresses"],
  "load-balancer": ["load balancer", "load balancers", "balancer"],
  "server-group": ["server group", "server groups", "servers"],
  server: ["server", "servers", "servers"],
  "share-network": ["share network", "share networks", "storage"],
  share: ["share", "shares", "storage"],
  "share-access": ["share access rule", "share access rules", "storage"],
  key: ["encryption key", "encryption keys", "keys"],
  secret: ["secret", "secrets", "keys"],
  credential: ["credential", "credentials", "keys"],
  "kubernetes-api": ["API server", "API servers", "cluster"],
  "kubernetes-node": ["node", "nodes", "cluster"],
  "kubernetes-addon": ["add-on", "add-ons", "addons"],
  "kubernetes-content": ["workloads' cloud resources", "workloads' cloud resources", "contents"],
  "service-balancer": ["Service load balancer", "Service load balancers", "contents"],
  "service-address": ["Service address", "Service addresses", "contents"],
  "service-security-group": ["Service security group", "Service security groups", "contents"],
  "service-secret": ["Ingress certificate", "Ingress certificates", "contents"],
  "pod-port": ["pod port", "pod ports", "contents"],
  "claim-share": ["claimed share", "claimed shares", "contents"],
  "claim-volume": ["claimed volume", "claimed volumes", "contents"],
  "claim-snapshot": ["volume snapshot", "volume snapshots", "contents"],
  "external-record": ["ExternalDNS record", "ExternalDNS records", "contents"],
};

const isKind = (kind: string): kind is KindName => Object.hasOwn(KINDS, kind);

/** A record of an older version may hold a kind that is no more: its own name has to do. */
function wordsOf(kind: string): KindWords {
  const plain = kind.replaceAll("-", " ");
  return isKind(kind) ? KINDS[kind] : [plain, plain, "other"];
}

export function kindWords(kind: string, count = 1): string {
  const [one, many] = wordsOf(kind);
  return count === 1 ? one : many;
}

/** Steps are called after their kinds, and those of recordsets after what people see of them: `dns/api`. */
export function kindOf(step: string): string {
  const [head = step] = step.split("/");
  return head === "dns" ? "recordset" : head;
}

/** `load-balancer/api` as `load balancer api`. */
export const stepWords = (step: string): string => [kindWords(kindOf(step)), ...step.split("/").slice(1)].join(" ");

/** Every step in exactly one group, in the groups' order; groups without steps are left out. */
export const grouped = (
  steps: readonly string[],
): readonly { readonly group: Group; readonly steps: readonly string[] }[] => {
  const byKey = Map.groupBy<string, string>(steps, (step) => wordsOf(kindOf(step))[2]);
  return Object.entries(GROUPS).flatMap(([key, group]) => {
    const own = byKey.get(key);
    return own === undefined ? [] : [{ group, steps: own }];
  });
};

const PHASES: Readonly<Record<ClusterRecord["status"]["phase"], string>> = {
  requested: ":mag: asked for",
  creating: ":construction: being created",
  ready: ":white_check_mark: ready",
  blocked: ":warning: needs a person",
  deleting: ":wastebasket: being deleted",
};

/** How a cluster stands, wherever it is one of many: `:construction: being created`. */
export const standing = ({ status: { doing, phase } }: Pick<ClusterRecord, "status">): string =>
  phase === "creating" && doing === "renew" ? ":key: getting new logins" : PHASES[phase];

/** The same, as a sentence goes on after its name; `requested`: where nothing was begun. */
export function stands(record: Pick<ClusterRecord, "status">, requested: string): string {
  const { phase } = record.status;
  const words = standing(record).replace(/^:\w+: /, "");
  return phase === "requested" ? requested : phase === "blocked" ? words : `is ${words}`;
}

/** When its time to live ends, ms; of what is being deleted nobody counts that any more. */
export const endOf = ({ wish, expiresMs }: Pick<ClusterRecord, "wish" | "expiresMs">): number | undefined =>
  wish === "absent" ? undefined : expiresMs;
