import type { Rules } from "../../shared/cluster/policy.ts";
import type { Decision, Request } from "../../shared/cluster/request.ts";
import type { Block, SlackMessage } from "../../shared/ports/slack.ts";
import { planBlocks, specWords, typedCreate } from "./plan.ts";
import { actions, bullets, code, mention, message, moment, plural, quote, section, small } from "./text.ts";
import { approvalsLeft, approvalWords, askable, listedPeople } from "./waiting.ts";

/** Actions of a request's buttons. The value of approve and deny is `<request>:<plan hash>`, of cancel `<request>`. */
export const REQUEST_ACTIONS = { approve: "request:approve", deny: "request:deny", cancel: "request:cancel" } as const;

const verb = (request: Request) => (request.action === "create" ? "create" : "delete");
const subject = (request: Request) =>
  request.action === "create" ? `*${request.name}*` : `The delete of *${request.name}*`;
const asked = (request: Request) =>
  small(`asked for by ${mention(request.requester)} ${moment(request.createdMs)} · request ${code(request.id)}`);

const last = (request: Request, verdict: Decision["verdict"]): Decision | undefined =>
  request.decisions.findLast((decision) => decision.verdict === verdict);

const planOf = (request: Request): readonly Block[] => (request.plan === undefined ? [] : planBlocks(request.plan));

const cancelButton = (request: Request) => ({ action: REQUEST_ACTIONS.cancel, label: "Cancel", value: request.id });

function planning(request: Request): SlackMessage {
  const blocks = [section(specWords(request.spec)), asked(request), actions(cancelButton(request))];
  if (request.problems.length === 0)
    return message(`:mag: Planning to ${verb(request)} *${request.name}*: checking names, quota and price.`, ...blocks);
  const waits = `:hourglass_flowing_sand: The plan for *${request.name}* has to wait.`;
  return message(
    `${waits} Nothing was changed; it is tried again every few seconds.`,
    section(bullets(request.problems.map((one) => quote(one, 500)))),
    ...blocks,
  );
}

/** Who has approved so far, and that nobody is left who could give the rest. */
function progress(request: Request, rules: Rules | undefined): readonly Block[] {
  const yes = approvalWords(request);
  const left = rules === undefined ? 0 : approvalsLeft(request, rules);
  const more = left === 0 ? "more are needed" : `${left} more ${left === 1 ? "is" : "are"} needed`;
  const short = request.short ?? 0;
  return [
    ...(yes.length === 0 ? [] : [section(`Approved so far by ${yes.join(", ")}; ${more}.`)]),
    ...(short === 0
      ? []
      : [
          section(`:warning: ${plural(short, "approval")} can't be given any more: too few of those who may are left.`),
        ]),
  ];
}

const approvalsWanted = (rules: Rules | undefined): string =>
  rules === undefined || rules.approvals === 1 ? "an approval" : `${rules.approvals} approvals`;

/** Named, so that Slack tells them when the message comes. */
function deciders(request: Request, rules: Rules | undefined): string {
  if (rules === undefined) return "An approver decides";
  const people = askable(request, rules);
  return people.length === 0 ? "Nobody is named who may decide" : `For ${listedPeople(people)} to decide`;
}

function waiting(request: Request, nowMs: number, rules?: Rules): SlackMessage {
  const hash = request.plan?.hash ?? "";
  const value = `${request.id}:${hash}`;
  const left =
    request.expiresMs === undefined || request.expiresMs <= nowMs ? [] : [`lapses ${moment(request.expiresMs)}`];
  return message(
    `:raised_hand: ${subject(request)} needs ${approvalsWanted(rules)}.`,
    ...(request.reasons.length === 0 ? [] : [section(`*Why*\n${bullets(request.reasons.map((one) => quote(one)))}`)]),
    ...planOf(request),
    ...progress(request, rules),
    asked(request),
    actions(
      { action: REQUEST_ACTIONS.approve, label: "Approve", value, style: "primary" },
      { action: REQUEST_ACTIONS.deny, label: "Deny", value, style: "danger" },
      cancelButton(request),
    ),
    small(
      [
        `${deciders(request, rules)}; the person who asked may cancel`,
        ...left,
        `or type ${code(`/k8s approve ${request.id}`)}`,
      ].join(" · "),
    ),
  );
}

function approved(request: Request): SlackMessage {
  const by = approvalWords(request);
  const who = by.length === 0 ? "within the policy, so nobody had to approve it" : `approved by ${by.join(", ")}`;
  return message(`:white_check_mark: ${subject(request)} is under way: ${who}.`, ...planOf(request), asked(request));
}

function denied(request: Request): SlackMessage {
  const by = last(request, "deny");
  const who = by === undefined ? "" : ` by ${mention(by.user)}`;
  const why = by?.reason === undefined ? [] : [section(`*Reason* ${quote(by.reason, 1000)}`)];
  return message(`:no_entry: ${subject(request)} was denied${who}. Nothing was changed.`, ...why, asked(request));
}

function refusedPlan(request: Request): SlackMessage {
  const count = plural(request.problems.length, "thing");
  return message(
    `:no_entry: *${request.name}* can't be ${verb(request)}d as asked. Nothing was changed.`,
    section(`*${count} to change*\n${bullets(request.problems.map((one) => quote(one, 500)))}`),
    section(specWords(request.spec)),
    asked(request),
  );
}

/** What to type for the same request. */
const typed = (request: Request): string =>
  code(
    request.action === "create"
      ? typedCreate(request.spec)
      : `/k8s delete ${request.name}${request.keepData ? " --keep-data" : ""}`,
  );

/** A dry run shows its plan and asks nobody. */
function dryRun(request: Request): SlackMessage {
  const needs = request.reasons.length === 0 ? "It would need no approval." : "It would need an approval.";
  return message(
    `:memo: This is what it takes to ${verb(request)} *${request.name}*. ${needs} Nothing was changed.`,
    ...(request.reasons.length === 0 ? [] : [section(`*Why*\n${bullets(request.reasons.map((one) => quote(one)))}`)]),
    ...planOf(request),
    section(`To ask for it, type ${typed(request)}`),
    asked(request),
  );
}

/** The live message of a request, until its cluster's own live message takes over. */
export function requestMessage(request: Request, nowMs: number, rules?: Rules): SlackMessage {
  switch (request.state) {
    case "planning":
      return planning(request);
    case "refused":
      return refusedPlan(request);
    case "waiting":
      return request.dryRun ? dryRun(request) : waiting(request, nowMs, rules);
    case "approved":
      return request.dryRun ? dryRun(request) : approved(request);
    case "denied":
      return denied(request);
    case "expired":
      return message(
        `:alarm_clock: ${subject(request)} got no answer in time. Nothing was changed.`,
        section(`To ask again, type ${typed(request)}`),
        asked(request),
      );
    case "cancelled":
      return message(`:wastebasket: ${subject(request)} was cancelled. Nothing was changed.`, asked(request));
  }
}
