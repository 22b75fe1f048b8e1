import type { ClusterRecord, StepStatus } from "../../shared/cluster/record.ts";
import { showDuration } from "../../shared/units.ts";
import { code, quote } from "./text.ts";
import { type Group, grouped, kindOf, stepWords } from "./words.ts";

interface Step {
  readonly step: string;
  readonly status: StepStatus | undefined;
}

type Sign = "done" | "doing" | "waiting" | "failed";

/** The word always stands beside the sign: neither colour nor emoji says anything alone. */
const SIGNS: Readonly<Record<Sign, string>> = {
  done: ":white_check_mark:",
  doing: ":hourglass_flowing_sand:",
  waiting: ":white_circle:",
  failed: ":x:",
};

const KEPT_KINDS = ["share", "share-network"];

/** A kept share stays where it is, with the network that it is reached by. */
export const isKept = (record: ClusterRecord, step: string): boolean =>
  record.wish === "absent" && record.keepData && KEPT_KINDS.includes(kindOf(step));

const isDone = (record: ClusterRecord, { step, status }: Step): boolean =>
  record.wish === "present"
    ? status?.state === "ready" || (status?.state === "gone" && status.word === "used")
    : status === undefined || status.state === "gone" || isKept(record, step);

const isMoving = ({ status }: Step): boolean =>
  status?.state === "intended" || status?.state === "pending" || status?.state === "leaving";

const stepsOf = (record: ClusterRecord, names: readonly string[]): readonly Step[] =>
  names.map((step) => ({ step, status: record.status.steps[step] }));

/**
 * All steps in the order of the graph; what is in the record and in no graph any more comes last. What is in the cluster goes
 * with its servers, so a delete does not tell it apart.
 */
export const stepNames = (record: ClusterRecord, order: readonly string[]): readonly string[] => [
  ...new Set([
    ...order,
    ...Object.keys(record.status.steps).filter((step) => record.wish === "present" || !isInside(step)),
  ]),
];

/** A floating IP is DOWN until something has it, which is no trouble and must not look like any. */
const calmWord = (step: string, word: string): string =>
  kindOf(step) === "floating-ip" && word === "DOWN" ? "not attached yet" : quote(word, 40);

/** `server worker-1 is BUILD`. */
const waitingFor = ({ step, status }: Step): string =>
  `${stepWords(step)}${status?.word === undefined || status.word === "" ? "" : ` is ${calmWord(step, status.word)}`}`;

function sign(record: ClusterRecord, steps: readonly Step[]): Sign {
  const blocked = record.status.blocked?.step;
  if (steps.some((one) => one.status?.state === "failed" || one.step === blocked)) return "failed";
  if (steps.every((one) => isDone(record, one))) return "done";
  return steps.some((one) => isMoving(one) || (record.wish === "present" && isDone(record, one))) ? "doing" : "waiting";
}

function doneWords(record: ClusterRecord, steps: readonly Step[], all: string): string {
  const stays = ({ step, status }: Step) => isKept(record, step) && (status?.state ?? "gone") !== "gone";
  if (record.wish === "absent") return steps.some(stays) ? "kept" : "gone";
  const times = steps.flatMap((one) => (one.status?.readyMs === undefined ? [] : [one.status.readyMs]));
  const seconds = (Math.max(...times) - record.status.startedMs) / 1000;
  return times.length === 0 || seconds < 1 ? `${all} done` : `${all} done after ${showDuration(seconds)}`;
}

/** `:hourglass_flowing_sand: *Servers* 1 of 3, server worker-1 is BUILD`. */
function groupLine(record: ClusterRecord, group: Group, steps: readonly Step[]): string {
  const counted = steps.filter((one) => group.counts === undefined || kindOf(one.step) === group.counts);
  const done = counted.filter((one) => isDone(record, one)).length;
  const progress = `${done} of ${counted.length}`;
  const moving = steps.filter(isMoving);
  const at = sign(record, steps);
  const head = `${SIGNS[at]} *${group.name}*`;
  switch (at) {
    case "done":
      return `${head} ${doneWords(record, steps, progress)}`;
    case "waiting":
      return `${head} ${record.wish === "present" ? "waiting" : "still there"}`;
    case "doing": {
      const more = moving.length > 1 ? ` and ${moving.length - 1} more` : "";
      const [first] = moving;
      const left = record.wish === "present" ? progress : `${progress} gone`;
      return `${head} ${left}${first === undefined ? "" : `, ${waitingFor(first)}${more}`}`;
    }
    case "failed": {
      const bad =
        steps.find((one) => one.status?.state === "failed") ??
        steps.find((one) => one.step === record.status.blocked?.step);
      const fault = bad?.status?.fault;
      return `${head} failed: ${bad === undefined ? "" : waitingFor(bad)}${fault === undefined ? "" : `: ${quote(fault, 200)}`}`;
    }
  }
}

/** One line for each group of steps, in words. */
export const groupLines = (record: ClusterRecord, order: readonly string[]): readonly string[] =>
  grouped(stepNames(record, order)).map(({ group, steps }) => groupLine(record, group, stepsOf(record, steps)));

/** What the next pass waits for, longest first. */
export function waits(record: ClusterRecord, order: readonly string[]): readonly string[] {
  return stepsOf(record, stepNames(record, order))
    .filter((one) => isMoving(one) && !isDone(record, one))
    .sort(
      (a, b) => (a.status?.intendedMs ?? Number.MAX_SAFE_INTEGER) - (b.status?.intendedMs ?? Number.MAX_SAFE_INTEGER),
    )
    .map(waitingFor);
}

/** How many kinds a listing went through to prove that nothing is left. */
export const kindCount = (record: ClusterRecord, order: readonly string[]): number =>
  new Set(stepNames(record, order).map(kindOf)).size;

const isInside = (step: string): boolean => step.startsWith("kubernetes-");

/** What is there, in the order of the groups and of the names in them. */
const present = (record: ClusterRecord, where: (step: string) => boolean) =>
  grouped(Object.keys(record.status.steps).toSorted())
    .map(({ group, steps }) => ({
      group,
      steps: stepsOf(record, steps.filter(where)).filter(
        ({ status }) => status !== undefined && status.state !== "gone",
      ),
    }))
    .filter(({ steps }) => steps.length > 0);

/** A port is DOWN until its server runs, and is not looked at again: what is ready is not called anything worse. */
function stateWords({ status }: Step): string {
  const { state = "", word = "" } = status ?? {};
  return word === "" || (state === "ready" && word === "DOWN") ? state : quote(word, 60);
}

/** Every resource of the cloud with its id and state, for `status`. */
export const stepLines = (record: ClusterRecord): readonly string[] =>
  present(record, (step) => !isInside(step)).flatMap(({ steps }) =>
    steps.map((one) => {
      const id = one.status?.id === undefined ? "" : ` ${code(one.status.id, 100)}`;
      return `${stepWords(one.step)}: ${stateWords(one)}${id}`;
    }),
  );

/** What is in the cluster, by its state: `*Add-ons* base, calico: available`. */
export const insideLines = (record: ClusterRecord): readonly string[] =>
  present(record, isInside).map(({ group, steps }) => {
    const byState = Map.groupBy(steps, stateWords);
    const named = (one: Step): string => one.step.split("/")[1] ?? stepWords(one.step);
    return `*${group.name}* ${[...byState].map(([state, all]) => `${all.map(named).join(", ")}: ${state}`).join("; ")}`;
  });
