import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";

/** What happened to a request, in words. */
export function ofRequest({ action, state, dryRun, decisions }: Request): readonly string[] {
  const many = new Set(decisions.filter(({ verdict }) => verdict === "approve").map(({ user }) => user)).size > 1;
  return [
    `a ${dryRun ? "dry run" : action} is ${state}`,
    ...(many && state === "approved" ? ["two people approve"] : []),
    ...(many && state === "denied" ? ["one approves and another denies"] : []),
  ];
}

/** What happened to a cluster since its record was written last, in words. */
export function ofRecord(now: ClusterRecord, before: ClusterRecord | undefined): readonly string[] {
  const { spec, wish, status, keepData, renewals, expiresMs } = now;
  const { phase, blocked } = status;
  if (before !== undefined && before.status.phase === phase && before.wish === wish) return [];
  const workers = spec.workers.count < 2 ? `${spec.workers.count} workers` : "two workers or more";
  const over = wish === "absent" && expiresMs !== undefined && expiresMs <= status.startedMs;
  return [
    `${phase}${blocked === undefined || phase !== "blocked" ? "" : `: ${blocked.trouble}`}`,
    `${spec.controlPlane.count} control planes`,
    workers,
    ...(spec.rwxGib === undefined ? [] : ["shared storage"]),
    ...(over ? ["a time to live ends"] : []),
    ...(keepData ? ["data is kept"] : []),
    ...(wish === "absent" && before?.status.phase === "creating" ? ["deleted halfway"] : []),
    ...(wish === "absent" && before?.status.phase === "blocked" ? ["deleted when it had stopped"] : []),
    ...(renewals === undefined ? [] : ["logins are renewed"]),
    ...(Object.values(status.steps).some(({ recreated }) => recreated) ? ["something in ERROR is made anew"] : []),
    ...(status.failures.some(({ trouble }) => trouble === "unbuilt") ? ["what was never built is made anew"] : []),
    ...(status.failures.length > 0 && phase === "ready" ? ["ready after setbacks"] : []),
  ];
}
