import { nextAbout } from "../../views/on-call/buttons.ts";
import { eventsMessage } from "../../views/on-call/events.ts";
import { type Answer, alone } from "./question.ts";

/** The cloud is not asked: what was done and what failed is in the record. */
export const events: Answer = alone(async (record, deps) => ({
  ...eventsMessage(record, deps.clock.nowMs()),
  next: nextAbout(record, "status", "nodes"),
  ...(record.status.phase === "blocked" ? { mends: record } : {}),
}));
