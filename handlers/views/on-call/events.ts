import type { ClusterRecord, FailedCall, StepStatus } from "../../../shared/cluster/record.ts";
import type { SlackMessage } from "../../../shared/ports/slack.ts";
import { showDuration } from "../../../shared/units.ts";
import { faultWords, mend, traceWords } from "../advice.ts";
import { code, listed, mention, message, moment, plural, quote, section, small } from "../text.ts";
import { stands, stepWords } from "../words.ts";

/** When it stopped stands below; of one that was ready before, its begin is long ago. */
function operation(record: ClusterRecord, nowMs: number): string {
  const { startedMs, finishedMs, phase } = record.status;
  if (phase === "blocked") return "has stopped and needs a person";
  const is = stands(record, "waits to be started");
  return finishedMs === undefined
    ? `${is}, ${showDuration((nowMs - startedMs) / 1000)} so far`
    : `${is} after ${showDuration((finishedMs - startedMs) / 1000)}`;
}

/** Newest first: what a person who is woken reads. */
function failureLine(call: FailedCall): string {
  const trace = traceWords(call);
  const times = call.times === undefined ? "" : ` (${call.times} times by now, the first)`;
  return `${moment(call.atMs)}${times} ${faultWords(call, 300)}${trace === "" ? "" : ` · ${trace}`}`;
}

/** What is inside the cluster has no id of its own. */
const idWords = (step: string, id: string | undefined): string =>
  id === undefined || id === step ? "" : ` ${code(id, 90)}`;

function stepLine([step, status]: readonly [string, StepStatus], startedMs: number): string {
  const { readyMs, intendedMs, word, id, fault } = status;
  const at = readyMs ?? intendedMs;
  const after = at === undefined || at < startedMs ? undefined : showDuration((at - startedMs) / 1000);
  const when = at === undefined ? "" : after === undefined ? ` since ${moment(at)}` : ` after ${after}`;
  const state = word === undefined || word === "" ? status.state : `${status.state} (${quote(word, 60)})`;
  const why = fault === undefined ? "" : `: ${quote(fault, 200)}`;
  return `${stepWords(step)}: ${state}${when}${why}${idWords(step, id)}`;
}

const lastMs = ({ readyMs, intendedMs }: StepStatus): number => Math.max(readyMs ?? 0, intendedMs ?? 0);

const STEPS_MAX = 40;

/** The last operation: who asked for it, what failed, and its steps, the latest first. From the record alone. */
export function eventsMessage(record: ClusterRecord, nowMs: number): SlackMessage {
  const { spec, status, actor, request, id } = record;
  const { startedMs, failures, blocked, phase } = status;
  const said = failures.length === 0 ? "no call failed" : `${plural(failures.length, "thing")} went wrong`;
  const sign = phase === "blocked" ? ":warning:" : failures.length === 0 ? ":white_check_mark:" : ":white_circle:";
  const failed = failures.toSorted((a, b) => b.atMs - a.atMs).map(failureLine);
  const steps = Object.entries(status.steps).toSorted(([, a], [, b]) => lastMs(b) - lastMs(a));
  return message(
    `${sign} *${spec.name}* ${operation(record, nowMs)}; ${said}.`,
    ...(blocked === undefined ? [] : [section(`It stopped at ${failureLine(blocked)}\n${mend(blocked, spec.name)}`)]),
    ...(failed.length === 0 ? [] : [section(`*What went wrong*\n${listed(failed, 10)}`)]),
    ...(steps.length === 0
      ? []
      : [
          section(
            `*Steps, the latest first*\n${listed(
              steps.map((one) => stepLine(one, startedMs)),
              STEPS_MAX,
            )}`,
          ),
        ]),
    small(`begun ${moment(startedMs)} by ${mention(actor)} · request ${code(request)} · cluster ${code(id)}`),
  );
}
