import { ORPHAN_MS } from "../../shared/cluster/due.ts";
import type { Plan } from "../../shared/cluster/plan.ts";
import { hashOf, planFor } from "../../shared/cluster/planner.ts";
import { planesOf, reasonsToAsk } from "../../shared/cluster/policy.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import { OutOfTime } from "../../shared/openstack/deadline.ts";
import { OpenStackError } from "../../shared/openstack/errors.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { clusters, requests } from "../../shared/state/index.ts";
import { auditRequest } from "../audit-request.ts";
import { tellDenied } from "../decide.ts";
import { rulesFor } from "../may.ts";
import { freeName, isNameless } from "../names.ts";
import { requestMessage } from "../views/request.ts";
import { agreed } from "../views/waiting.ts";
import { kindOf } from "../views/words.ts";
import { planMessage } from "../wake.ts";
import { cloudRefusal, cloudWords } from "./cloud-refusal.ts";
import { show } from "./live.ts";
import { skewOf } from "./others.ts";
import { start } from "./start.ts";
import { isStale, nextLook, reach, tellWaiting, waitingSince } from "./waiting.ts";

const RETRY_SECONDS = 10;
const UNTOLD_SECONDS = 10;
/** For how long Slack is tried after a request has ended. */
const UNTOLD_MS_MAX = 3_600_000;

/** `own`: the person who asks is the one who asked for the cluster. */
type Planned = { readonly value: Plan; readonly own: boolean } | { readonly problems: readonly string[] };

/** Plans a request, asks for approval or carries it out. Runs again after every decision, and may run any number of times. */
export async function planRequest(id: string, deps: Deps): Promise<void> {
  const seen = await requests(deps.store).get(id);
  if (seen === undefined) return;
  if (seen.state === "planning" && (await isNameless(deps, seen))) return forgetNameless(deps, seen);
  if (seen.state === "planning" || seen.state === "waiting") {
    const now = deps.clock.nowMs();
    if (seen.state === "waiting" && seen.expiresMs !== undefined && seen.expiresMs <= now) await expire(deps, seen);
    else if (seen.state === "planning" || agreed(seen).size >= rulesFor(deps, seen).approvals) await replan(deps, seen);
    else await reach(deps, seen);
  } else if (await isStale(deps, seen)) await replan(deps, seen);
  const after = await requests(deps.store).get(id);
  if (after === undefined) return;
  // What was decided is in the audit chain before it takes effect.
  await auditRequest(deps, after);
  // Approved long ago and not planned again, because the cloud does not answer: it waits until it does.
  if (after.state === "approved" && !after.dryRun && !(await isStale(deps, after))) await start(deps, after);
  await showRequest(deps, id);
}

/**
 * The store failed between the request and its name: whoever asked was told to look before they try again, and the name may be
 * another's by now. One that is new may still get it.
 */
async function forgetNameless(deps: Deps, { id, createdMs }: Request): Promise<void> {
  if (deps.clock.nowMs() - createdMs < ORPHAN_MS + skewOf(deps)) return;
  await requests(deps.store).remove(id, ({ state }) => state === "planning");
  deps.log.warn("request.nameless", { request: id });
}

async function replan(deps: Deps, seen: Request): Promise<void> {
  let planned: Planned;
  try {
    planned = await planOf(deps, seen);
  } catch (error) {
    if (error instanceof OutOfTime) return postpone(deps, seen, error);
    if (!(error instanceof OpenStackError)) throw error;
    if (["retry", "conflict", "quota"].includes(error.trouble)) return postpone(deps, seen, error);
    planned = { problems: [cloudRefusal(error)] };
  }
  const now = deps.clock.nowMs();
  const after = await requests(deps.store).change(seen.id, (request) => {
    const again = seen.state === "approved" && request.state === "approved" && request.approvedMs === seen.approvedMs;
    if (request.state !== "planning" && request.state !== "waiting" && !again) return undefined;
    return decided(deps, request, planned, now);
  });
  if (after?.state === "refused") await freeName(deps, after);
}

/** The cloud does not answer just now: people are told what they wait for, and it is asked again. */
async function postpone(deps: Deps, seen: Request, error: OpenStackError | OutOfTime): Promise<void> {
  const why =
    error instanceof OutOfTime ? "The cloud answers so slowly that there was no time for a plan." : cloudWords(error);
  deps.log.warn("plan.retry", { request: seen.id, error: error.message });
  await requests(deps.store).change(seen.id, (request) =>
    request.state === "planning" ? { ...request, problems: [why] } : undefined,
  );
  await deps.queue.enqueue(planMessage(seen), RETRY_SECONDS);
}

