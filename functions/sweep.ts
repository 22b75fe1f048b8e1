import { homesDue } from "../handlers/home/publish.ts";
import { sweep } from "../handlers/work/sweep.ts";
import type { Deps } from "../shared/ports/deps.ts";

/** A schedule's tick -> the sweep. */
export const sweepFunction = (deps: Deps) => async (): Promise<void> => {
  await sweep(deps);
  await homesDue(deps);
};
