import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { Block, SlackMessage } from "../../shared/ports/slack.ts";
import { showDuration } from "../../shared/units.ts";
import { faultWords, mend, traceWords } from "./advice.ts";
import { createButton } from "./create-modal.ts";
import { endpointLines, exportLines, loginLine } from "./endpoints.ts";
import { specWords } from "./plan.ts";
import { insideLines, stepLines, waits } from "./steps.ts";
import { actions, bullets, code, listed, mention, message, moment, plural, quote, section, small } from "./text.ts";
import { approvalWords, approvedLine } from "./waiting.ts";
import { endOf, standing } from "./words.ts";

const stateWords = (record: ClusterRecord, request?: Request): string =>
  record.status.phase === "requested" && request?.state === "waiting"
    ? ":raised_hand: waits for an approval"
    : standing(record);

function line(record: ClusterRecord, nowMs: number): string {
  const { spec, status } = record;
  const size = `${plural(spec.controlPlane.count + spec.workers.count, "server")}, Kubernetes ${quote(spec.version, 10)}`;
  const going = status.phase === "creating" || status.phase === "deleting" || status.phase === "blocked";
  const since = going ? ` since ${showDuration((nowMs - status.startedMs) / 1000)}` : "";
  const endMs = endOf(record);
  const until = endMs === undefined ? "" : ` · until ${moment(endMs)}`;
  return `*${spec.name}* ${stateWords(record)}${since} · ${size} · ${mention(record.requester)}${until}`;
}

/** Of clusters that are in the store and can't be read, by name. */
function hiddenLine(names: readonly string[]): readonly Block[] {
  const [first] = names;
  if (first === undefined) return [];
  const many = plural(names.length, "cluster");
  return [section(`:warning: ${many} can't be shown here: ${code(`/k8s status ${first}`)} says why.`)];
}

/** Every cluster of a tenant, those that need a person first. `hidden`: names of those that can't be read. */
export function listMessage(
  tenant: string,
  records: readonly ClusterRecord[],
  nowMs: number,
  hidden: readonly string[] = [],
): SlackMessage {
  const more = hiddenLine(hidden);
  if (records.length === 0 && more.length > 0) return message(`*${tenant}* has no other clusters.`, ...more);
  if (records.length === 0) {
    return message(
      `*${tenant}* has no clusters. For one, type ${code("/k8s create dev")}, or press the button.`,
      actions(createButton),
    );
  }
  const trouble = records.filter((record) => record.status.phase === "blocked").length;
  const verdict = trouble === 0 ? "" : `, ${trouble} of them ${trouble === 1 ? "needs" : "need"} a person`;
  const rank = (record: ClusterRecord) => (record.status.phase === "blocked" ? 0 : 1);
  const sorted = [...records].sort((a, b) => rank(a) - rank(b) || a.spec.name.localeCompare(b.spec.name));
  return message(
    `*${tenant}* has ${plural(records.length, "cluster")}${verdict}.`,
    section(listed(sorted.map((record) => line(record, nowMs)))),
    ...more,
    small(`${code("/k8s status NAME")} tells more about one`),
  );
}

function todo(record: ClusterRecord, request: Request | undefined): string {
  const { name } = record.spec;
  if (record.status.phase === "blocked") return mend(record.status.blocked, name);
  if (request?.state !== "waiting") return "";
  const back = code(`/k8s cancel ${request.id}`);
  return `An approver types ${code(`/k8s approve ${request.id}`)} or presses the button; ${back} takes it back.`;
}

/** Who has approved what still waits. */
const approvalsOf = (request: Request | undefined): string => {
  const yes = request === undefined ? [] : approvalWords(request);
  return yes.length === 0 ? "" : `approved so far by ${yes.join(", ")}`;
};

/** What is known of one cluster, from the store alone. */
export function statusMessage(record: ClusterRecord, request: Request | undefined, nowMs: number): SlackMessage {
  const { status } = record;
  const endMs = endOf(record);
  const call = status.blocked;
  const on = waits(record, []);
  const resources = stepLines(record);
  const next = todo(record, request);
  const fault = call === undefined ? [] : [faultWords(call, 1000), traceWords(call)].filter((one) => one !== "");
  const where = status.phase === "ready" ? [loginLine(record), ...endpointLines(record), ...exportLines(record)] : [];
  const inside = insideLines(record);
  return message(
    `*${record.spec.name}*: ${stateWords(record, request)}${
      status.phase === "ready" || status.phase === "requested"
        ? ""
        : ` since ${showDuration((nowMs - status.startedMs) / 1000)}`
    }.`,
    ...(fault.length === 0 ? [] : [section(fault.join("\n"))]),
    ...(next === "" ? [] : [section(next)]),
    ...(on.length === 0 ? [] : [section(`*Waiting for* ${listed(on, 5)}`)]),
    ...(where.length === 0 ? [] : [section(where.join("\n"))]),
    ...(endMs === undefined ? [] : [section(`*Lives until* ${moment(endMs)}`)]),
    ...(inside.length === 0 || on.length > 0 ? [] : [section(inside.join("\n"))]),
    ...(resources.length === 0 ? [] : [section(`*Resources*\n${bullets(resources, 40)}`)]),
    small(specWords(record.spec)),
    small(
      [
        `asked for by ${mention(record.requester)} ${moment(record.createdMs)}`,
        approvedLine(record.approved) || approvalsOf(request),
        `cluster ${code(record.id)}`,
      ]
        .filter((one) => one !== "")
        .join(" · "),
    ),
  );
}
