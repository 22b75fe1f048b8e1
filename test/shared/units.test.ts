import fc from "fast-check";
import { parseDuration, parseSize, showDuration, showSize, typedDuration } from "../../shared/units.ts";

// Goal: a size is never less than what was asked for, and what is not a size or a duration is refused.
for (const [text, gib] of [
  ["100Gi", 100],
  ["100G", 94],
  ["1Ti", 1024],
  ["1.5Ti", 1536],
  ["1Mi", 1],
  ["1k", 1],
  ["0G", undefined],
  ["100", undefined],
  ["-1G", undefined],
  ["100g", undefined],
  ["1e3Gi", undefined],
  ["2Pi", undefined],
] as const) {
  test(`parseSize("${text}") is ${gib}`, () => expect(parseSize(text)).toBe(gib));
}

test("whole GiB stay as they are, and decimal sizes never shrink", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (n) => {
      expect(parseSize(`${n}Gi`)).toBe(n);
      expect(BigInt(parseSize(`${n}G`) ?? 0) * 1024n ** 3n >= BigInt(n) * 10n ** 9n).toBe(true);
    }),
  );
});

for (const [text, seconds] of [
  ["7d", 604_800],
  ["1d12h", 129_600],
  ["30m", 1800],
  ["0s", undefined],
  ["1", undefined],
  ["d", undefined],
] as const) {
  test(`parseDuration("${text}") is ${seconds}`, () => expect(parseDuration(text)).toBe(seconds));
}

test.each([
  [0, "0s"],
  [59, "59s"],
  [3661, "1h 1m"],
  [93_784, "1d 2h"],
])("showDuration(%i) is %s", (seconds, text) => expect(showDuration(seconds)).toBe(text));

test.each([
  [129_600, "1d12h"],
  [93_784, "1d2h3m4s"],
  [30, "30s"],
])("typedDuration(%i) is %s, which is read as the same", (seconds, text) => {
  expect(typedDuration(seconds)).toBe(text);
  expect(parseDuration(text)).toBe(seconds);
});

test.each([
  [94, "94 GiB"],
  [2048, "2 TiB"],
])("showSize(%i) is %s", (gib, text) => expect(showSize(gib)).toBe(text));
