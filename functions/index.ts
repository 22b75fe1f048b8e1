import { compose } from "./compose.ts";
import { downloadFunction } from "./download.ts";
import { reconcileFunction } from "./reconcile.ts";
import { slackFunction } from "./slack.ts";
import { sweepFunction } from "./sweep.ts";

const composed = compose();
// A function that can't work says so in its log and fails at once, instead of at the first click.
if ("problems" in composed) throw new Error(composed.problems.join("\n"));
const { deps, signingSecret } = composed;

/** The handlers that a function platform calls: `functions/index.slack`, `.reconcile`, `.sweep` and `.download`. */
export const slack = slackFunction(deps, signingSecret);
export const reconcile = reconcileFunction(deps);
export const download = downloadFunction(deps);
export const sweep = sweepFunction(deps);
