import type { Chance, Clock } from "../../shared/ports/clock.ts";
import { createChannels } from "./channels.ts";
import { createMessages } from "./messages.ts";
import type { Channel, Person, SlackEvent } from "./model.ts";

export interface Seed {
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

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
  const listeners = new Set<(event: SlackEvent) => void>();
  const away = new Set<string>();
  const deactivated = new Set<string>();
  const stamp = timestamps(clock);
  const tell = (event: SlackEvent): void => {
    for (const listener of listeners) listener(event);
  };
  return {
    people: seed.people,
    groups: seed.groups,
    person: (id: string): Person | undefined => seed.people.find((person) => person.id === id),
    isDeactivated: (id: string): boolean => deactivated.has(id),
    /** Who has left the company: still known, and not reached any more. */
    deactivate: (id: string): void => void deactivated.add(id),
    ...createChannels(seed.channels, tell),
    ...createMessages(stamp, chance, tell),
    /** Somebody is removed from a channel, or leaves it: nothing there is theirs any more. */
    removeFrom: (user: string, channel: string): void => void away.add(`${user}/${channel}`),
    isAway: (user: string, channel: string): boolean => away.has(`${user}/${channel}`),
    stamp,
    tell,
    subscribe(listener: (event: SlackEvent) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export type Workspace = ReturnType<typeof createWorkspace>;
