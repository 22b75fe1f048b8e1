import { deaths } from "./deaths.ts";

// Goal: a process may die after any of its effects, and a plain life still comes to its good end.
const STRIDE = 97;

test("a plain life survives a death after any effect", async () => {
  const said: string[] = [];
  expect(await deaths(STRIDE, (line) => void said.push(line))).toBe(0);
  expect(said.at(-1)).toMatch(/^a life of \d{3,} effects, \d+ deaths/);
}, 180_000);
