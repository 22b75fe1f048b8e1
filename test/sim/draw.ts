import { random } from "../../sandbox/openstack/random.ts";

/** Seeded chance. A fork has a stream of its own: what one part draws changes nothing for another. */
export interface Draw {
  next(): number;
  yes(probability: number): boolean;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** `[a-z0-9]`. */
  text(length: number): string;
  fork(name: string): Draw;
}

export function draw(seed: string): Draw {
  const source = random({ token: () => seed });
  const between = (least: number, most: number) => Math.floor(source.between(least, most + 1));
  return {
    next: source.next,
    yes: (probability) => probability > 0 && source.next() < probability,
    between,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
    text: (length) => Array.from({ length }, () => between(0, 35).toString(36)).join(""),
    fork: (name) => draw(`${seed}/${name}`),
  };
}
