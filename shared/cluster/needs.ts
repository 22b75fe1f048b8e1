import type { Quota } from "../openstack/endpoint.ts";
import type { Node } from "../resources/node.ts";
import type { Prices } from "./config.ts";
import { kuryrNeeds } from "./kuryr.ts";
import type { Plan, QuotaLine, Resolved } from "./plan.ts";
import type { ClusterSpec } from "./spec.ts";

const DEFAULT_EGRESS_RULES = 2; // Neutron makes one per IP version with each group
const HOURS_PER_MONTH = 730;

/** What the graph takes of each quota, by `service/resource` in the services' own names. */
export function needsOf(graph: readonly Node[], spec: ClusterSpec, resolved: Resolved): ReadonlyMap<string, number> {
  const count = (kind: string): number => graph.filter((n) => n.kind.kind === kind).length;
  const planes = spec.controlPlane.count;
  const workers = spec.workers.count;
  const { controlPlaneFlavor: cp, workerFlavor: w, loadBalancerProvider: provider } = resolved;
  const balancers = count("load-balancer");
  const more = kuryrNeeds(spec);
  const rules = graph
    .filter((n) => n.kind.kind === "security-group")
    .map((n) => (n.spec({ of: unread, maybe: () => undefined }) as { rules: readonly unknown[] }).rules.length);
  return new Map(
    Object.entries({
      "compute/instances": count("server"),
      "compute/cores": planes * cp.vcpus + workers * w.vcpus,
      "compute/ram": planes * cp.ramMib + workers * w.ramMib,
      "compute/server_groups": count("server-group"),
      "network/network": count("network"),
      "network/subnet": count("subnet"),
      "network/router": count("router"),
      "network/trunk": count("trunk"),
      // One more for each of the router's interfaces and for each VIP; the subnets' DHCP or metadata ports are the cloud's
      // own. OVN probes all members of a subnet from one port of its own.
      "network/port": count("port") + count("subnet") + balancers + (provider === "ovn" ? 1 : 0),
      "network/floatingip": count("floating-ip"),
      "network/security_group": count("security-group"),
      "network/security_group_rule": rules.reduce((sum, one) => sum + one + DEFAULT_EGRESS_RULES, 0),
      "load-balancer/load_balancer": balancers,
      "load-balancer/listener": balancers,
      "load-balancer/pool": balancers,
      "load-balancer/health_monitor": balancers,
      "load-balancer/member": balancers * planes,
      "dns/zone_recordsets": count("recordset"),
      "key-manager/secrets": count("secret") + count("key"),
      "key-manager/orders": count("key"),
      "shared-file-system/shares": count("share"),
      "shared-file-system/gigabytes": count("share") * (spec.rwxGib ?? 0),
      "shared-file-system/share_networks": count("share-network"),
    })
      .map(([resource, needs]) => [resource, needs + (more[resource] ?? 0)] as const)
      .filter(([, needs]) => needs > 0),
  );
}

const unread = (): never => {
  throw new Error("invariant: a security group's rules need nothing of the graph");
};

export const quotaLines = (needs: ReadonlyMap<string, number>, quotas: readonly Quota[]): QuotaLine[] =>
  [...needs].flatMap(([key, needed]) => {
    const quota = quotas.find((one) => `${one.service}/${one.resource}` === key);
    if (quota === undefined) return [];
    return [{ service: quota.service, resource: quota.resource, needs: needed, used: quota.used, limit: quota.limit }];
  });

/** Where a service's own name of a resource is no word: for one, and for many. */
const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  ram: ["RAM", "RAM"],
  floatingip: ["floating IP", "floating IPs"],
  gigabytes: ["share capacity", "share capacity"],
  zone_recordsets: ["DNS recordset in the zone", "DNS recordsets in the zone"],
};

const UNITS: Readonly<Record<string, string>> = { ram: " MiB", gigabytes: " GiB" };

/** `floatingip` as `floating IPs`. */
export function quotaWord(resource: string, count: number): string {
  const one = resource.replace(/s$/, "").replaceAll("_", " ");
  const [single, many] = WORDS[resource] ?? [one, `${one}s`];
  return count === 1 ? single : many;
}

/** "needs 12 more cores than the 4 left in team-a": one sentence for each line that does not fit. */
export const shortages = (lines: readonly QuotaLine[], tenant: string): string[] =>
  lines.flatMap(({ resource, needs, used, limit }) => {
    const left = Math.max(0, limit - used);
    if (limit < 0 || needs <= left) return [];
    const unit = UNITS[resource] ?? "";
    const missing = `${needs - left}${unit} more ${quotaWord(resource, needs - left)}`;
    return [`It needs ${missing} than the ${left}${unit} left in ${tenant}.`];
  });

/** A role's machines are one server group, and Nova limits the members of each. */
export const largestGroup = ({ controlPlane, workers }: Pick<ClusterSpec, "controlPlane" | "workers">): number =>
  Math.max(controlPlane.count, workers.count);

/** Nova's default is 10. */
export function crowded(spec: ClusterSpec, quotas: readonly Quota[]): string[] {
  const limit = quotas.find(({ resource, each }) => each === true && resource === "server_group_members")?.limit ?? -1;
  const most = largestGroup(spec);
  if (limit < 0 || most <= limit) return [];
  const raise = `openstack quota set PROJECT --server-group-members ${most}`;
  const says = `Nova lets a server group have ${limit} members, and this one needs ${most}`;
  return [`${says}: ask for fewer machines, or have an administrator run ${raise}.`];
}

export function priceOf(
  prices: Prices | undefined,
  spec: ClusterSpec,
  needs: ReadonlyMap<string, number>,
): Plan["price"] {
  if (prices === undefined) return undefined;
  const perHour =
    spec.controlPlane.count * (prices.flavors[spec.controlPlane.flavor] ?? 0) +
    spec.workers.count * (prices.flavors[spec.workers.flavor] ?? 0) +
    (needs.get("network/floatingip") ?? 0) * prices.floatingIp +
    (needs.get("load-balancer/load_balancer") ?? 0) * prices.loadBalancer +
    ((spec.rwxGib ?? 0) * prices.rwxGiBMonth) / HOURS_PER_MONTH;
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return { currency: prices.currency, perHour: round(perHour, 4), perMonth: round(perHour * HOURS_PER_MONTH, 2) };
}
