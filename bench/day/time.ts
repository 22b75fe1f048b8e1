import "../../test/sim/crypto.ts";

/** One virtual time: what happens in it is an event after another, and the waits in between take none of ours. */
export interface DayTime {
  nowMs(): number;
  at(dueMs: number, run: () => void): void;
  wait(ms: number): Promise<void>;
  /** Lets events happen until `work` has ended. Keys and certificates are made at once, by no threads. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** While it is held, streams of a request in this process get their turns before the next event. */
  hold(): () => void;
}

interface Event {
  readonly dueMs: number;
  readonly run: () => void;
}

/** An HTTP request in the process needs some turns of the loop, which are not told apart from idle ones. */
const TURNS_HELD = 24;
const REAL_MS = 1;
/** Nothing has happened for so long, and nothing is left to happen: it hangs. */
const IDLE_MAX = 20_000;

const turn = (): Promise<void> => new Promise((next) => setImmediate(next));

export function dayTime(startMs: number): DayTime {
  let nowMs = startMs;
  let held = 0;
  const events: Event[] = [];
  /** Behind all that are due no later. */
  function placeOf(dueMs: number): number {
    let [low, high] = [0, events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      // The next event is the last of the list, where taking it costs nothing.
      if ((events[middle]?.dueMs ?? 0) > dueMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  const at = (dueMs: number, run: () => void): void => {
    const due = Math.max(nowMs, dueMs);
    events.splice(placeOf(due), 0, { dueMs: due, run });
  };
  return {
    nowMs: () => nowMs,
    at,
    wait: (ms) => new Promise((wake) => at(nowMs + ms, wake)),
    async run(work) {
      let over = false;
      const result = work().finally(() => {
        over = true;
      });
      // What it throws is thrown at the end.
      result.catch(() => undefined);
      for (let idle = 0; !over; ) {
        const event = events.pop();
        if (event === undefined) {
          idle += 1;
          if (idle > IDLE_MAX) throw new Error("nothing is left to happen, and the day has not ended");
          await new Promise((next) => setTimeout(next, REAL_MS));
          continue;
        }
        idle = 0;
        nowMs = event.dueMs;
        event.run();
        for (let turns = held > 0 ? TURNS_HELD : 1; turns > 0; turns -= 1) await turn();
      }
      return result;
    },
    hold() {
      held += 1;
      return () => {
        held -= 1;
      };
    },
  };
}
