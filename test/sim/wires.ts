import type { Queue } from "../../shared/ports/queue.ts";
import { type Slack, SlackError } from "../../shared/ports/slack.ts";
import { type Entry, type StateStore, StoreError, type Written } from "../../shared/ports/store.ts";
import type { Draw } from "./draw.ts";
import type { Effect } from "./effects.ts";
import type { Watch } from "./watch.ts";
import type { World } from "./world.ts";

/** The queue gave no answer. */
export class Silent extends Error {
  override readonly name = "Silent";
}

const SLACK_TIMEOUT_MS = 5000;
const LATE_SECONDS_MAX = 60;

export function simStore(store: StateStore, effect: Effect, watch: Watch): StateStore {
  const lost = () => new StoreError("The store cannot answer: connection lost");
  const ask = <T>(what: string, run: () => Promise<T>) => effect({ kind: "store", what, run, lost });
  const written = async (key: string, value: string, write: () => Promise<Written>): Promise<Written> => {
    const done = await write();
    if (done !== false) await watch.stored(key, value);
    return done;
  };
  return {
    get: (key) => ask(`get ${key}`, () => store.get(key)),
    putIfAbsent: (key, value, ttl) =>
      ask(`put ${key}`, () => written(key, value, () => store.putIfAbsent(key, value, ttl))),
    replace: (key, value, version) =>
      ask(`replace ${key}`, () => written(key, value, () => store.replace(key, value, version))),
    delete: (key, version) => ask(`delete ${key}`, () => store.delete(key, version)),
    async *list(prefix, how) {
      yield* await ask(`list ${prefix}`, async () => {
        const entries: Entry[] = [];
        for await (const entry of store.list(prefix, how)) entries.push(entry);
        return entries;
      });
    },
    close: () => store.close(),
  };
}

/** A queue that loses messages and is late, as queues may be; that one comes twice is its worker's doing. */
export function simQueue(queue: Queue, effect: Effect, world: World, name: string): Queue {
  const draws = world.draw.fork(`queue/${name}`);
  return {
    enqueue(message, afterSeconds) {
      const { message: trouble } = world.weather;
      const loses = draws.yes(trouble / 4);
      const late = draws.yes(trouble / 4) ? draws.between(1, LATE_SECONDS_MAX) : 0;
      const words = JSON.stringify(message);
      return effect({
        kind: "queue",
        what: `${words} in ${(afterSeconds + late).toFixed(1)} s${loses ? " vanishes" : ""}`,
        lost: () => new Silent("The queue does not answer."),
        async run() {
          world.watch.words("the queue", words);
          if (!loses) await queue.enqueue(message, afterSeconds + late);
        },
      });
    },
    close: () => queue.close(),
  };
}

export function simSlackOf(slack: Slack, effect: Effect, draws: Draw): Slack {
  const lost = (how: "before" | "after") =>
    how === "before" && draws.yes(0.3)
      ? new SlackError("ratelimited", "Slack takes no call for 30 s", 30)
      : new SlackError("no_answer", "Slack did not answer: ECONNRESET");
  const ask = <T>(what: string, run: () => Promise<T>) =>
    effect({ kind: "slack", what, run, lost, timeoutMs: SLACK_TIMEOUT_MS });
  return {
    post: (channel, message, options) =>
      ask(`post ${channel} ${options?.key ?? ""}`, () => slack.post(channel, message, options)),
    edit: (channel, ts, message) =>
      ask(`edit ${channel} ${ts}: ${message.text}`, () => slack.edit(channel, ts, message)),
    findPosted: (channel, key, thread) => ask(`find ${channel} ${key}`, () => slack.findPosted(channel, key, thread)),
    ephemeral: (channel, user, message) =>
      ask(`ephemeral ${channel} ${user}`, () => slack.ephemeral(channel, user, message)),
    openModal: (trigger, view) => ask(`modal ${trigger}`, () => slack.openModal(trigger, view)),
    updateModal: (id, view, hash) => ask(`modal ${id} again`, () => slack.updateModal(id, view, hash)),
    publishHome: (user, view) => ask(`home ${user}`, () => slack.publishHome(user, view)),
    membersOf: (group) => ask(`members ${group}`, () => slack.membersOf(group)),
    isReachable: (user) => ask(`reach ${user}`, () => slack.isReachable(user)),
  };
}
