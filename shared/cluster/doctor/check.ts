import type { ServiceType } from "../../openstack/errors.ts";
import type { Config, Tenant } from "../config.ts";
import type { Sight } from "./sight.ts";

/**
 * - red: clusters can't be made, or are not safe
 * - amber: they can, and something of them will be missing or will fail one day
 * - unused: not there, or not asked for, and nothing of this configuration needs it
 * - unknown: could not be looked at, because of something that is red itself
 */
export type Level = "red" | "amber" | "green" | "unused" | "unknown";

/** What was found, as plain text, and what to do about it where something has to be done. */
export type Finding =
  | { readonly level: "green" | "unused" | "unknown"; readonly says: string }
  | { readonly level: "red" | "amber"; readonly says: string; readonly remedy: string };

export const green = (says: string): Finding => ({ level: "green", says });
export const unused = (says: string): Finding => ({ level: "unused", says });
export const unknown = (says: string): Finding => ({ level: "unknown", says });
export const amber = (says: string, remedy: string): Finding => ({ level: "amber", says, remedy });
export const red = (says: string, remedy: string): Finding => ({ level: "red", says, remedy });

/** What the configuration says of one tenant. */
export interface About {
  readonly name: string;
  readonly tenant: Tenant;
  readonly templates: Config["templates"];
}

/** A line of the checklist. Adding one is an object in its service's file. */
export interface Check<Seen = unknown> {
  /** `dns/zone` */
  readonly id: string;
  /** While this one does not answer, nobody looks. */
  readonly service: ServiceType;
  readonly title: string;
  /** What Kubernetes, or kinvirt for it, needs this for. */
  readonly why: string;
  /** How it is read, for people who want to look themselves. */
  readonly how: string;
  /** What to do where it is not well, in general; a finding has it in particular. */
  readonly mend: string;
  read(sight: Sight): Promise<Seen>;
  /** Pure: the same of what was read and what is configured. */
  judge(seen: Seen, about: About): Finding;
}

/** What `read` answers is what `judge` takes; outside nobody needs to know what that is. */
export const check = <Seen>(one: Check<Seen>): Check => ({
  ...one,
  judge: (seen, about) => one.judge(seen as Seen, about),
});

const WORST: readonly Level[] = ["red", "amber", "unknown", "green", "unused"];

/** Several findings as one: the level of the worst, what that level says, and what is to be done about it. */
export function worstOf(findings: readonly Finding[]): Finding {
  const level = WORST.find((one) => findings.some((finding) => finding.level === one)) ?? "unused";
  const worst = findings.filter((finding) => finding.level === level);
  const says = [...new Set(worst.map((finding) => finding.says))].join("; ");
  const remedy = [...new Set(worst.flatMap((one) => ("remedy" in one ? [one.remedy] : [])))].join(" ");
  return level === "red" || level === "amber" ? { level, says, remedy } : { level, says };
}

export const listOf = (names: readonly string[]): string =>
  names.length === 0 ? "none" : [...new Set(names)].sort().join(", ");
