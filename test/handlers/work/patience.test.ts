import { UNKNOWN } from "../../../handlers/work/pace.ts";
import { patience } from "../../../handlers/work/patience.ts";
import { NOW_MS, record } from "../given.ts";

// Goal: nothing is given up as forgotten that may only be slow, and nothing waits for a person that a second call would mend.
const MINUTE_MS = 60_000;

describe("a create", () => {
  const minutes = (usual?: number) => {
    const kinds = new Map(usual === undefined ? [] : [["server", usual] as const]);
    return patience(record(), { ...UNKNOWN, kinds }, NOW_MS).patienceMs("server") / MINUTE_MS;
  };

  test("is given up after ten times as long as this cloud takes, but not before five minutes", () => {
    expect([7, 30, 60, 600].map(minutes)).toEqual([5, 5, 10, 100]);
  });

  test("is waited for longer on a cloud that nobody has seen, but not until all stands still", () => {
    expect(minutes()).toBe(25);
  });
});

describe("a delete", () => {
  const again = (minutes: number, status: Parameters<typeof record>[1] = {}) => {
    const nowMs = NOW_MS + minutes * MINUTE_MS;
    return patience(record({}, { startedMs: NOW_MS, movedMs: NOW_MS, ...status }), UNKNOWN, nowMs).again;
  };

  test("is sent again once in five minutes in which nothing moves, for as long as two passes are apart", () => {
    expect([0, 0.4, 4.9, 5, 5.4, 5.5, 9.9, 10, 10.4, 10.5].map((minutes) => again(minutes))).toEqual([
      false,
      false,
      false,
      true,
      true,
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  test("is not sent again while anything moves", () => {
    expect(again(5, { movedMs: NOW_MS + MINUTE_MS })).toBe(false);
  });

  test("is sent again at once when a person asks", () => {
    expect(again(0.1, { dueMs: NOW_MS })).toBe(true);
    expect(again(0.1, { dueMs: NOW_MS + 1 })).toBe(false);
  });
});
