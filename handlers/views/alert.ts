import type { SlackMessage } from "../../shared/ports/slack.ts";
import { type Alert, alertKey } from "../../shared/state/alerts.ts";
import { showDuration } from "../../shared/units.ts";
import { adviceOf, asideOf, faultOf } from "./alert-advice.ts";
import { linesOf, subjectOf, WHAT } from "./alert-words.ts";
import { amount } from "./quota.ts";
import { actions, type Button, code, mention, message, moment, plural, quote, section, small, table } from "./text.ts";
import { kindOf } from "./words.ts";

/** Actions of an alert's buttons. The value is the alert's key. */
export const ALERT_ACTIONS = {
  acknowledge: "alert:acknowledge",
  hour: "alert:snooze:1",
  hours: "alert:snooze:8",
  repair: "alert:repair",
  show: "alert:show",
} as const;

/** After so many tries it is a person's. */
export const TRIES_MAX = 3;

const nameOf = ({ cluster, tenant }: Alert): string => `*${quote(cluster?.name ?? tenant, 60)}*`;

/** What kinvirt can do when somebody asks it to. */
function isRepairable({ about, cluster, mends, symptom, tries }: Alert): boolean {
  if (cluster === undefined) return false;
  if (mends) return tries >= TRIES_MAX;
  if (symptom === "error")
    return ["load-balancer", "recordset"].includes(kindOf(about)) || about.startsWith("server/worker-");
  return ["gone", "elsewhere", "rules"].includes(symptom);
}

function buttonsOf(alert: Alert): readonly Button[] {
  const value = alertKey(alert);
  const button = (action: keyof typeof ALERT_ACTIONS, label: string): Button => ({
    action: ALERT_ACTIONS[action],
    label,
    value,
  });
  return [
    ...(alert.state === "acknowledged" ? [] : [{ ...button("acknowledge", "Acknowledge"), style: "primary" as const }]),
    ...(alert.state === "snoozed" ? [] : [button("hour", "Snooze 1 h"), button("hours", "Snooze 8 h")]),
    ...(isRepairable(alert) ? [button("repair", "Repair")] : []),
    ...(alert.cluster === undefined ? [] : [button("show", "Show")]),
  ];
}

function mending({ mends, tries, symptom }: Alert): string | undefined {
  if (!mends) return undefined;
  const [it, then] =
    symptom === "many" ? ["them", `type ${code("/k8s retry NAME")} for each`] : ["it", "press *Repair*"];
  return tries >= TRIES_MAX
    ? `:warning: kinvirt has tried ${TRIES_MAX} times to put ${it} right, and it is still so. Look why, then ${then}.`
    : `:hammer_and_wrench: kinvirt is putting ${it} right.`;
}

const SIGN = { open: ":rotating_light:", acknowledged: ":eyes:", snoozed: ":zzz:" } as const;

function hand({ by, state, sinceMs, untilMs }: Alert): readonly string[] {
  if (by === undefined) return [];
  if (state === "snoozed" && untilMs !== undefined) return [`snoozed by ${mention(by)} until ${moment(untilMs)}`];
  return state === "acknowledged" ? [`${mention(by)} has it in hand since ${moment(sinceMs)}`] : [];
}

const times = ({ openedMs }: Alert): readonly string[] =>
  openedMs.length < 2 ? [] : [`${openedMs.length} times within an hour`];

/** Nova counts RAM in MiB, and nobody else does. */
const quotaRow = ([service = "", resource = "", ...counts]: readonly string[]): readonly string[] => [
  `${service} ${resource}`,
  ...counts.map((count) => amount({ resource }, Number(count))),
];

function open(alert: Alert, sign: string): SlackMessage {
  const { facts, symptom, tenant, cluster, seenMs } = alert;
  const head = ["quota", "used", "of"];
  const details = [
    ...(symptom === "many" ? [`*Clusters* ${quote(facts["names"] ?? "", 800)}`] : []),
    ...(symptom === "quota" ? [table([head, ...linesOf(facts).map(quotaRow)])] : []),
    ...(symptom === "rules" ? [changes(alert)] : []),
    faultOf(alert),
    mending(alert) ?? adviceOf(alert),
    asideOf(alert),
  ].filter((one) => one !== undefined && one !== "");
  const foot = [
    ...hand(alert),
    `since ${moment(seenMs)}`,
    ...times(alert),
    ...(cluster === undefined ? [] : [quote(tenant, 60)]),
  ];
  return message(
    `${sign} ${nameOf(alert)}: ${WHAT[symptom](alert)}.`,
    section(details.join("\n")),
    small(foot.join(" · ")),
    actions(...buttonsOf(alert)),
  );
}

function changes({ facts: { lacking = "", unwanted = "" } }: Alert): string {
  const lacks = lacking === "" ? [] : [`Removed: ${quote(lacking, 500)}.`];
  return [...lacks, ...(unwanted === "" ? [] : [`Added: ${plural(Number(unwanted), "rule")}.`])].join(" ");
}

function over(alert: Alert): SlackMessage {
  const { mends, moot, seenMs, sinceMs, symptom, tries } = alert;
  const foot = small([`seen ${moment(seenMs)}`, ...times(alert)].join(" · "));
  const was = section(`It was: ${WHAT[symptom](alert)}.`);
  if (moot) return message(`:wastebasket: ${nameOf(alert)} is being deleted or has gone, so this is over.`, was, foot);
  const lasted = showDuration((sinceMs - seenMs) / 1000);
  const by = mends && tries > 0 ? "kinvirt has put it right" : "it is over";
  const verdict =
    symptom === "ending"
      ? `the ${subjectOf(alert)} no longer ${alert.about === "end/ttl" ? "ends" : "end"} soon`
      : `${by} after ${lasted}`;
  return message(`:white_check_mark: ${nameOf(alert)}: ${verdict}.`, was, foot);
}

/** The one message of an alert, from its first moment to its end. */
export function alertMessage(alert: Alert): SlackMessage {
  const { state } = alert;
  return state === "recovered" || state === "suspected" ? over(alert) : open(alert, SIGN[state]);
}

/** In its thread, when it comes and goes. */
export const againMessage = (alert: Alert): SlackMessage =>
  message(`:repeat: ${alert.openedMs.length} times within an hour: ${WHAT[alert.symptom](alert)}.`);

/** In its thread, when a snooze is over. */
export const stillMessage = (alert: Alert): SlackMessage =>
  message(`:alarm_clock: It is still so: ${WHAT[alert.symptom](alert)}.`);
