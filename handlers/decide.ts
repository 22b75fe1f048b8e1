import type { Request } from "../shared/cluster/request.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { SlackMessage } from "../shared/ports/slack.ts";
import { requests } from "../shared/state/index.ts";
import { mayNotDecide } from "./may.ts";
import { freeName } from "./names.ts";
import { tenantOf } from "./people.ts";
import { done, refused } from "./views/answers.ts";
import { deniedMessage } from "./views/outcome.ts";
import { code, mention, moment, quote } from "./views/text.ts";
import { agreed } from "./views/waiting.ts";
import { planMessage, wake } from "./wake.ts";
import { TooSlow, within } from "./within.ts";
import { tell } from "./work/live.ts";

const REASON_CHARS_MAX = 500;
/** A slow Slack must not cost the answer to the person who decided. */
const TELL_MS_MAX = 1000;

export interface Deciding {
  readonly request: string;
  readonly user: string;
  readonly channel: string;
  readonly verdict: "approve" | "deny";
  /** Of the plan that the person saw. Typed words name no plan: they mean the one that the message shows now. */
  readonly hash?: string;
  readonly reason?: string;
}

const ENDED: Readonly<Record<Exclude<Request["state"], "waiting">, string>> = {
  planning: "is still being planned: wait until its message shows the plan.",
  approved: "was approved already.",
  denied: "was denied already.",
  expired: "got no answer in time and has lapsed: it has to be asked for again.",
  refused: "does not fit and was refused: there is nothing to decide.",
  cancelled: "was cancelled by the person who asked.",
};

/** Why this decision can't be taken on the request as it is now; undefined when it can. */
function objection(now: Request, deciding: Deciding, nowMs: number): string | undefined {
  const name = `The request ${code(now.id)}`;
  if (now.dryRun) return `${name} is a dry run: there is nothing to decide.`;
  if (now.state !== "waiting") return `${name} ${ENDED[now.state]}`;
  if (now.expiresMs !== undefined && now.expiresMs <= nowMs)
    return `${name} lapsed ${moment(now.expiresMs)}: it has to be asked for again.`;
  if (now.requester === deciding.user)
    return "You asked for this yourself, so somebody else has to decide. You may cancel it.";
  if (now.plan === undefined || (deciding.hash ?? now.plan.hash) !== now.plan.hash) {
    return "The plan has changed since you saw it: look at its message again, then decide.";
  }
  if (deciding.verdict === "approve" && agreed(now).has(deciding.user))
    return "You have approved this plan already; each person counts once.";
  return undefined;
}

function decided(now: Request, deciding: Deciding, nowMs: number): Request {
  const { user, verdict, reason } = deciding;
  const hash = now.plan?.hash ?? "";
  const said = reason === undefined ? {} : { reason: reason.trim().slice(0, REASON_CHARS_MAX) };
  const decisions = [...now.decisions, { user, verdict, atMs: nowMs, hash, ...said }];
  // An approval is counted by the worker, which plans again and sees whether the plan still holds.
  return { ...now, decisions, dueMs: nowMs, ...(verdict === "deny" ? { state: "denied" as const } : {}) };
}

/** Tells the requester of a deny, once, in the request's thread. The worker tries again what Slack did not take. */
export async function tellDenied(deps: Deps, request: Request): Promise<void> {
  if (request.told || request.state !== "denied") return;
  const ref = { channel: request.channel, ...(request.message?.ts === undefined ? {} : { ts: request.message.ts }) };
  if (!(await tell(deps, ref, `${request.id}:denied`, deniedMessage(request)))) return;
  await requests(deps.store).change(request.id, (now) => ({ ...now, told: true }));
}

const noSuchRequest = (id: string): string =>
  `There is no request ${code(id, 20)} in this channel: its message shows its id at the foot.`;

/** The request, or the sentence that says why this person can't decide on it now. */
export async function open(deps: Deps, deciding: Deciding): Promise<Request | string> {
  const seen = await requests(deps.store).get(deciding.request);
  if (seen === undefined || seen.tenant !== tenantOf(deps.config, deciding.channel))
    return noSuchRequest(deciding.request);
  return objection(seen, deciding, deps.clock.nowMs()) ?? (await mayNotDecide(deps, seen, deciding.user)) ?? seen;
}

/**
 * One decision of one person, by button or by words. The answer is for that person alone; the request's message is redrawn
 * by the worker. Denies take effect here; approvals are counted by the worker against a fresh plan.
 */
export async function decide(deps: Deps, deciding: Deciding): Promise<SlackMessage> {
  const nowMs = deps.clock.nowMs();
  const seen = await open(deps, deciding);
  if (typeof seen === "string") return refused(seen);
  deps.tracing?.belongs({ trace: seen.id, inside: seen.id });
  if (deciding.verdict === "deny" && (deciding.reason ?? "").trim() === "") {
    return refused(`A deny needs a reason: type ${code(`/k8s deny ${seen.id} too many servers for a test`)}.`);
  }
  let late: string | undefined;
  const after = await requests(deps.store).change(seen.id, (now) => {
    late = objection(now, deciding, nowMs);
    return late === undefined ? decided(now, deciding, nowMs) : undefined;
  });
  if (after === undefined) return refused(`The request ${code(seen.id)} is gone.`);
  if (late !== undefined) return refused(late);
  if (deciding.verdict === "deny") {
    await freeName(deps, after);
    await within(deps.clock, TELL_MS_MAX, tellDenied(deps, after)).catch((error: unknown) => {
      if (!(error instanceof TooSlow)) throw error;
    });
  }
  await wake(deps, planMessage(seen));
  const what = seen.action === "create" ? `*${seen.name}*` : `the delete of *${seen.name}*`;
  return deciding.verdict === "approve"
    ? done(`You approved ${what}; its message follows what happens.`)
    : done(`You denied ${what}; ${mention(seen.requester)} gets your reason: ${quote(deciding.reason ?? "")}`);
}

/** Takes a request back, by the person who asked for it and only before it is carried out. */
export async function cancel(deps: Deps, asked: Pick<Deciding, "request" | "user" | "channel">): Promise<SlackMessage> {
  const seen = await requests(deps.store).get(asked.request);
  if (seen === undefined || seen.tenant !== tenantOf(deps.config, asked.channel))
    return refused(noSuchRequest(asked.request));
  deps.tracing?.belongs({ trace: seen.id, inside: seen.id });
  if (seen.requester !== asked.user)
    return refused(`Only ${mention(seen.requester)}, who asked, may cancel this; an approver may deny it.`);
  let open = false;
  const after = await requests(deps.store).change(seen.id, (now) => {
    open = now.state === "planning" || now.state === "waiting";
    return open ? { ...now, state: "cancelled", dueMs: deps.clock.nowMs() } : undefined;
  });
  if (after === undefined || !open) {
    const advice =
      after?.state === "approved" && after.action === "create"
        ? ` To undo it, type ${code(`/k8s delete ${seen.name}`)}.`
        : "";
    const state = after === undefined || after.state === "waiting" ? "is gone." : ENDED[after.state];
    return refused(`The request ${code(seen.id)} ${state}${advice}`);
  }
  await freeName(deps, after);
  await wake(deps, planMessage(seen));
  return done(`Cancelled: *${seen.name}* was not ${seen.action}d.`);
}
