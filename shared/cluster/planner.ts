import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import { KURYR_WARNING } from "../bootstrap/addons/index.ts";
import type { Cloud } from "../openstack/cloud.ts";
import type { Counting, Quota } from "../openstack/endpoint.ts";
import type { Node } from "../resources/node.ts";
import { showSize } from "../units.ts";
import type { Config } from "./config.ts";
import { clusterGraph } from "./graph.ts";
import { crowded, needsOf, priceOf, quotaLines, shortages } from "./needs.ts";
import type { Plan, QuotaLine, Resolved } from "./plan.ts";
import { quotaReaders } from "./quotas.ts";
import { misfits } from "./ranges.ts";
import { type Found, resolve } from "./resolve.ts";
import type { ClusterSpec } from "./spec.ts";

export interface Asked {
  readonly cloud: Cloud;
  readonly config: Config;
  /** Name of the tenant in the configuration. */
  readonly tenant: string;
  readonly action: Plan["action"];
  readonly spec: ClusterSpec;
  /** The same, planned before. What has no limit is not counted again, for that changes no verdict. */
  readonly before?: Plan;
}

/** The plan, or all the reasons why there can be none. Reads only. Cloud errors are thrown as they come. */
export async function planFor({ cloud, config, tenant: name, action, spec, before }: Asked): Promise<Found<Plan>> {
  const tenant = config.tenants[name];
  if (tenant === undefined) return { problems: [`The configuration has no tenant "${name}".`] };
  const ill = [...overlaps(tenant.cidrs), ...misfits(tenant.cidrs, spec)];
  if (ill.length > 0) return { problems: ill };
  const zoneId = before?.resolved.zone.id;
  const early = zoneId === undefined || action !== "create" ? undefined : quotasOf(cloud, zoneId, spec, "limited");
  // Why a name means nothing any more is told first.
  early?.catch(() => undefined);
  const found = await resolve(cloud, tenant, spec);
  if ("problems" in found) return found;
  const graph = clusterGraph({
    cluster: "planned",
    spec,
    resolved: found.value,
    createdMs: 0,
    nowMs: () => 0,
    token: () => "",
  });
  const needs = needsOf(graph, spec, found.value);
  const isSameZone = found.value.zone.id === zoneId;
  const quotas =
    (isSameZone ? early : undefined) ?? (action === "create" ? quotasOf(cloud, found.value.zone.id, spec) : []);
  const quota = counted(quotaLines(needs, await quotas), isSameZone ? before : undefined);
  const problems = [...shortages(quota, name), ...crowded(spec, await quotas)];
  if (problems.length > 0) return { problems };
  const price = priceOf(config.prices, spec, needs);
  const plan = {
    action,
    spec,
    resolved: found.value,
    resources: resourcesOf(graph, spec),
    quota,
    ...(price === undefined ? {} : { price }),
    warnings: warningsOf(config, spec, found.value),
  };
  return { value: { ...plan, hash: hashOf(plan) } };
}

/**
 * Bound to all that an approver agrees to: resources, ids, limits, price. What others use of the quota is left out: it moves
 * all day in a busy project, and whether the plan still fits is checked anew each time.
 */
export function hashOf(plan: Omit<Plan, "hash">): string {
  const agreed = { ...plan, quota: plan.quota.map(({ used: _used, ...line }) => line) };
  return createHash("sha256").update(stable(agreed)).digest("hex");
}

/** JSON with sorted keys: a plan that went through the store hashes as before. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** What has no limit was not counted: it is as it was. */
const counted = (lines: readonly QuotaLine[], before: Plan | undefined): QuotaLine[] =>
  lines.map((line) => {
    const same = before?.quota.find(({ service, resource }) => service === line.service && resource === line.resource);
    return line.limit < 0 && same !== undefined ? { ...line, used: same.used } : line;
  });

async function quotasOf(
  cloud: Cloud,
  zoneId: string,
  spec: ClusterSpec,
  counting: Counting = "all",
): Promise<readonly Quota[]> {
  const { "shared-file-system": shares, ...others } = quotaReaders(cloud, async () => zoneId, counting);
  const read = [...Object.values(others), ...(spec.rwxGib === undefined ? [] : [shares])];
  return (await Promise.all(read.map((ask) => ask()))).flat();
}

/** Each pair of a tenant's ranges that overlap. */
export function overlaps(cidrs: Resolved["cidrs"]): string[] {
  const ranges = Object.entries(cidrs).map(([name, text]) => ({ name, text, cidr: ipaddr.IPv4.parseCIDR(text) }));
  return ranges.flatMap((a, at) =>
    ranges.slice(at + 1).flatMap((b) => {
      const bits = Math.min(a.cidr[1], b.cidr[1]);
      const same = a.cidr[0].match(b.cidr[0], bits);
      return same
        ? [`cidrs.${a.name} (${a.text}) and cidrs.${b.name} (${b.text}) overlap: give each its own range.`]
        : [];
    }),
  );
}

function resourcesOf(graph: readonly Node[], spec: ClusterSpec): Plan["resources"] {
  const details: Readonly<Record<string, string>> = {
    server: `${spec.controlPlane.count} × ${spec.controlPlane.flavor}, ${spec.workers.count} × ${spec.workers.flavor}`,
    share: spec.rwxGib === undefined ? "" : showSize(spec.rwxGib),
  };
  const lasting = graph.filter((n) => n.temporary === undefined);
  const kinds = [...new Set(lasting.map((n) => n.kind.kind))];
  return kinds.map((kind) => ({
    kind,
    count: lasting.filter((n) => n.kind.kind === kind).length,
    detail: details[kind] ?? "",
  }));
}

function warningsOf(config: Config, spec: ClusterSpec, resolved: Resolved): string[] {
  const pools = [spec.controlPlane, spec.workers].filter(({ count }) => count > 0);
  const flavors = new Set(pools.map(({ flavor }) => flavor));
  const unpriced =
    config.prices === undefined ? [] : [...flavors].filter((flavor) => !(flavor in (config.prices?.flavors ?? {})));
  return [
    ...(spec.cni === "kuryr" ? [KURYR_WARNING] : []),
    ...(resolved.reverseDns ? [] : ["This cloud keeps no PTR records for floating IPs: reverse DNS is left out."]),
    ...unpriced.map((flavor) => `No price is configured for ${flavor}: the price leaves it out.`),
  ];
}
