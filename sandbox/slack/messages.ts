import type { Chance } from "../../shared/ports/clock.ts";
import { withIds } from "./block-ids.ts";
import { type Json, type Message, Refusal, type SlackEvent } from "./model.ts";

export interface Draft {
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly Json[];
  readonly thread_ts?: string;
  readonly metadata?: Json;
  readonly visibleTo?: string;
}

export type Change = Partial<Pick<Message, "text" | "blocks" | "metadata" | "edited" | "reactions">>;

/** The messages of all channels. `tell` hears of every change. */
export function createMessages(stamp: () => string, chance: Chance, tell: (event: SlackEvent) => void) {
  const messages = new Map<string, Message>();
  const key = (channel: string, ts: string) => `${channel}/${ts}`;

  const keep = (message: Message): Message => {
    messages.set(key(message.channel, message.ts), message);
    tell({ is: "message", message });
    return message;
  };

  /** @throws Refusal `message_not_found` */
  const get = (channel: string, ts: string): Message => {
    const found = messages.get(key(channel, ts));
    if (found === undefined) throw new Refusal("message_not_found");
    return found;
  };

  return {
    get,

    post(draft: Draft): Message {
      const { blocks = [], ...rest } = draft;
      return keep({ ...rest, blocks: withIds(blocks, chance), ts: stamp(), reactions: [] });
    },

    /** @throws Refusal `message_not_found` */
    edit(channel: string, ts: string, change: Change): Message {
      const blocks = change.blocks === undefined ? {} : { blocks: withIds(change.blocks, chance) };
      return keep({ ...get(channel, ts), ...change, ...blocks });
    },

    /** @throws Refusal `message_not_found` */
    remove(channel: string, ts: string): void {
      const { visibleTo } = get(channel, ts);
      messages.delete(key(channel, ts));
      tell({ is: "deleted", channel, ts, ...(visibleTo === undefined ? {} : { visibleTo }) });
    },

    /** Oldest first, ephemeral messages included. */
    all: (): readonly Message[] => [...messages.values()].sort((a, b) => Number(a.ts) - Number(b.ts)),
  };
}
