import "./crypto.ts";

/** One virtual time: everything that happens is an event of it, one after another. */
export interface Time {
  nowMs(): number;
  at(dueMs: number, run: () => void): void;
  wait(ms: number): Promise<void>;
  /** The next event, and all that follows from it at once. False: nothing is left to happen. */
  step(): Promise<boolean>;
  /** Nothing happens for so long, as if the whole world slept: what was due in the meantime comes late. */
  skip(ms: number): void;
  /** While it is held, a step lets streams and timers of the moment run too. */
  hold(): () => void;
}

/** Streams of a request in the process go on in turns of the event loop, which are not told apart from idle ones. */
const TURNS_HELD = 24;

/** When all promises of the moment have had their say. A tick waits for them, and a turn of the event loop costs more. */
const settled = (): Promise<void> => new Promise((resume) => process.nextTick(resume));

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
      nowMs = Math.max(nowMs, event.dueMs);
      event.run();
      await settled();
      for (let turn = held > 0 ? TURNS_HELD : 0; turn > 0; turn -= 1) await new Promise(setImmediate);
      return true;
    },
    skip(ms) {
      nowMs += ms;
    },
    hold() {
      held += 1;
      return () => {
        held -= 1;
      };
    },
  };
}
