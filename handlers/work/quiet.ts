import type { ClusterRecord } from "../../shared/cluster/record.ts";
import { converge, type Pass } from "../../shared/reconcile/converge.ts";
import type { Outcome } from "../../shared/reconcile/outcome.ts";

/**
 * A create whose record may be believed: nothing has gone wrong since everything was looked at. After a setback or a retry a
 * pass compares everything; what others change meanwhile is found by the look at those that are ready.
 */
export const isQuiet = ({ wish, status }: ClusterRecord): boolean =>
  wish === "present" && status.phase === "creating" && status.doing === undefined && status.setbacks === 0;

/**
 * What is there already is applied once more: after a setback, when somebody wants a ready cluster compared, and while logins
 * are renewed, for what the record says was applied is of the old ones.
 */
export const isShaken = ({ status }: ClusterRecord): boolean =>
  status.phase !== "creating" || status.doing !== undefined || status.setbacks > 0;

/**
 * One walk towards the wish. A create that has stumbled is done when a look at everything says so too: the copy that a lost
 * answer left may have come late.
 */
export async function settled(pass: Pass, { status }: ClusterRecord): Promise<Outcome> {
  const outcome = await converge(pass);
  if (outcome.is !== "done" || pass.quiet !== true || status.failures.length === 0) return outcome;
  return converge({ ...pass, quiet: false });
}
