import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Block, SlackMessage } from "../../shared/ports/slack.ts";
import { showDuration } from "../../shared/units.ts";
import { faultWords, goesOn, mend, traceWords } from "./advice.ts";
import { endpointLines, loginLine } from "./endpoints.ts";
import { specWords } from "./plan.ts";
import { groupLines, kindCount } from "./steps.ts";
import { actions, bullets, code, listed, mention, message, moment, plural, section, small } from "./text.ts";
import { approvedLine } from "./waiting.ts";

/** Actions of a cluster's buttons. The value is `<name>:<cluster id>:<generation>`, so an old button does nothing. */
export const CLUSTER_ACTIONS = { retry: "cluster:retry", remove: "cluster:delete" } as const;

export const clusterValue = (record: ClusterRecord): string => `${record.spec.name}:${record.id}:${record.generation}`;

export interface ProgressView {
  readonly nowMs: number;
  /** From now to the end, by this cloud's own medians. */
  readonly etaSeconds?: number;
  /** Steps of the cluster's graph, first to last. */
  readonly order: readonly string[];
}

const name = (record: ClusterRecord) => `*${record.spec.name}*`;
const seconds = (record: ClusterRecord, untilMs: number) => showDuration((untilMs - record.status.startedMs) / 1000);

const foot = (record: ClusterRecord): Block =>
  small(
    [
      `asked for by ${mention(record.actor)}`,
      approvedLine(record.approved),
      `cluster ${code(record.id)} · request ${code(record.request)}`,
    ]
      .filter((one) => one !== "")
      .join(" · "),
  );

function timing(record: ClusterRecord, view: ProgressView): string {
  const so = `${seconds(record, view.nowMs)} so far`;
  if (view.etaSeconds === undefined) return so;
  return view.etaSeconds > 0 ? `${so}, about ${showDuration(view.etaSeconds)} left` : `${so}, longer than usual`;
}

/** What went wrong last while it is tried again. */
function setbackLine({ status }: ClusterRecord): readonly Block[] {
  const last = status.setbacks === 0 ? undefined : status.failures.at(-1);
  if (last === undefined || last.trouble === "conflict") return [];
  const tried = last.times === undefined ? "" : ` (${last.times} times by now)`;
  return [section(`:warning: ${faultWords(last, 300)}${tried}\n${goesOn(last)}`)];
}

function verb({ wish, status }: ClusterRecord): string {
  if (wish === "absent") return ":wastebasket: Deleting";
  return status.doing === "renew" ? ":key: Renewing the logins of" : ":construction: Creating";
}

function working(record: ClusterRecord, view: ProgressView): SlackMessage {
  return message(
    `${verb(record)} ${name(record)}: ${timing(record, view)}.`,
    section(listed(groupLines(record, view.order))),
    ...setbackLine(record),
    foot(record),
  );
}

/** What of a cluster has stopped, where it needs a person. */
export const stopped = ({ wish, status }: ClusterRecord): string =>
  wish === "absent" ? "its delete" : status.doing === "renew" ? "the renewal of its logins" : "its creation";

function blocked(record: ClusterRecord, view: ProgressView): SlackMessage {
  const call = record.status.blocked;
  const value = clusterValue(record);
  const fault = call === undefined ? [] : [faultWords(call), traceWords(call)].filter((one) => one !== "");
  return message(
    `:warning: ${name(record)} needs a person: ${stopped(record)} has stopped.`,
    ...(fault.length === 0 ? [] : [section(fault.join("\n"))]),
    section(`${mend(call, record.spec.name)} Or press *Retry*: it goes on where it stopped, and what exists is kept.`),
    actions(
      { action: CLUSTER_ACTIONS.retry, label: "Retry", value, style: "primary" },
      ...(record.wish === "present"
        ? [{ action: CLUSTER_ACTIONS.remove, label: "Delete", value, style: "danger" as const }]
        : []),
    ),
    section(listed(groupLines(record, view.order))),
    foot(record),
  );
}

function ready(record: ClusterRecord): SlackMessage {
  const { finishedMs } = record.status;
  const took = finishedMs === undefined ? "" : ` after ${seconds(record, finishedMs)}`;
  const lives = record.expiresMs === undefined ? [] : [section(`*Lives until* ${moment(record.expiresMs)}`)];
  return message(
    `:white_check_mark: ${name(record)} is ready${took}.`,
    section([loginLine(record), ...endpointLines(record)].join("\n")),
    ...lives,
    small(specWords(record.spec)),
    foot(record),
  );
}

function deleted(record: ClusterRecord, view: ProgressView): SlackMessage {
  const { finishedMs, kept } = record.status;
  const took = finishedMs === undefined ? "" : ` after ${seconds(record, finishedMs)}`;
  const proof = `proved by listing ${plural(kindCount(record, view.order), "kind")} of resources`;
  const left = kept.length === 0 ? "0 resources left" : "only the kept data is left";
  return message(
    `:white_check_mark: ${name(record)} is deleted${took}: ${left}, ${proof}.`,
    ...(kept.length === 0 ? [] : [section(`*Kept, because you asked*\n${bullets(kept.map((one) => code(one)))}`)]),
    foot(record),
  );
}

/** True when a delete has been carried out and proved. */
export const isDeleted = (record: ClusterRecord): boolean =>
  record.wish === "absent" && record.status.phase === "deleting" && record.status.finishedMs !== undefined;

/** The one live message of an operation: pure, so that an equal message is not sent again. */
export function progressMessage(record: ClusterRecord, view: ProgressView): SlackMessage {
  switch (record.status.phase) {
    case "blocked":
      return blocked(record, view);
    case "ready":
      return ready(record);
    case "deleting":
      return isDeleted(record) ? deleted(record, view) : working(record, view);
    case "creating":
    case "requested":
      return working(record, view);
  }
}
