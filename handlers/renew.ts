import { isReady } from "../shared/cluster/due.ts";
import type { ClusterRecord } from "../shared/cluster/record.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { SlackMessage } from "../shared/ports/slack.ts";
import { clusters } from "../shared/state/index.ts";
import { noted } from "./audit.ts";
import type { Caller } from "./command.ts";
import { mayNot } from "./may.ts";
import { noSuchCluster } from "./names.ts";
import { done, refused } from "./views/answers.ts";
import { code } from "./views/text.ts";
import { wake } from "./wake.ts";
import { partOf } from "./work/measure.ts";

/** The record as it is when the work begins: new logins beside the old ones, which go when nothing uses them any more. */
export function renewing(record: ClusterRecord, nowMs: number, actor: string): ClusterRecord {
  const { finishedMs: _f, blocked: _b, ...status } = record.status;
  const begun = { doing: "renew" as const, startedMs: nowMs, dueMs: nowMs, movedMs: nowMs, failures: [], setbacks: 0 };
  return {
    ...record,
    actor,
    generation: record.generation + 1,
    renewals: { count: (record.renewals?.count ?? 0) + 1, sinceMs: nowMs },
    status: { ...status, ...begun, phase: "creating", told: false },
  };
}

/** Nothing is asked of approvers: what the programs may do stays the same. */
export async function renew(deps: Deps, caller: Caller, name: string): Promise<SlackMessage> {
  const key = `${caller.tenant}/${name}`;
  const found = await clusters(deps.store).get(key);
  if (found === undefined) return noSuchCluster(deps, caller.tenant, name);
  const no = await mayNot(deps, "renew", caller, found);
  if (no !== undefined) return refused(no);
  if (isReady(found)) await noted(deps, "renew.asked", caller, { id: found.id, name });
  let begun = false;
  const after = await clusters(deps.store).change(key, (now) => {
    begun = now.id === found.id && isReady(now);
    return begun ? renewing(now, deps.clock.nowMs(), caller.user) : undefined;
  });
  if (!begun) return refused(`*${name}* is not ready now: ${code(`/k8s status ${name}`)} shows what it waits for.`);
  if (after !== undefined) partOf(deps, after);
  await wake(deps, { is: "reconcile", cluster: key });
  return done(`Making new logins for the programs of *${name}*; the old ones go when nothing uses them any more.`);
}