function decided(deps: Deps, request: Request, planned: Planned, now: number): Request {
  // Due until it is carried out or shown: the process may die before it is.
  const rest = { ...request, problems: [], dueMs: now };
  if ("problems" in planned) return { ...rest, state: "refused", problems: [...planned.problems] };
  const plan = planned.value;
  const rules = rulesFor(deps, request);
  const { action, spec } = request;
  const asked = { action, spec, own: planned.own, planes: planesOf(deps.config, spec) };
  const reasons = [...reasonsToAsk(rules, asked)];
  const next = { ...rest, plan, reasons };
  if (request.dryRun || reasons.length === 0) return { ...next, state: "approved", approvedMs: now };
  // Decisions on another plan stay in the record and count for nothing.
  if (agreed(next).size >= rules.approvals) return { ...next, state: "approved", approvedMs: now };
  return { ...next, ...waitingSince(request, rules, now), state: "waiting" };
}

/** A delete is planned from the record alone: a flavor or an image that is gone must not keep a cluster alive. */
async function planOf(deps: Deps, request: Request): Promise<Planned> {
  const { tenant, spec } = request;
  if (request.action === "create") {
    const before = request.plan === undefined ? {} : { before: request.plan };
    const asked = {
      cloud: deps.cloudOf(tenant),
      config: deps.config,
      tenant,
      action: "create",
      spec,
      ...before,
    } as const;
    const planned = await planFor(asked);
    return "problems" in planned ? planned : { ...planned, own: true };
  }
  const record = await clusters(deps.store).get(`${tenant}/${request.name}`);
  if (record?.id !== request.cluster || record.resolved === undefined)
    return { problems: [`${request.name} is gone already.`] };
  const plan = {
    action: "delete" as const,
    spec,
    resolved: record.resolved,
    resources: removals(record),
    quota: [],
    warnings: [],
  };
  return { value: { ...plan, hash: hashOf(plan) }, own: record.requester === request.requester };
}

function removals(record: ClusterRecord): Plan["resources"] {
  const kinds = Object.entries(record.status.steps)
    .filter(([, { state }]) => state !== "gone")
    .map(([step]) => kindOf(step));
  return [...new Set(kinds)].map((kind) => ({ kind, count: kinds.filter((one) => one === kind).length, detail: "" }));
}

async function expire(deps: Deps, seen: Request): Promise<void> {
  const after = await requests(deps.store).change(seen.id, (request) =>
    request.state === "waiting" ? { ...request, state: "expired" } : undefined,
  );
  if (after?.state === "expired") await freeName(deps, after);
}

/**
 * While a request is open or ended without work its message is the request's; afterwards it is the cluster's. It is due
 * again when it lapses, and before that only while Slack has not taken what there is to say.
 */
async function showRequest(deps: Deps, id: string): Promise<void> {
  const request = await requests(deps.store).get(id);
  if (request === undefined || (request.state === "planning" && request.problems.length === 0)) return;
  if (request.state === "approved" && !request.dryRun) return;
  const now = deps.clock.nowMs();
  const ref = request.message ?? { channel: request.channel, key: `request:${id}` };
  const shown = await show(deps, ref, requestMessage(request, now, rulesFor(deps, request)), request.shown);
  const place = typeof shown === "object" ? shown : {};
  await tellDenied(deps, { ...request, ...place });
  const heard = await tellWaiting(deps, { ...request, ...place }, now);
  await requests(deps.store).change(id, ({ dueMs, ...before }) => {
    const rest = heard(before);
    const next = { ...rest, ...place };
    // Somebody has decided in the meantime: that is due.
    if (dueMs !== undefined && dueMs !== request.dueMs) return { ...next, dueMs };
    const untold = shown === "silent" || (rest.state === "denied" && !rest.told);
    if (untold && now < (request.expiresMs ?? request.createdMs) + UNTOLD_MS_MAX)
      return { ...next, dueMs: now + UNTOLD_SECONDS * 1000 };
    if (rest.state === "planning") return { ...next, dueMs: now + RETRY_SECONDS * 1000 };
    return rest.state === "waiting" ? { ...next, ...nextLook(rest, now) } : next;
  });
}
