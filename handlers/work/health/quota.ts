import { hasShares } from "../../../shared/cluster/plan.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Cloud } from "../../../shared/openstack/cloud.ts";
import type { Quota } from "../../../shared/openstack/endpoint.ts";
import { OpenStackError } from "../../../shared/openstack/errors.ts";
import { attempt } from "../../../shared/reconcile/observe.ts";
import type { Wrong } from "./checks.ts";

const FULL = 0.9;

const isFull = ({ limit, used }: Quota): boolean => limit > 0 && used / limit > FULL;
const words = ({ service, resource, used, limit }: Quota): string => `${service} ${resource} ${used} ${limit}`;

/** What of the project's quotas is nearly used up. One call for each service, and Octavia's listings, which it counts by. */
export async function quotaWrong(
  cloud: Cloud,
  resolved: ClusterRecord["resolved"],
): Promise<Wrong | undefined | "blind"> {
  if (resolved === undefined) return undefined;
  const { projectId, zone } = resolved;
  // One after the other: Octavia's are listings of all that there is.
  const asked = [
    await attempt(cloud.loadBalancer.quota(projectId)),
    await attempt(cloud.compute.quota(projectId)),
    await attempt(cloud.network.quota(projectId)),
    await attempt(cloud.dns.quota(projectId, zone.id)),
    await attempt(cloud.keyManager.quota()),
    ...(hasShares(resolved) ? [await attempt(cloud.sharedFileSystem.quota(projectId))] : []),
  ];
  const full = asked.flatMap((one) => (one instanceof OpenStackError ? [] : one.filter(isFull)));
  if (full.length > 0) return { symptom: "quota", facts: { lines: full.map(words).join("\n") } };
  return asked.some((one) => one instanceof OpenStackError) ? "blind" : undefined;
}
