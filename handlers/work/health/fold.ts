import type { Alert } from "../../../shared/state/alerts.ts";
import { kindOf } from "../../views/words.ts";
import type { Finding } from "./finding.ts";
import { isAlive } from "./turn.ts";

/** A finding and whose it is; without a cluster it is the tenant's cloud's. */
export interface Found {
  readonly cluster?: NonNullable<Alert["cluster"]>;
  readonly finding: Finding;
}

/** From so many clusters on, what has one cause is one message. */
const MANY = 3;
const NAMES_MAX = 12;

/** One line of a group alert's facts: its clusters. */
function namesOf(members: readonly Found[]): string {
  const names = [...new Set(members.map(({ cluster }) => cluster?.name ?? ""))].sort();
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : "";
  return `${names.slice(0, NAMES_MAX).join(", ")}${more}`;
}

export const manyOf = (cause: string): string => `many/${cause.replace(/[^a-z0-9]+/gi, "-")}`;

function folded(cause: string, members: readonly Found[]): Found {
  const [first] = members;
  const clusters = new Set(members.map(({ cluster }) => cluster?.id)).size;
  const kind = kindOf(first?.finding.about ?? "");
  return {
    finding: {
      about: manyOf(cause),
      symptom: "many",
      facts: {
        of: first?.finding.symptom ?? "",
        kind,
        about: first?.finding.about ?? "",
        clusters: String(clusters),
        names: namesOf(members),
      },
      mends: members.every(({ finding }) => finding.mends),
      ...(members.every(({ finding }) => finding.soft === true) ? { soft: true as const } : {}),
      cause,
    },
  };
}

/**
 * Many of one cause become one finding of the tenant's. What was told by itself before goes on by itself, and a group that was
 * told of stays one until its last is well. `told`: the alert of a finding, if there is one.
 */
export function fold(found: readonly Found[], told: (one: Found) => Alert | undefined): readonly Found[] {
  const lives = (one: Found): boolean => {
    const alert = told(one);
    return alert !== undefined && isAlive(alert);
  };
  const causes = Map.groupBy(
    found.filter((one) => one.cluster !== undefined && one.finding.symptom !== "ending" && !lives(one)),
    ({ finding }) => finding.cause,
  );
  const into = new Map<Found, Found>();
  for (const [cause, members] of causes) {
    const group = folded(cause, members);
    const enough = new Set(members.map(({ cluster }) => cluster?.id)).size >= (lives(group) ? 1 : MANY);
    if (enough) for (const one of members) into.set(one, group);
  }
  return [...new Set(found.map((one) => into.get(one) ?? one))];
}
