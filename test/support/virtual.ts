const START_MS = Date.UTC(2026, 0, 1);

/** A clock whose waits are over at once, having moved it on. */
export function virtualClock() {
  let nowMs = START_MS;
  return {
    nowMs: () => nowMs,
    async wait(ms: number) {
      nowMs += ms;
    },
  };
}

/** Different every time and the same in every run, which is all that tests ask of chance. */
export function countedChance() {
  let drawn = 0;
  return { token: (length: number) => (drawn++).toString(36).padStart(length, "k").slice(-length) };
}
