/** What controllers do later. Nothing here waits: whoever owns the clock moves it, and `settle` then runs what is due. */
export interface Tasks {
  /** Inside a task, the time at which the task was due; otherwise the clock's. */
  nowMs(): number;
  /** How much later than it was due the task is that runs now. */
  lateMs(): number;
  later(afterMs: number, run: () => Promise<void> | void): void;
  /** Begins something that takes its time; it may `wait`, and by nothing else may it hold up the others for long. */
  start(flow: (wait: (ms: number) => Promise<void>) => Promise<void>): void;
  /** Runs all that is due by now, one after the other; calls made together wait for one another. */
  settle(): Promise<void>;
  /** When the next task is due; undefined if nothing is under way. */
  nextMs(): number | undefined;
}

export function tasks(clock: { nowMs(): number }): Tasks {
  const all: { readonly dueMs: number; readonly run: () => Promise<void> | void }[] = [];
  let insideMs: number | undefined;
  let queue: Promise<void> = Promise.resolve();

  async function runDue(): Promise<void> {
    try {
      for (let task = all[0]; task !== undefined && task.dueMs <= clock.nowMs(); task = all[0]) {
        all.shift();
        insideMs = task.dueMs;
        await task.run();
      }
    } finally {
      insideMs = undefined;
    }
  }
  function later(afterMs: number, run: () => Promise<void> | void): void {
    const dueMs = (insideMs ?? clock.nowMs()) + Math.max(0, afterMs);
    const at = all.findLastIndex((task) => task.dueMs <= dueMs);
    all.splice(at + 1, 0, { dueMs, run });
  }
  return {
    nowMs: () => insideMs ?? clock.nowMs(),
    lateMs: () => (insideMs === undefined ? 0 : clock.nowMs() - insideMs),
    later,
    start(flow) {
      // A task of a flow is over when the flow waits again, or has ended.
      let over = () => {};
      const wait = (ms: number) =>
        new Promise<void>((resume) => {
          const turn = () =>
            new Promise<void>((blocked) => {
              over = blocked;
              resume();
            });
          later(ms, turn);
          over();
        });
      later(
        0,
        () =>
          new Promise<void>((blocked, failed) => {
            over = blocked;
            flow(wait).then(() => over(), failed);
          }),
      );
    },
    settle() {
      const turn = queue.then(runDue);
      queue = turn.catch(() => undefined);
      return turn;
    },
    nextMs: () => all[0]?.dueMs,
  };
}
