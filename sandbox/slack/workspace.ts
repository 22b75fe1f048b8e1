import type { Chance, Clock } from "../../shared/ports/clock.ts";
import { BOT, type Channel, type Json, type Message, type Person, Refusal, type SlackEvent } from "./model.ts";

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

export interface Seed {
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** Slack names what a sender left without a name, so that every action can be told apart. */
const withIds = (blocks: readonly Json[], chance: Chance): readonly Json[] =>
  blocks.map((block) => ("block_id" in block ? block : { ...block, block_id: chance.token(5) }));

/** Message timestamps are ids: microseconds, unique and increasing in the whole workspace. */
function timestamps(clock: Clock): () => string {
  let last = 0;
  return () => {
    last = Math.max(clock.nowMs() * 1000, last + 1);
    return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, "0")}`;
  };
}

/** People, channels and messages of one Slack workspace. Everything that changes is told to the subscribers. */
export function createWorkspace(seed: Seed, clock: Clock, chance: Chance) {
  const channels = new Map(seed.channels.map((channel) => [channel.id, channel]));
  const messages = new Map<string, Message>();
  const listeners = new Set<(event: SlackEvent) => void>();
  const nextTs = timestamps(clock);
  const key = (channel: string, ts: string) => `${channel}/${ts}`;

  const tell = (event: SlackEvent): void => {
    for (const listener of listeners) listener(event);
  };

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

  const openDirect = (user: string): Channel => {
    const id = `D0${user.slice(1)}`;
    const known = channels.get(id);
    if (known !== undefined) return known;
    const channel: Channel = { id, name: BOT.name, topic: "Direct message", user, botIsMember: true };
    channels.set(id, channel);
    tell({ is: "channel", channel });
    return channel;
  };

  return {
    people: seed.people,
    groups: seed.groups,
    person: (id: string): Person | undefined => seed.people.find((person) => person.id === id),
    channels: (): readonly Channel[] => [...channels.values()],
    channel: (id: string): Channel | undefined => channels.get(id),
    openDirect,
    get,

    post(draft: Draft): Message {
      const { blocks = [], ...rest } = draft;
      return keep({ ...rest, blocks: withIds(blocks, chance), ts: nextTs(), reactions: [] });
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

    stamp: nextTs,
    tell,
    subscribe(listener: (event: SlackEvent) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export type Workspace = ReturnType<typeof createWorkspace>;
