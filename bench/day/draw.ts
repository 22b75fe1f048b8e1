/** Numbers from 0 to 1 that only look like chance: the same seed gives the same day. The generator is Mulberry32. */
export function drawing(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  return {
    next,
    between: (low: number, high: number): number => low + next() * (high - low),
    yes: (part: number): boolean => next() < part,
    token: (length: number): string =>
      Array.from({ length }, () => LETTERS[Math.floor(next() * LETTERS.length)] ?? "a").join(""),
  };
}

export type Drawing = ReturnType<typeof drawing>;
