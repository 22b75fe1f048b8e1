import { dueOf, ORPHAN_MS } from "../../../shared/cluster/due.ts";
import { record } from "../../handlers/given.ts";

// Goal: the sweep comes when there is something to do, and not before.
const plain = () => {
  const { dueMs: _due, ...status } = record().status;
  const { expiresMs: _expires, ...rest } = record();
  return { ...rest, createdMs: 1000, status };
};

test.each([
  ["a name waits for its request", { status: { ...plain().status, phase: "requested" as const } }, 1000 + ORPHAN_MS],
  ["a time to live ends", { expiresMs: 7000 }, 7000],
  [
    "of what goes its time to live is nothing any more",
    {
      wish: "absent" as const,
      expiresMs: 7000,
      status: { ...plain().status, phase: "deleting" as const, finishedMs: 9000 },
    },
    9000,
  ],
  [
    "what is under way is due when it says so",
    { status: { ...plain().status, phase: "creating" as const, dueMs: 5000 } },
    5000,
  ],
  [
    "what comes first counts",
    { expiresMs: 4000, status: { ...plain().status, phase: "creating" as const, dueMs: 5000 } },
    4000,
  ],
])("%s", (_what, over, dueMs) => {
  expect(dueOf({ ...plain(), ...over })).toBe(dueMs);
});
