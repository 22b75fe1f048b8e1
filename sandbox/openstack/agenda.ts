/** Events in virtual time. Nothing here waits: whoever owns the clock moves it, and `settle` then runs what is due. */
export interface Agenda {
  /** Inside an event, the time at which the event was due; otherwise the clock's. */
  nowMs(): number;
  later(afterMs: number, run: () => void): void;
  /** Runs all that is due by now, in order of time, and then of arrival. */
  settle(): void;
  /** When the next event is due; undefined if nothing is under way. */
  nextMs(): number | undefined;
}

export function agenda(clock: { nowMs(): number }): Agenda {
  const events: { readonly dueMs: number; readonly run: () => void }[] = [];
  let insideMs: number | undefined;
  const nowMs = () => insideMs ?? clock.nowMs();
  return {
    nowMs,
    later(afterMs, run) {
      const dueMs = nowMs() + Math.max(0, afterMs);
      const at = events.findLastIndex((event) => event.dueMs <= dueMs);
      events.splice(at + 1, 0, { dueMs, run });
    },
    settle() {
      if (insideMs !== undefined) return;
      const untilMs = clock.nowMs();
      try {
        for (let event = events[0]; event !== undefined && event.dueMs <= untilMs; event = events[0]) {
          events.shift();
          insideMs = event.dueMs;
          event.run();
        }
      } finally {
        insideMs = undefined;
      }
    },
    nextMs: () => events[0]?.dueMs,
  };
}
