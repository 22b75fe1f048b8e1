import { clusterGraph } from "../../shared/cluster/graph.ts";
import type { ClusterRecord, StepStatus } from "../../shared/cluster/record.ts";
import { OutOfTime } from "../../shared/openstack/deadline.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { Pass } from "../../shared/reconcile/converge.ts";
import type { Node } from "../../shared/resources/node.ts";
import type { Held } from "./lease.ts";
import type { Left } from "./leave.ts";

/** What the record of a cluster says should be, or should go. `repair`: what is in the cluster is compared too. */
export function graphOf(
  deps: Deps,
  { record, journal }: Held,
  resolved: NonNullable<ClusterRecord["resolved"]>,
  repair: boolean,
): readonly Node[] {
  const { id, spec, createdMs, renewals, wish, keepData, status } = record();
  const nowMs = () => deps.clock.nowMs();
  return clusterGraph({
    cluster: id,
    spec,
    resolved,
    createdMs,
    ...(renewals === undefined ? {} : { renewals }),
    nowMs,
    token: (length) => deps.chance.token(length),
    leaving: wish === "absent",
    keepData,
    kubernetes: {
      dialer: deps.kubernetes,
      status: (step) => journal.step(step),
      repair,
      startedMs: status.startedMs,
      nowMs,
    },
  });
}

/** How far a step is. An intent is not there yet, and may have been taken back for want of time. */
const standOf = (step: StepStatus | undefined): string =>
  step === undefined || step.state === "intended" || step.state === "gone"
    ? ""
    : [step.state, step.id, step.word].join();

const isMoved = ({ status: { steps: before } }: ClusterRecord, { status: { steps: after } }: ClusterRecord): boolean =>
  Object.keys(after).some((step) => standOf(before[step]) !== standOf(after[step]));

/**
 * Its time was over before its end. What was done since `before` is in the record, and the next pass goes on from there; where
 * nothing was done people are told why.
 */
export function cut({ log, clock }: Deps, held: Held, { graph }: Pass, before: ClusterRecord, error: unknown): Left {
  if (!(error instanceof OutOfTime)) throw error;
  const { journal } = held;
  log.info("pass.cut", { why: error.message });
  const on = graph.map(({ step }) => step).filter((step) => journal.step(step)?.state !== "ready");
  const text = "the cloud answers so slowly that there was no time to look at everything";
  const slow = { atMs: clock.nowMs(), step: on[0] ?? "", trouble: "slow", text };
  const troubles = isMoved(before, held.record()) ? [] : [slow];
  return { outcome: { is: "waiting", on, troubles, unsure: true }, claimed: [] };
}
