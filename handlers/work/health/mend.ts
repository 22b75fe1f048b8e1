import { ITSELF } from "../../../shared/cluster/audit-event.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { type Alert, alertKey, alerts } from "../../../shared/state/alerts.ts";
import { clusters } from "../../../shared/state/index.ts";
import { notedAlert } from "../../audit.ts";
import { TRIES_MAX } from "../../views/alert.ts";
import { wake } from "../../wake.ts";

/**
 * A cluster is compared with the cloud by its own reconciler, which makes and changes what lacks. True: that has begun; for
 * the first time also where somebody else had begun it.
 */
async function setOut(deps: Deps, key: string, id: string, first: boolean): Promise<boolean> {
  const nowMs = deps.clock.nowMs();
  let begun = false;
  let under = false;
  await clusters(deps.store).change(key, (now) => {
    const ours = now.id === id && now.wish === "present" && now.status.phase === "ready";
    under = ours && now.status.dueMs !== undefined;
    begun = ours && !under;
    return begun ? { ...now, status: { ...now.status, dueMs: nowMs, movedMs: nowMs } } : undefined;
  });
  if (begun) await wake(deps, { is: "reconcile", cluster: key });
  return begun || (first && under);
}

/** Has what is ours put right, in the clusters that this alert is about. */
export async function mend(deps: Deps, alert: Alert, of: Iterable<NonNullable<Alert["cluster"]>>): Promise<void> {
  if (!alert.mends || alert.tries >= TRIES_MAX) return;
  let begun = false;
  for (const { id, name } of of)
    begun = (await setOut(deps, `${alert.tenant}/${name}`, id, alert.tries === 0)) || begun;
  if (!begun) return;
  await notedAlert(deps, "repair.begun", ITSELF, alert, { symptom: alert.symptom });
  await alerts(deps.store).change(alertKey(alert), (now) => ({ ...now, tries: now.tries + 1 }));
}
