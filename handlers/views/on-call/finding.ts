import { plural } from "../text.ts";

/** One thing that is not as it should be, in words for whoever is on call. */
export interface Finding {
  /** `bad`: it hurts somebody, or will. `look`: it is on its way, or nobody can know it. */
  readonly grade: "bad" | "look";
  /** What it is about, as mrkdwn: `load balancer api`. */
  readonly of: string;
  /** What is so and what to do about it: whole sentences, as mrkdwn. */
  readonly says: string;
}

/** Whether all of a cluster can be there: what comes or goes is no alarm. */
export type Stage = "coming" | "there" | "leaving";

const SIGNS: Readonly<Record<Finding["grade"], string>> = { bad: ":x:", look: ":hourglass_flowing_sand:" };

export const findingLine = ({ grade, of, says }: Finding): string => `${SIGNS[grade]} *${of}*: ${says}`;

export const worstFirst = (findings: readonly Finding[]): readonly Finding[] => [
  ...findings.filter((one) => one.grade === "bad"),
  ...findings.filter((one) => one.grade !== "bad"),
];

/** `2 things need a look`: only what hurts is a warning. */
export function verdictOf(whose: string, findings: readonly Finding[], well: string): string {
  const bad = findings.filter((one) => one.grade === "bad").length;
  if (bad > 0) return `:warning: ${whose}: ${plural(bad, "thing")} ${bad === 1 ? "needs" : "need"} a person.`;
  if (findings.length === 0) return `:white_check_mark: ${well}`;
  const open = plural(findings.length, "thing");
  return `:hourglass_flowing_sand: ${whose}: ${open} to look at again in a minute.`;
}

/** An ISO 8601 moment of a service as ms; undefined where it says none. */
export function msOf(iso: string | undefined): number | undefined {
  const ms = Date.parse(iso ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}

/** Of a cluster that is being deleted nothing is missed: what is gone should be. */
export const going = (cluster: string): string => `*${cluster}* is being deleted, and what belongs to it goes.`;
