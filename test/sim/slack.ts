import type { Slack, SlackMessage } from "../../shared/ports/slack.ts";

export interface Post {
  readonly channel: string;
  readonly ts: string;
  readonly key: string | undefined;
  readonly thread: string | undefined;
  message: SlackMessage;
}

const NEWEST = 100;

/** A Slack that keeps what it is told. `seen` is handed everything; `twice` a key that was posted before. */
export function simSlack(seen: (text: string) => void, twice: (key: string) => void) {
  const posts: Post[] = [];
  const whispers: SlackMessage[] = [];
  const slack: Slack = {
    async post(channel, message, { key, thread } = {}) {
      seen(JSON.stringify(message));
      if (key !== undefined && posts.some((one) => one.key === key && one.channel === channel)) twice(key);
      const ts = `${posts.length + 1}.000000`;
      posts.push({ channel, ts, key, thread, message });
      return { ts };
    },
    async edit(channel, ts, message) {
      seen(JSON.stringify(message));
      const found = posts.find((one) => one.ts === ts && one.channel === channel);
      if (found !== undefined) found.message = message;
    },
    async findPosted(channel, key, thread) {
      const here = posts.filter((one) => one.channel === channel && one.thread === thread);
      return here.slice(-NEWEST).find((one) => one.key === key)?.ts;
    },
    async ephemeral(_channel, _user, message) {
      seen(JSON.stringify(message));
      whispers.push(message);
    },
    async openModal(_trigger, view) {
      seen(JSON.stringify(view));
      return undefined;
    },
    async updateModal(_id, view) {
      seen(JSON.stringify(view));
      return undefined;
    },
    async publishHome(_user, view) {
      seen(JSON.stringify(view));
    },
    membersOf: async () => [],
    isReachable: async () => true,
  };
  return { slack, posts, whispers };
}

export type SimSlack = ReturnType<typeof simSlack>;
