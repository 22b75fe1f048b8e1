import { slackBudget } from "../../shared/adapters/slack-budget.ts";
import { type Slack, SlackError, type SlackMessage } from "../../shared/ports/slack.ts";
import { buttonValue } from "../../test/support/bot.ts";
import type { Ledger } from "./ledger.ts";
import type { DayTime } from "./time.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
/** Of those that somebody may still look for. */
const WHISPERS_KEPT = 20;

/** What the page of each method says. Calls in a minute; of posts a second in each channel. Source: https://docs.slack.dev/apis/web-api/rate-limits */
export const TIERS: Readonly<Record<string, { readonly tier: string; readonly perMinute: number }>> = {
  "chat.postMessage": { tier: "special: 1 a second in a channel, some hundred a minute in all", perMinute: 300 },
  "chat.update": { tier: "3", perMinute: 50 },
  "chat.postEphemeral": { tier: "4", perMinute: 100 },
  "conversations.history": { tier: "3", perMinute: 50 },
  "conversations.replies": { tier: "3", perMinute: 50 },
  "views.open": { tier: "4", perMinute: 100 },
  "views.update": { tier: "4", perMinute: 100 },
  "views.publish": { tier: "4", perMinute: 100 },
  "usergroups.users.list": { tier: "2", perMinute: 20 },
  "users.info": { tier: "4", perMinute: 100 },
};

export interface DaySlack extends Slack {
  /** The value of the button with this action in the message that was posted with this key. */
  button(key: string, action: string): string | undefined;
  /** The modal that this trigger has opened. */
  opened(trigger: string): string;
  /** The last message with this word in it that was said to one person alone. */
  whispered(user: string, word: string): SlackMessage | undefined;
}

/** A Slack that takes its time, behind the budget that the adapter keeps to; it has, of each message, what it shows now. */
export function daySlack(books: Ledger, time: DayTime, latencyMs: number): DaySlack {
  const messages = new Map<string, { readonly key: string; message: SlackMessage }>();
  const places = new Map<string, string>();
  const whispers = new Map<string, SlackMessage[]>();
  const modals = new Map<string, string>();
  let posted = 0;
  const budget = slackBudget(time.nowMs);
  const called = async (method: string, channel = "", progressOf?: string): Promise<void> => {
    const left = Math.ceil(budget({ method, channel, progressOf }));
    if (left > 0) {
      books.add(`put off ${method}`);
      throw new SlackError("ratelimited", `Slack takes no ${method} for ${left} s`, left);
    }
    books.add(`slack ${method}`);
    books.busy(`slack ${method}`, MINUTE_MS);
    if (channel !== "") {
      books.busy(`posts ${channel}`, SECOND_MS);
      books.busy(`minute of posts ${channel}`, MINUTE_MS);
    }
    await time.wait(latencyMs);
  };
  const place = (channel: string, key: string, thread?: string): string => `${channel} ${thread ?? ""} ${key}`;
  return {
    async post(channel, message, { key = "", thread } = {}) {
      await called("chat.postMessage", channel);
      posted += 1;
      const ts = `${posted}.000000`;
      messages.set(ts, { key, message });
      if (key !== "") places.set(place(channel, key, thread), ts);
      return { ts };
    },
    async edit(channel, ts, message, { progress = false } = {}) {
      await called("chat.update", "", progress ? `${channel}/${ts}` : undefined);
      const found = messages.get(ts);
      if (found !== undefined) found.message = message;
    },
    async findPosted(channel, key, thread) {
      await called(thread === undefined ? "conversations.history" : "conversations.replies");
      return places.get(place(channel, key, thread));
    },
    async ephemeral(_channel, user, message) {
      await called("chat.postEphemeral");
      whispers.set(user, [message, ...(whispers.get(user) ?? [])].slice(0, WHISPERS_KEPT));
    },
    async openModal(trigger) {
      await called("views.open");
      posted += 1;
      const id = `V${posted}`;
      modals.set(trigger, id);
      return { id, hash: `${posted}` };
    },
    async updateModal(id) {
      await called("views.update");
      posted += 1;
      return { id, hash: `${posted}` };
    },
    publishHome: async () => called("views.publish"),
    async membersOf() {
      await called("usergroups.users.list");
      return [];
    },
    async isReachable() {
      await called("users.info");
      return true;
    },
    button(key, action) {
      for (const one of messages.values())
        if (one.key === key) {
          const value = buttonValue(one.message, action);
          if (value !== undefined) return value;
        }
      return undefined;
    },
    opened: (trigger) => modals.get(trigger) ?? "",
    whispered: (user, word) => whispers.get(user)?.find(({ text }) => text.includes(word)),
  };
}
