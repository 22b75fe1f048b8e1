import type { Tenant } from "../shared/cluster/config.ts";
import type { ClusterSpec } from "../shared/cluster/spec.ts";
import { showDuration, showSize } from "../shared/units.ts";
import { code, plural } from "./views/text.ts";

/** What the configuration refuses before the cloud is asked; each one sentence that says what to type. */
export function beyond(spec: ClusterSpec, tenant: string, { limits, shareType }: Tenant): readonly string[] {
  const problems: string[] = [];
  if (spec.workers.count > limits.workers) {
    const most = code(`--workers ${limits.workers}`);
    problems.push(
      `${tenant} may have ${plural(limits.workers, "worker")} in a cluster, not ${spec.workers.count}: type ${most} or fewer.`,
    );
  }
  if (spec.rwxGib !== undefined && shareType === undefined) {
    problems.push(
      `${tenant} has no shared storage: leave ${code("--rwx")} out, or ask whoever runs kinvirt to set its shareType.`,
    );
  } else if (spec.rwxGib !== undefined && spec.rwxGib > limits.rwx) {
    const asked = `${showSize(spec.rwxGib)} of shared storage`;
    problems.push(
      `${asked} is more than the ${showSize(limits.rwx)} that ${tenant} may have: type a smaller ${code("--rwx")}.`,
    );
  }
  if (spec.ttlSeconds !== undefined && limits.ttl !== undefined && spec.ttlSeconds > limits.ttl) {
    const most = showDuration(limits.ttl);
    problems.push(
      `A cluster of ${tenant} may live ${most}, not ${showDuration(spec.ttlSeconds)}: type a shorter ${code("--ttl")}.`,
    );
  }
  return problems;
}
