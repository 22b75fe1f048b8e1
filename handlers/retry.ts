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

/**
 * A blocked operation goes on where it stopped, with a look at everything first: nobody knows what a person has done
 * meanwhile. What was recreated once may be recreated once more.
 */
function unblocked(record: ClusterRecord, nowMs: number): ClusterRecord {
  const { blocked: _, ...status } = record.status;
  const steps = Object.fromEntries(
    Object.entries(status.steps).map(([step, one]) => [step, { ...one, recreated: false }]),
  );
  const phase = record.wish === "present" ? "creating" : "deleting";
  return { ...record, status: { ...status, steps, phase, setbacks: 1, told: false, dueMs: nowMs, movedMs: nowMs } };
}

/** A ready cluster is compared with the cloud again, so that what was deleted or changed by hand is put right. */
export async function retry(deps: Deps, caller: Caller, name: string, id?: string): Promise<SlackMessage> {
  const key = `${caller.tenant}/${name}`;
  const nowMs = deps.clock.nowMs();
  const found = await clusters(deps.store).get(key);
  if (found === undefined || found.id !== (id ?? found.id)) return noSuchCluster(deps, caller.tenant, name);
  const no = await mayNot(deps, "retry", caller, found);
  if (no !== undefined) return refused(no);
  const { phase } = found.status;
  if (phase !== "requested") await noted(deps, "retry.asked", caller, { id: found.id, name }, { phase });
  let was: ClusterRecord["status"]["phase"] | undefined;
  const after = await clusters(deps.store).change(key, (now) => {
    was = now.id === found.id ? now.status.phase : undefined;
    if (was === undefined) return undefined;
    if (was === "blocked") return unblocked(now, nowMs);
    return was === "requested" ? undefined : { ...now, status: { ...now.status, dueMs: nowMs } };
  });
  if (after === undefined || was === undefined) return noSuchCluster(deps, caller.tenant, name);
  if (was === "requested") {
    return refused(
      `${code(name)} was not started yet, so there is nothing to retry: ${code(`/k8s status ${name}`)} shows what it waits for.`,
    );
  }
  await wake(deps, { is: "reconcile", cluster: key });
  return done(
    was === "blocked"
      ? `Going on with *${name}* where it stopped; its message follows what happens.`
      : `Comparing *${name}* with the cloud again: ${code(`/k8s status ${name}`)} shows in a minute what came of it.`,
  );
}
