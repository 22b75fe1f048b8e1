import { randomInt } from "node:crypto";
import type { Chance } from "../ports/clock.ts";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** The operating system's random numbers, unbiased. */
export const systemChance = (): Chance => ({
  token: (length) => Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join(""),
});
