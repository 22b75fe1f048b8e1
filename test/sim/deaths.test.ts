import { simulation } from "./apart.ts";

// Goal: a process may die after any of its effects, and a plain life still comes to its good end.
const STRIDE = 97;

test("a plain life survives a death after any effect", async () => {
  const said = await simulation("--deaths", "--stride", String(STRIDE));
  expect(said).toMatch(/^a life of \d{3,} effects, \d+ deaths in \d+ effects, 0 failed\n$/);
}, 180_000);
