import type { ClusterRecord, FailedCall } from "../../shared/cluster/record.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { type Slack, SlackError, type Urgency } from "../../shared/ports/slack.ts";
import type { Journal } from "../../shared/reconcile/journal.ts";
import { blockedMessage, endMessage, oncallMessage, troubleMessage } from "../views/outcome.ts";
import { progressMessage } from "../views/progress.ts";
import type { Held } from "./lease.ts";
import { type MessageRef, show, tell } from "./live.ts";

const EDIT_MS_MIN = 1000;
const REST_SECONDS_MAX = 60;
/** A thread is read; what is more than this is in `/k8s status`. */
const FAULTS_TOLD_MAX = 10;

type Telling = Pick<Deps, "slack" | "log" | "store" | "clock" | "config">;

export interface Reporter {
  /** Brings the live message up to date. False: Slack did not take it. */
  show(): Promise<boolean>;
  /** The live message, and once at an end or a stop a word in its thread. False: something is still to be said. */
  tell(): Promise<boolean>;
  /** How long Slack takes no more of what was to be said, where it says so. */
  restSeconds(): number | undefined;
  /** The same journal; what it writes is shown while the pass goes on, once a second at most. */
  following(journal: Journal): { readonly journal: Journal; end(): Promise<void> };
}

/** The same Slack, and for how long it takes no more; that progress is shown later is not meant. */
function heeded(slack: Slack): { readonly slack: Slack; restSeconds(): number | undefined } {
  let rest: number | undefined;
  const heed = <T>(saying: Promise<T>, { progress }: Urgency = {}): Promise<T> =>
    saying.catch((error: unknown) => {
      if (progress !== true && error instanceof SlackError && error.retryAfterSeconds !== undefined)
        rest = Math.min(REST_SECONDS_MAX, Math.max(rest ?? 0, error.retryAfterSeconds));
      throw error;
    });
  return {
    slack: {
      ...slack,
      post: (channel, message, options) => heed(slack.post(channel, message, options), options),
      findPosted: (channel, key, thread, urgency) => heed(slack.findPosted(channel, key, thread, urgency), urgency),
      edit: (channel, ts, message, urgency) => heed(slack.edit(channel, ts, message, urgency), urgency),
    },
    restSeconds: () => rest,
  };
}

/** It has begun, and has neither ended nor stopped: what people see now is soon followed by more. */
const isUnderWay = ({ finishedMs, blocked, shown }: ClusterRecord["status"]): boolean =>
  finishedMs === undefined && blocked === undefined && shown !== undefined;

/** What people are told of one cluster by whoever holds its lease. `order`: the steps of its graph. */
export function reporter(outside: Telling, held: Held, order: readonly string[], usual: number | undefined): Reporter {
  const { slack, restSeconds } = heeded(outside.slack);
  const deps = { ...outside, slack };
  async function showNow(): Promise<boolean> {
    const record = held.record();
    const { message, startedMs, shown: before } = record.status;
    if (message === undefined) return true;
    const nowMs = deps.clock.nowMs();
    const eta = usual === undefined ? {} : { etaSeconds: usual - (nowMs - startedMs) / 1000 };
    const view = progressMessage(record, { nowMs, order, ...eta });
    const shown = await show(deps, message, view, before, isUnderWay(record.status));
    if (shown === "silent") return false;
    if (shown !== "equal") await held.change((now) => ({ ...now, status: { ...now.status, ...shown } }));
    return true;
  }

  return {
    show: showNow,
    restSeconds,
    async tell() {
      const said = await showNow();
      const { message } = held.record().status;
      // A live message that was never posted was refused for good: there is no thread to say more in.
      if (message?.ts === undefined) return said;
      const faults = await tellFaults(deps, held, message);
      return (await tellEnd(deps, held, message)) && faults && said;
    },
    following(journal) {
      let shownMs = deps.clock.nowMs();
      let showing: Promise<unknown> | undefined;
      return {
        journal: {
          ...journal,
          async write(changes) {
            await journal.write(changes);
            const nowMs = deps.clock.nowMs();
            if (showing !== undefined || nowMs - shownMs < EDIT_MS_MIN) return;
            shownMs = nowMs;
            // Not waited for: people's view must not slow the work. What goes wrong here goes wrong at the end again.
            showing = showNow()
              .catch(() => undefined)
              .finally(() => {
                showing = undefined;
              });
          },
        },
        end: async () => void (await showing),
      };
    },
  };
}

/** A refusal that passes by itself is no news; what a service could not do is, once for each step. */
const isNews = (call: FailedCall): boolean => call.told !== true && call.trouble !== "conflict";

async function tellFaults(deps: Telling, held: Held, message: MessageRef): Promise<boolean> {
  const { id, generation, status } = held.record();
  const left = FAULTS_TOLD_MAX - status.failures.filter((call) => call.told === true).length;
  for (const call of status.failures.filter(isNews).slice(0, Math.max(0, left))) {
    const key = `${id}:${generation}:${call.step}:${call.atMs}`;
    if (!(await tell(deps, message, key, troubleMessage(call), true))) return false;
    await held.change((now) => {
      const failures = now.status.failures.map((one) =>
        one.step === call.step && one.atMs === call.atMs ? { ...one, told: true } : one,
      );
      return { ...now, status: { ...now.status, failures } };
    });
  }
  return true;
}

/** One word to the person who asked when it has ended or stopped; a stop is told to those on call too. */
async function tellEnd(deps: Telling, held: Held, message: MessageRef): Promise<boolean> {
  const record = held.record();
  const { blocked, finishedMs, told } = record.status;
  if (told || (finishedMs === undefined && blocked === undefined)) return true;
  const key = `${record.id}:${record.generation}:${blocked?.atMs ?? "end"}`;
  const word = blocked === undefined ? endMessage(record) : blockedMessage(record, blocked);
  if (!(await tell(deps, message, key, word))) return false;
  const oncall = deps.config.tenants[record.tenant]?.oncallChannel;
  if (blocked !== undefined && oncall !== undefined && oncall !== message.channel) {
    const ref = { channel: oncall, key: `${key}:oncall` };
    if ((await show(deps, ref, oncallMessage(record, blocked), undefined)) === "silent") return false;
  }
  await held.change((now) => ({ ...now, status: { ...now.status, told: true } }));
  return true;
}
