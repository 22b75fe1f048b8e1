import type { Message } from "../ports/queue.ts";

/** Handlers at once, in one process. They wait for others most of the time. */
export const SLOTS = 12;
/** So many while it has only begun: where processes die as soon as they begin, each leaves little that others wait for. */
export const SLOTS_FIRST = 3;
/** Of these one lane may hold so many. The rest is for everybody else, also while a slow cloud keeps all of its own busy. */
export const LANE_SLOTS = 8;

const QUICK = "quick/";
const WORK = "work/";

const tenantOf = (message: Message): string => {
  if (message.is === "reconcile" || message.is === "grave" || message.is === "ask")
    return message.cluster.split("/")[0] ?? "";
  return message.is === "plan" || message.is === "health" ? (message.tenant ?? "") : "";
};

/**
 * Whose turn a message takes: a tenant's work is one lane, and what its people sit before and wait for is another. What is
 * nobody's has lanes of its own.
 */
export const laneOf = (message: Message): string =>
  (["ask", "plan", "form"].includes(message.is) ? QUICK : WORK) + tenantOf(message);

/** A person waits for it: it goes before all that nobody sits before. */
export const isQuick = (lane: string): boolean => lane.startsWith(QUICK);

export interface DueLane {
  readonly lane: string;
  /** Of its message that is due for longest. */
  readonly dueMs: number;
}

/** How many handlers each lane holds. */
type Running = ReadonlyMap<string, number>;

export const hasRoom = (lane: string, running: Running): boolean => (running.get(lane) ?? 0) < LANE_SLOTS;

/** The lane that is next: people's first, then whoever holds least, then who is due for longest. */
export function nextLane(due: readonly DueLane[], running: Running): string | undefined {
  const held = (lane: string): number => running.get(lane) ?? 0;
  const before = (a: DueLane, b: DueLane): number =>
    Number(isQuick(b.lane)) - Number(isQuick(a.lane)) || held(a.lane) - held(b.lane) || a.dueMs - b.dueMs;
  return due.filter(({ lane }) => hasRoom(lane, running)).toSorted(before)[0]?.lane;
}

/** Counts who holds what. */
export function occupancy(): { readonly running: Running; enter(lane: string): void; leave(lane: string): void } {
  const running = new Map<string, number>();
  const add = (lane: string, one: number): void => {
    const left = (running.get(lane) ?? 0) + one;
    if (left > 0) running.set(lane, left);
    else running.delete(lane);
  };
  return { running, enter: (lane) => add(lane, 1), leave: (lane) => add(lane, -1) };
}
