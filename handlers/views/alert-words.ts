import type { Alert } from "../../shared/state/alerts.ts";
import { code, moment, plural, quote } from "./text.ts";
import { kindOf, kindWords, stepWords } from "./words.ts";

type Facts = Alert["facts"];

/** `about` of what is no step. */
const OTHER: Readonly<Record<string, string>> = {
  "end/ttl": "time to live",
  "end/logins": "logins of its programs",
  "end/certificates": "certificates of its control planes",
  "end/authorities": "certificate authorities",
  cloud: "cloud",
  quota: "quotas",
};

/** What an alert is about, as people call it: mrkdwn. */
export function subjectOf({ about, facts, symptom }: Pick<Alert, "about" | "facts" | "symptom">): string {
  const kind = kindOf(about);
  if (symptom === "many") return `${kindWords(facts["kind"] ?? "", 2)} of ${facts["clusters"]} clusters`;
  if (kind === "service-balancer") return `load balancer ${code(facts["name"] ?? facts["id"] ?? "", 120)}`;
  if ((kind === "recordset" || kind === "ptr") && facts["fqdn"] !== undefined) {
    return `${kind === "ptr" ? "reverse DNS name of" : "DNS name"} ${code(facts["fqdn"])}`;
  }
  const where = kind === "floating-ip" && facts["address"] !== undefined ? ` ${code(facts["address"])}` : "";
  return OTHER[about] ?? `${quote(stepWords(about), 120)}${where}`;
}

const its = (alert: Alert): string => `its ${subjectOf(alert)}`;
const leadsTo = ({ found, wanted }: Facts): string =>
  `${found ? `points to ${code(found)}` : "leads nowhere"}${wanted ? `, and not to ${code(wanted)}` : ""}`;

const GROUPS: Readonly<Record<string, string>> = {
  gone: "are gone",
  lost: "are gone, and what they held with them",
  error: "are in ERROR",
  stopped: "do not run",
  down: "have members that do not answer",
  off: "have members that were switched off",
  elsewhere: "lead elsewhere",
  rules: "have other rules than they should",
  "not-ready": "are not Ready",
  silent: "do not answer",
};

/** What is wrong, as the end of "*dev*: …", mrkdwn. */
export const WHAT: Readonly<Record<Alert["symptom"], (alert: Alert) => string>> = {
  gone: (alert) => `${its(alert)} is gone`,
  lost: (alert) => `${its(alert)} is gone, and what it held with it`,
  error: (alert) => `${its(alert)} is in ERROR`,
  stopped: (alert) => `${its(alert)} does not run: Nova says ${code(alert.facts["state"] ?? "", 30)}`,
  down: (alert) => {
    const { members = "", all } = alert.facts;
    const which =
      all === "true" ? "no member answers" : `${quote(members, 200)} ${verb(members, "does", "do")} not answer`;
    return `${which} behind ${its(alert)}`;
  },
  off: (alert) => {
    const { what = "", lack } = alert.facts;
    if (lack !== undefined)
      return `${plural(Number(lack), "member")} ${lack === "1" ? "was" : "were"} deleted behind ${its(alert)}`;
    return `${quote(what, 200)} ${verb(what, "was", "were")} switched off behind ${its(alert)}`;
  },
  elsewhere: (alert) => `${its(alert)} ${leadsTo(alert.facts)}`,
  rules: (alert) => `somebody has changed the rules of ${its(alert)}`,
  "not-ready": (alert) => `${its(alert)} is ${quote(alert.facts["state"] ?? "", 60)}`,
  silent: (alert) => `its Kubernetes API does not answer at ${code(alert.facts["host"] ?? "")}`,
  ending: (alert) => {
    const { over, untilMs } = alert.facts;
    const verb = over === "true" ? "ended" : alert.about === "end/ttl" ? "ends" : "end";
    return `the ${subjectOf(alert)} ${verb} on ${moment(Number(untilMs))}`;
  },
  quota: ({ facts }) => `${plural(linesOf(facts).length, "quota")} more than 90 % used`,
  unseen: ({ facts }) =>
    facts["project"] === undefined
      ? `kinvirt can't see how things are: ${quote(facts["services"] ?? "", 200)} gave no answer`
      : "kinvirt can't see how things are: the login of this cloud leads to another project",
  many: ({ facts }) =>
    `the ${kindWords(facts["kind"] ?? "", 2)} of ${facts["clusters"]} clusters ${GROUPS[facts["of"] ?? ""] ?? "are not well"}`,
};

const verb = (names: string, one: string, many: string): string => (names.includes(", ") ? many : one);

/** Service, quota, used, limit. */
export const linesOf = ({ lines = "" }: Facts): readonly (readonly string[])[] =>
  lines.split("\n").flatMap((line) => (line === "" ? [] : [line.split(" ")]));
