import type { Rules } from "../../shared/cluster/policy.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { SlackError } from "../../shared/ports/slack.ts";
import { clusters, requests } from "../../shared/state/index.ts";
import { rulesFor } from "../may.ts";
import { isGroup } from "../people.ts";
import { agreed, reminderMessage, shortMessage, shortOncallMessage } from "../views/waiting.ts";
import { show, tell } from "./live.ts";

/** An approval is good for the plan as it was a moment ago; what begins later is planned again. */
const FRESH_MS = 60_000;
const REMIND_AFTER = 0.75;
/** How often it is looked whether those who may decide are still there. */
const REACH_MS = 3_600_000;
const UNTOLD_MS = 10_000;

/** What is set when a request begins to wait. One that waits already keeps its times, also with another plan. */
export function waitingSince(request: Request, { expiresAfter }: Rules, nowMs: number): Partial<Request> {
  if (request.state === "waiting" && request.expiresMs !== undefined) return {};
  const lasts = expiresAfter * 1000;
  return { expiresMs: nowMs + lasts, remindMs: nowMs + lasts * REMIND_AFTER, reachMs: nowMs };
}

/** Approved some time ago and not begun: the process died in between, and the cloud may be another one by now. */
export async function isStale(deps: Pick<Deps, "store" | "clock">, request: Request): Promise<boolean> {
  const { state, dryRun, approvedMs, action, tenant, name, cluster } = request;
  if (state !== "approved" || dryRun || approvedMs === undefined) return false;
  if (deps.clock.nowMs() - approvedMs < FRESH_MS) return false;
  const record = await clusters(deps.store).get(`${tenant}/${name}`);
  if (record?.id !== cluster) return false;
  return action === "create"
    ? record.status.phase === "requested"
    : record.wish === "present" && record.request === request.id;
}

/** Users behind the policy's names, each once. */
async function people(deps: Pick<Deps, "slack">, named: readonly string[]): Promise<ReadonlySet<string>> {
  const groups = await Promise.all(named.filter(isGroup).map((group) => deps.slack.membersOf(group)));
  return new Set([...named.filter((one) => !isGroup(one)), ...groups.flat()]);
}

/** How many approvals are left that nobody can give any more. Asks Slack about as few people as it takes. */
async function missing(deps: Pick<Deps, "slack" | "config">, request: Request): Promise<number> {
  const { approvers, approvals } = rulesFor(deps, request);
  const given = agreed(request);
  let left = approvals - given.size;
  for (const user of await people(deps, approvers)) {
    if (left <= 0) break;
    if (user !== request.requester && !given.has(user) && (await deps.slack.isReachable(user))) left -= 1;
  }
  return Math.max(0, left);
}

/** Looks from time to time whether those are left who can decide. Slack not answering says nothing about them. */
export async function reach(deps: Deps, request: Request): Promise<void> {
  const now = deps.clock.nowMs();
  if (request.state !== "waiting" || request.reachMs === undefined || request.reachMs > now) return;
  let short = request.short ?? 0;
  try {
    short = await missing(deps, request);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    deps.log.warn("approvers.unknown", { request: request.id, code: error.code });
  }
  await requests(deps.store).change(request.id, ({ short: _before, ...rest }) =>
    rest.state === "waiting" ? { ...rest, reachMs: now + REACH_MS, ...(short > 0 ? { short } : {}) } : undefined,
  );
}

type Open = Omit<Request, "dueMs">;

/** Tells what is due of a request that waits, each once; answers what the request is to keep of that. */
export async function tellWaiting(deps: Deps, request: Request, nowMs: number): Promise<(now: Open) => Open> {
  const told: ((now: Open) => Open)[] = [];
  if (request.state !== "waiting") return (now) => now;
  const rules = rulesFor(deps, request);
  const ref = { channel: request.channel, ...(request.message?.ts === undefined ? {} : { ts: request.message.ts }) };
  if ((request.short ?? 0) > 0 && request.warned !== true) {
    const said = await tell(deps, ref, `${request.id}:short`, shortMessage(request, rules));
    if (said && (await tellOncall(deps, request))) told.push((now) => ({ ...now, warned: true }));
  }
  if (request.remindMs !== undefined && request.remindMs <= nowMs) {
    if (await tell(deps, ref, `${request.id}:remind:${request.remindMs}`, reminderMessage(request, rules)))
      told.push(({ remindMs: _told, ...now }) => now);
  }
  return (now) => told.reduce((one, change) => change(one), now);
}

async function tellOncall(deps: Deps, request: Request): Promise<boolean> {
  const channel = deps.config.tenants[request.tenant]?.oncallChannel;
  if (channel === undefined || channel === request.channel) return true;
  const ref = { channel, key: `${request.id}:short:oncall` };
  return (await show(deps, ref, shortOncallMessage(request), undefined)) !== "silent";
}

/** When a request that waits is looked at again: at its next moment, and soon while there is something to be told. */
export function nextLook(request: Open, nowMs: number): Pick<Request, "dueMs"> {
  const moments = [request.expiresMs, request.remindMs, request.reachMs].filter((one) => one !== undefined);
  const untold = (request.short ?? 0) > 0 && request.warned !== true ? [nowMs + UNTOLD_MS] : [];
  const due = [...untold, ...moments.map((one) => (one <= nowMs ? nowMs + UNTOLD_MS : one))];
  return due.length === 0 ? {} : { dueMs: Math.min(...due) };
}
