import { type Click, clicked } from "../../handlers/actions/index.ts";
import { slash } from "../../handlers/slash.ts";
import { dispatch } from "../../handlers/work/dispatch.ts";
import { memoryQueue } from "../../shared/adapters/memory-queue.ts";
import { memoryStore } from "../../shared/adapters/memory-store.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import type { StateStore } from "../../shared/ports/store.ts";
import { clusterKey, clusters, requests } from "../../shared/state/index.ts";
import { exampleConfig, nobodyAnswers, recordingSlack } from "../support/bot.ts";
import { NOW_MS } from "./given.ts";

/** All words of a message, as one text. */
export function wordsOf(message: SlackMessage): string {
  const words = (part: unknown): readonly string[] => {
    if (typeof part !== "object" || part === null) return [];
    if ("type" in part && (part.type === "mrkdwn" || part.type === "plain_text") && "text" in part)
      return [String(part.text)];
    return Object.values(part).flatMap(words);
  };
  return words(message.blocks).join("\n");
}

/** Time that passes when the test says so: what waits for it does not end before. */
export function handClock() {
  let nowMs = NOW_MS;
  let waiting: { readonly untilMs: number; readonly wake: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    wait: (ms: number) =>
      new Promise<void>((wake) => {
        waiting.push({ untilMs: nowMs + ms, wake });
      }),
    pass(ms: number): void {
      nowMs += ms;
      const due = waiting.filter((one) => one.untilMs <= nowMs);
      waiting = waiting.filter((one) => one.untilMs > nowMs);
      for (const one of due) one.wake();
    },
  };
}

/** A store in which something else happens just before the first write over what is at this key. */
export function intruded(store: StateStore, key: string, intrude: () => Promise<unknown>): StateStore {
  let first = true;
  return {
    ...store,
    async replace(at, value, version) {
      if (at === key && first) {
        first = false;
        await intrude();
      }
      return store.replace(at, value, version);
    },
  };
}

/** The handlers with everything at hand and no cloud behind them: whoever asks one is told so. */
export function desk(over: Partial<Deps> = {}) {
  let drawn = 0;
  const clock = handClock();
  const slack = recordingSlack();
  const queue = memoryQueue({ clock });
  const logged: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  const note = (event: string, fields: Readonly<Record<string, unknown>> = {}) => void logged.push({ event, fields });
  const deps: Deps = {
    config: exampleConfig(),
    store: memoryStore(() => clock.nowMs()),
    queue,
    slack,
    clock,
    chance: { token: (length) => (drawn++).toString(36).padStart(length, "k").slice(-length) },
    log: { info: note, warn: note, error: note },
    cloudOf: (tenant) => {
      throw new Error(`the cloud of ${tenant} was asked`);
    },
    kubernetes: nobodyAnswers,
    ...over,
  };
  return {
    deps,
    clock,
    slack,
    queue,
    logged,
    /** What waits in the queue, due or not. */
    queued: () => queue.due(Number.POSITIVE_INFINITY).map((one) => one.message),
    /** What `/k8s …` answers. */
    type: async (text: string, user = "U0DEV", channel = "C0TEAMA"): Promise<string> =>
      wordsOf(await slash(text, { user, channel }, deps)),
    /** What a click answers; empty when something opened instead. */
    click: async (action: string, value: string, over: Partial<Click> = {}): Promise<string> => {
      const click = { action, value, user: "U0APPROVER", channel: "C0TEAMA", trigger: "t1", ...over };
      const answer = await clicked(click, deps);
      return answer === undefined ? "" : wordsOf(answer.message);
    },
    /** Does all that is due now. */
    async work(): Promise<void> {
      for (let message = queue.take(); message !== undefined; message = queue.take()) await dispatch(message, deps);
    },
    hold: async (...records: readonly ClusterRecord[]): Promise<void> => {
      for (const one of records) await clusters(deps.store).add(clusterKey(one), one);
    },
    ask: async (...asked: readonly Request[]): Promise<void> => {
      for (const one of asked) await requests(deps.store).add(one.id, one);
    },
    request: (id = "k3m9qz") => requests(deps.store).get(id),
    record: (key = "team-a/dev") => clusters(deps.store).get(key),
    async names(): Promise<readonly string[]> {
      const found: string[] = [];
      for await (const one of clusters(deps.store).list()) found.push(clusterKey(one));
      return found;
    },
  };
}

export type Desk = ReturnType<typeof desk>;
