/** What people call the kinds, one and many. */
const KINDS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  network: ["network", "networks"],
  subnet: ["subnet", "subnets"],
  router: ["router", "routers"],
  "security-group": ["security group", "security groups"],
  port: ["port", "ports"],
  "server-group": ["server group", "server groups"],
  server: ["server", "servers"],
  "floating-ip": ["floating IP", "floating IPs"],
  "load-balancer": ["load balancer", "load balancers"],
  dns: ["DNS name", "DNS names"],
  ptr: ["reverse DNS name", "reverse DNS names"],
  key: ["encryption key", "encryption keys"],
  secret: ["secret", "secrets"],
  credential: ["credential", "credentials"],
  "share-network": ["share network", "share networks"],
  share: ["share", "shares"],
  "share-access": ["share access rule", "share access rules"],
};

export function kindWords(kind: string, count = 1): string {
  const [one, many] = KINDS[kind] ?? [kind.replaceAll("-", " "), kind.replaceAll("-", " ")];
  return count === 1 ? one : many;
}

/** `load-balancer/api` as `load balancer api`. */
export function stepWords(step: string): string {
  const [kind = step, ...rest] = step.split("/");
  return [kindWords(kind), ...rest].join(" ");
}

export const kindOf = (step: string): string => step.split("/")[0] ?? step;

export interface Group {
  readonly name: string;
  readonly kinds: readonly string[];
  /** The kind whose number people want to see; the others are its preparation. */
  readonly counts?: string;
}

const GROUPS: readonly Group[] = [
  { name: "Network", kinds: ["network", "subnet", "router", "security-group", "port"] },
  { name: "Addresses and DNS", kinds: ["floating-ip", "dns", "ptr"] },
  { name: "Load balancer", kinds: ["load-balancer"] },
  { name: "Servers", kinds: ["server-group", "server"], counts: "server" },
  { name: "Storage", kinds: ["share-network", "share", "share-access"] },
  { name: "Keys and credentials", kinds: ["key", "secret", "credential"] },
];

/** Every step is in exactly one group; what has no group of its own is shown under "Other". */
export function grouped(
  steps: readonly string[],
): readonly { readonly group: Group; readonly steps: readonly string[] }[] {
  const known = new Set(GROUPS.flatMap((group) => group.kinds));
  const other: Group = { name: "Other", kinds: steps.map(kindOf).filter((kind) => !known.has(kind)) };
  return [...GROUPS, other]
    .map((group) => ({ group, steps: steps.filter((step) => group.kinds.includes(kindOf(step))) }))
    .filter((one) => one.steps.length > 0);
}
