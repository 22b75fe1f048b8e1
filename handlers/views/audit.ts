import { CLEAN_UP, ITSELF } from "../../shared/cluster/audit-event.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import type { AuditRecord } from "../../shared/state/audit.ts";
import { actions, code, listed, mention, message, moment, plural, quote, section, small } from "./text.ts";
import { stepWords } from "./words.ts";

/** The button below a page. Its value is `<cluster or nothing>:<since in ms or nothing>:<number of the record before>`. */
export const AUDIT_ACTIONS = { older: "audit:older" } as const;

/** Records that a person reads at once. */
export const AUDIT_PAGE = 12;
const CHANGES_SHOWN_MAX = 6;

const who = (actor: string): string => (actor === ITSELF ? ITSELF : mention(actor));
const planWords = (plan: string | undefined): string => (plan === undefined ? "" : ` plan ${code(plan.slice(0, 8))}`);
const because = (reason: string | undefined): string => (reason === undefined ? "" : `: ${quote(reason, 300)}`);

/** `, approved by <@U1>, <@U2>`; undefined: by nobody. */
function approvers(by: string | undefined): string | undefined {
  const users = by?.split(", ").filter((user) => /^[UW][A-Z0-9]+$/.test(user)) ?? [];
  return users.length === 0 ? undefined : `, approved by ${users.map(mention).join(", ")}`;
}

const DID = { created: "created", found: "found", changed: "changed", deleted: "deleted", failed: "failed" } as const;

/** `whole`: with what was created, changed and deleted by its ids, and not only what failed. */
function changeWords({ changes = [], detail = {} }: AuditRecord, whole: boolean): string {
  const counts = Object.values(DID).flatMap((did) => {
    const count = changes.filter((one) => one.did === did).length;
    return count === 0 ? [] : [`${count} ${did}`];
  });
  const failed = changes.filter(({ did }) => did === "failed");
  const worth = whole ? [...failed, ...changes.filter(({ did }) => did !== "failed")] : failed;
  const lines = worth.slice(0, CHANGES_SHOWN_MAX).map(({ did, step, id, requestId, fault }) => {
    const call = requestId === undefined ? "" : `, OpenStack request ${code(requestId, 80)}`;
    const what = fault === undefined ? (id === undefined ? "" : ` ${code(id, 60)}`) : `: ${quote(fault, 160)}`;
    return `      ${did} ${quote(stepWords(step), 80)}${what}${call}`;
  });
  const more = worth.length > lines.length ? [`      and ${worth.length - lines.length} more`] : [];
  const late = detail["operation"] === CLEAN_UP ? " that came after the delete had ended" : "";
  return [`resources${late}: ${counts.join(", ")}`, ...lines, ...more].join("\n");
}

function words(record: AuditRecord, whole: boolean): string {
  const { what, request, detail = {} } = record;
  const asked = request === undefined ? "" : ` ${code(request)}`;
  const plan = planWords(detail["plan"]);
  const operation = quote(detail["operation"] ?? "", 40);
  const about = quote(stepWords(detail["about"] ?? ""), 80);
  switch (what) {
    case "request.asked":
      return `asked for its ${quote(detail["action"] ?? "change", 40)}, request${asked}`;
    case "request.planned":
      return `planned request${asked}:${plan}, which ${detail["asks"] === "nobody" ? "needs no" : "needs an"} approval`;
    case "decision.approve":
      return `approved request${asked},${plan}`;
    case "decision.deny":
      return `denied request${asked}${because(detail["reason"])}`;
    case "request.approved":
      return `carries out request${asked},${plan}${approvers(detail["by"]) ?? because(detail["rule"])}`;
    case "request.refused":
      return `refused request${asked}${because(detail["problems"])}`;
    case "request.expired":
      return `let request${asked} lapse: no answer in time`;
    case "request.cancelled":
      return `took request${asked} back`;
    case "operation.started":
      return `began the ${operation}${because(detail["why"])}`;
    case "operation.finished":
      return `finished the ${operation}${detail["kept"] === undefined ? "" : `; kept ${quote(detail["kept"], 200)}`}`;
    case "operation.stopped":
      return `stopped the ${operation} at ${quote(stepWords(detail["step"] ?? ""), 80)}${because(detail["fault"])}`;
    case "resources.changed":
      return changeWords(record, whole);
    case "kubeconfig.asked":
      return `asked for a kubeconfig, role ${quote(detail["role"] ?? "", 20)}, ${quote(detail["hours"] ?? "", 4)} h`;
    case "kubeconfig.downloaded":
      return `downloaded a kubeconfig, role ${quote(detail["role"] ?? "", 20)}, ${quote(detail["hours"] ?? "", 4)} h`;
    case "renew.asked":
      return "asked for new logins";
    case "retry.asked":
      return `had it retried while it was ${quote(detail["phase"] ?? "", 20)}`;
    case "alert.acknowledged":
      return `took the alert about ${about} in hand`;
    case "alert.snoozed":
      return `snoozed the alert about ${about} for ${quote(detail["hours"] ?? "", 4)} h`;
    case "repair.begun":
      return `began to put ${about} right${because(detail["symptom"])}`;
  }
}

const line = (record: AuditRecord, tampered: boolean, whole: boolean): string => {
  const mark = tampered ? ":warning: *changed after it was written* " : "";
  const { seq, atMs, cluster, actor } = record;
  return `${mark}${code(String(seq))} ${moment(atMs)} *${quote(cluster.name, 40)}* ${who(actor)} ${words(record, whole)}`;
};

export interface AuditView {
  readonly tenant: string;
  /** One cluster's; all if left out. */
  readonly name?: string;
  readonly sinceMs?: number;
  /** Newest first. */
  readonly records: readonly AuditRecord[];
  /** Numbers of records whose hash is not that of what they say. */
  readonly tampered: ReadonlySet<number>;
  /** From here on there may be older ones: the number of the last record that was looked at. */
  readonly before?: number;
}

function subject({ tenant, name, sinceMs }: AuditView): string {
  const what = name === undefined ? `*${tenant}*` : `*${quote(name, 40)}* of *${tenant}*`;
  return sinceMs === undefined ? what : `${what} since ${moment(sinceMs)}`;
}

/** A page of the audit log. */
export function auditMessage(view: AuditView): SlackMessage {
  const { records, tampered, before, name = "", sinceMs } = view;
  const older =
    before === undefined
      ? []
      : [actions({ action: AUDIT_ACTIONS.older, label: "Older", value: `${name}:${sinceMs ?? ""}:${before}` })];
  if (records.length === 0) {
    const none = before === undefined ? "There is nothing" : "There is nothing among the newest records";
    return message(`:scroll: ${none} in the audit log about ${subject(view)}.`, ...older);
  }
  const alarm = tampered.size === 0 ? "" : ` :warning: ${plural(tampered.size, "record")} changed after being written.`;
  return message(
    `:scroll: ${plural(records.length, "record")} of the audit log about ${subject(view)}, newest first.${alarm}`,
    ...pages(records.map((record) => line(record, tampered.has(record.seq), name !== ""))).map(section),
    ...older,
    ...(name === "" ? [small(`${code("/k8s audit NAME")} tells more of one cluster: each resource by its ids`)] : []),
    small(
      `Whoever runs kinvirt checks and exports all of it: ${code("npm run audit:verify")}, ${code("npm run audit:export")}`,
    ),
  );
}

/** Some lines to a block: a single one may be long. */
const pages = (lines: readonly string[]): readonly string[] =>
  Array.from({ length: Math.ceil(lines.length / 3) }, (_, at) => listed(lines.slice(at * 3, at * 3 + 3)));
