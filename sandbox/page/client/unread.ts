import type { Message } from "../../slack/model.ts";
import { messagesOf, type State } from "./state.ts";
import { nowMs } from "./text.ts";

/** What each person on this page has not seen yet, channel by channel, since the page was opened. */
export function readMarks(state: State) {
  const read = new Map<string, number>();
  const openedSeconds = nowMs() / 1000;
  const key = (channel: string) => `${state.me}/${channel}`;
  return {
    unread(channel: string): readonly Message[] {
      const since = read.get(key(channel)) ?? openedSeconds;
      return messagesOf(state).filter(
        (m) => m.channel === channel && m.user !== state.me && m.thread_ts === undefined && Number(m.ts) > since,
      );
    },
    markRead(): void {
      const newest = messagesOf(state).map(({ ts }) => Number(ts));
      read.set(key(state.channel), Math.max(nowMs() / 1000, ...newest));
    },
  };
}
