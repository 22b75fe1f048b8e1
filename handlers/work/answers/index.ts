import { dns } from "./dns.ts";
import { lb } from "./lb.ts";
import type { Answer, Question } from "./question.ts";

/** Who answers what. Adding a question is its file, its word among QUESTIONS and a line here. */
export const ANSWERS: Readonly<Record<Question["what"], Answer>> = { lb, dns };

/** Of these questions the subject is the tenant's cloud, whether there are clusters or not. */
export const OF_TENANT: ReadonlySet<Question["what"]> = new Set([]);
