import { dns } from "./dns.ts";
import { doctor } from "./doctor.ts";
import { events } from "./events.ts";
import { kms } from "./kms.ts";
import { lb } from "./lb.ts";
import { nodes } from "./nodes.ts";
import type { Answer, Question } from "./question.ts";
import { quota } from "./quota.ts";
import { status } from "./status.ts";
import { storage } from "./storage.ts";

/** Who answers what. Adding a question is its file, its word among QUESTIONS and a line here. */
export const ANSWERS: Readonly<Record<Question["what"], Answer>> = {
  lb,
  dns,
  storage,
  kms,
  nodes,
  events,
  status,
  doctor,
  quota,
};

/** Of these questions the subject is the tenant's cloud, whether there are clusters or not. */
export const OF_TENANT: ReadonlySet<Question["what"]> = new Set(["doctor", "quota"]);
