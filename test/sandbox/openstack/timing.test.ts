import { world } from "../../../sandbox/openstack/core.ts";
import { quantileOf, TAKES } from "../../../sandbox/openstack/timing.ts";
import { countedChance, virtualClock } from "../../support/virtual.ts";

// Goal: what the sandbox waits for takes as long as on the lab, and the same in every run.
const DRAWS = 4000;

test("a distribution goes through what was measured, and never below nothing", () => {
  expect([0.1, 0.5, 0.9].map((part) => quantileOf([100, 200, 600], part))).toEqual([100, 200, 600]);
  expect(quantileOf([100, 200, 600], 0)).toBe(75);
  expect(quantileOf([100, 200, 600], 1)).toBe(700);
  expect(quantileOf([10, 500, 600], 0)).toBe(0);
});

test("one in ten is below the first, half are below the second, nine in ten below the third", () => {
  const { takes } = world(virtualClock(), countedChance());
  for (const duration of [TAKES.serverBuilt, TAKES.ovn.wiring, TAKES.amphora.create]) {
    const drawn = Array.from({ length: DRAWS }, () => takes(duration)).toSorted((a, b) => a - b);
    const below = duration.map((ms) => drawn.filter((one) => one < ms).length / DRAWS);
    for (const [at, part] of [0.1, 0.5, 0.9].entries()) expect(Math.abs((below[at] ?? 0) - part)).toBeLessThan(0.03);
  }
});

test("the same seed draws the same, and a faster cloud takes a part of it", () => {
  const drawn = (speed: number) => {
    const { takes } = world(virtualClock(), countedChance(), { speed });
    return [takes(TAKES.serverBuilt), takes(TAKES.recordsetWritten)];
  };
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(10)).toEqual(drawn(1).map((ms) => ms / 10));
});
