import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { SlackMessage } from "../../../shared/ports/slack.ts";
import { showDuration } from "../../../shared/units.ts";
import { faultWords, mend } from "../advice.ts";
import { stopped } from "../progress.ts";
import { waits } from "../steps.ts";
import { code, listed, message, moment, plural, section } from "../text.ts";
import { endOf } from "../words.ts";
import { type Finding, findingLine, going, verdictOf, worstFirst } from "./finding.ts";

/** What was looked at, with what is not as it should be. */
export interface Area {
  /** `Load balancers`, as a line begins with it. */
  readonly name: string;
  /** The question that tells more: `lb`. */
  readonly what: string;
  readonly findings: readonly Finding[];
}

/** The two that matter stand in full; the rest is a question away. */
const LINES = 2;

function areaLine({ name, what, findings }: Area, cluster: string): string {
  const bad = findings.filter(({ grade }) => grade === "bad").length;
  const more = code(`/k8s ${what} ${cluster}`);
  if (findings.length === 0) return `:white_check_mark: *${name}*: nothing wrong`;
  const open = plural(findings.length, "thing");
  return bad > 0
    ? `:x: *${name}*: ${plural(bad, "thing")} wrong, ${more}`
    : `:hourglass_flowing_sand: *${name}*: ${open} to look at again, ${more}`;
}

const ownFindings = (record: ClusterRecord): readonly Finding[] =>
  record.status.blocked === undefined
    ? []
    : [
        {
          grade: "bad",
          of: `${stopped(record)} has stopped`,
          says: `${faultWords(record.status.blocked, 300)} ${mend(record.status.blocked, record.spec.name)}`,
        },
      ];

/** What kinvirt itself is about, where that is no trouble. */
function doing(record: ClusterRecord, nowMs: number): readonly string[] {
  const { phase, startedMs } = record.status;
  const since = showDuration((nowMs - startedMs) / 1000);
  const on = waits(record, []).slice(0, 2).join(", ");
  const waiting = on === "" ? "" : `: ${on}`;
  if (phase === "creating") return [`*kinvirt* has worked on it for ${since}${waiting}.`];
  if (phase === "deleting") return [`*kinvirt* has been deleting it for ${since}${waiting}.`];
  const endMs = endOf(record);
  return endMs === undefined ? [] : [`It lives until ${moment(endMs)}.`];
}

/** Everything summed up: one verdict, then the lines that matter, then where each area stands. */
export function verdictMessage(record: ClusterRecord, areas: readonly Area[], nowMs: number): SlackMessage {
  const { name } = record.spec;
  const found = worstFirst([...ownFindings(record), ...areas.flatMap(({ findings }) => findings)]);
  const rest = found.length - LINES;
  const lines = found.slice(0, LINES).map(findingLine);
  const doings = doing(record, nowMs);
  const leaving = record.wish === "absent";
  return message(
    verdictOf(`*${name}*`, found, leaving ? going(name) : `*${name}* is well, as the cloud says now.`),
    ...(lines.length === 0 ? [] : [section(lines.join("\n"))]),
    ...(leaving || areas.length === 0 ? [] : [section(listed(areas.map((area) => areaLine(area, name))))]),
    ...(doings.length === 0 ? [] : [section(doings.join("\n"))]),
    ...(rest > 0 ? [section(`${plural(rest, "more thing")}: the buttons below tell which.`)] : []),
  );
}
