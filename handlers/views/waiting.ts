import type { Rules } from "../../shared/cluster/policy.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { code, mention, message, moment, plural, quote, section, small } from "./text.ts";

/** `<@U1>`, the user group's, or in words whoever asked for the cluster. */
export const personOrGroup = (id: string): string =>
  id === "requester" ? "whoever asked for it" : id.startsWith("S") ? `<!subteam^${id}>` : mention(id);

/** `<@U1>, <@U2> and <!subteam^S1>`. */
export function listedPeople(people: readonly string[]): string {
  const all = people.map(personOrGroup);
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

/** Who approved the plan as it is now. */
export const agreed = (request: Pick<Request, "plan" | "decisions">): ReadonlySet<string> =>
  new Set(request.decisions.filter((d) => d.verdict === "approve" && d.hash === request.plan?.hash).map((d) => d.user));

/** Those who may still approve, as the policy names them. */
export const askable = (request: Request, { approvers }: Rules): readonly string[] =>
  approvers.filter((one) => one !== request.requester && !agreed(request).has(one));

/** How many approvals it still needs. */
export const approvalsLeft = (request: Request, { approvals }: Rules): number =>
  Math.max(0, approvals - agreed(request).size);

const both = (user: string, atMs: number): string => `${mention(user)} ${moment(atMs)}`;

/** Who approved the plan as it is now, and when. */
export const approvalWords = ({ decisions, plan }: Request): readonly string[] =>
  decisions
    .filter((one) => one.verdict === "approve" && one.hash === plan?.hash)
    .map(({ user, atMs }) => both(user, atMs));

/** Who approved what a cluster is made by: part of its messages for ever. Empty: of an older version. */
export function approvedLine(approved: ClusterRecord["approved"]): string {
  if (approved === undefined) return "";
  const plan = `plan ${code(approved.plan.slice(0, 8))}`;
  if (approved.by.length === 0) return `within the policy, so nobody had to approve it · ${plan}`;
  return `approved by ${approved.by.map(({ user, atMs }) => both(user, atMs)).join(", ")} · ${plan}`;
}

const subject = (request: Request) =>
  request.action === "create" ? `*${request.name}*` : `The ${request.action} of *${request.name}*`;

const until = (request: Request): string =>
  request.expiresMs === undefined ? "" : ` It lapses ${moment(request.expiresMs)}.`;

/** In the request's thread, once, when most of its time has passed: mentions those who may decide. */
export function reminderMessage(request: Request, rules: Rules): SlackMessage {
  const left = plural(approvalsLeft(request, rules), "approval");
  const words = `${code(`/k8s approve ${request.id}`)} or ${code(`/k8s deny ${request.id} REASON`)}`;
  return message(
    `:alarm_clock: ${listedPeople(askable(request, rules))} ${subject(request)} still needs ${left}.${until(request)}`,
    section(`Decide with the buttons above, or type ${words}.`),
  );
}

const cause = ({ short = 0 }: Request): string => {
  const few = "too few of those who may approve are left in Slack; bots and whoever asked don't count";
  return `${plural(short, "approval")} can't be given by anybody: ${few}.`;
};

/** In the request's thread, once: the person who asked learns that waiting leads to nothing. */
export function shortMessage(request: Request, rules: Rules): SlackMessage {
  const { approvers } = rules;
  const named =
    approvers.length === 0
      ? "Nobody is named."
      : `Named ${approvers.length === 1 ? "is" : "are"} ${listedPeople(approvers)}.`;
  const others = `Have whoever runs kinvirt name others in its configuration (${code("policy.approvers")})`;
  return message(
    `:warning: ${mention(request.requester)} ${subject(request)} can't be approved as things are.`,
    section(`${cause(request)} ${named}`),
    section(`${others}; the request goes on from there.${until(request)}`),
    section(`To take it back, type ${code(`/k8s cancel ${request.id}`)}.`),
  );
}

/** The same for those on call, in their own channel. */
export function shortOncallMessage(request: Request): SlackMessage {
  const where = `${code("policy.approvers")}, or ${code(`tenants.${request.tenant}.policy.approvers`)}`;
  return message(
    `:warning: ${subject(request)} of ${quote(request.tenant, 60)} waits for an approval that nobody can give.`,
    section(cause(request)),
    section(`Name others in the configuration (${where}) and start kinvirt anew.${until(request)}`),
    small(`asked for by ${mention(request.requester)} in <#${request.channel}> · request ${code(request.id)}`),
  );
}
