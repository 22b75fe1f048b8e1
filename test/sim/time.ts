import { isCalculating } from "./crypto.ts";

/** One virtual time: everything that happens is an event of it, one after another. */
export interface Time {
  nowMs(): number;
  at(dueMs: number, run: () => void): void;
  wait(ms: number): Promise<void>;
  /** The next event, and all that follows from it at once. False: nothing is left to happen. */
  step(): Promise<boolean>;
  /** While it is held, a step lets streams and timers of the moment run too. */
  hold(): () => void;
}

/** Streams of a request in the process go on in turns of the event loop, which are not told apart from idle ones. */
const TURNS_HELD = 24;

export function virtualTime(startMs: number): Time {
  let nowMs = startMs;
  let held = 0;
  const events: { readonly dueMs: number; readonly run: () => void }[] = [];
  const at = (dueMs: number, run: () => void): void => {
    const event = { dueMs: Math.max(nowMs, dueMs), run };
    events.splice(events.findLastIndex((one) => one.dueMs <= event.dueMs) + 1, 0, event);
  };
  return {
    nowMs: () => nowMs,
    at,
    wait: (ms) => new Promise((wake) => at(nowMs + ms, wake)),
    async step() {
      const event = events.shift();
      if (event === undefined) return false;
      nowMs = event.dueMs;
      event.run();
      for (let turn = held > 0 ? TURNS_HELD : 1; turn > 0 || isCalculating(); turn -= 1)
        await new Promise(setImmediate);
      return true;
    },
    hold() {
      held += 1;
      return () => {
        held -= 1;
      };
    },
  };
}
