import type { StepStatus } from "../cluster/record.ts";

/** Another reconciler holds the lease, or the record is gone: this pass must end without another call. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/**
 * The record's steps, as one pass sees and writes them. Every write proves the lease again and throws LeaseLost when it is
 * another's, so a worker that stalled can't go on creating what its successor creates too.
 */
export interface Journal {
  step(step: string): StepStatus | undefined;
  /** By how much the time of a step's intent may be wrong here, because another clock gave it; left out: it is not. */
  doubtMs?(step: string): number;
  /** Steps that the record knows and the graph may not (any more). */
  steps(): readonly string[];
  write(changes: Readonly<Record<string, StepStatus>>): Promise<void>;
}

export const unseen: StepStatus = { state: "gone", facts: {}, recreated: false };
