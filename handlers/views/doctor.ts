import { type Examination, type Level, type Line, levelOf } from "../../shared/cluster/doctor/index.ts";
import type { Block, SlackMessage } from "../../shared/ports/slack.ts";
import { bullets, code, message, plural, quote, section, small } from "./text.ts";

const SIGNS: Readonly<Record<Level, string>> = {
  red: ":x:",
  amber: ":warning:",
  green: ":white_check_mark:",
  unused: ":heavy_minus_sign:",
  unknown: ":grey_question:",
};
/** Each is a block, and a message has fifty at most; more than this is one cause seen from many sides. */
const TROUBLES_MAX = 20;

export const linesAt = ({ lines }: Pick<Examination, "lines">, level: Level): readonly Line[] =>
  lines.filter((line) => line.level === level);

/** `2 red, 1 amber`: what of it there is. */
export const tally = (examination: Pick<Examination, "lines">, levels: readonly Level[]): string =>
  levels
    .map((level) => ({ level, count: linesAt(examination, level).length }))
    .filter(({ count }) => count > 0)
    .map(({ level, count }) => `${count} ${level}`)
    .join(", ");

/** One sentence that says whether clusters can be made, as plain text. */
export function verdictOf(examination: Examination): string {
  const { tenant } = examination;
  const counts = tally(examination, ["red", "amber"]);
  switch (levelOf(examination)) {
    case "red":
      return `The cloud of ${tenant} is not ready for clusters: ${counts}.`;
    case "amber":
      return `The cloud of ${tenant} is ready for clusters, with something to know: ${counts}.`;
    default:
      return `The cloud of ${tenant} is ready for clusters: all green.`;
  }
}

const trouble = (line: Line): Block =>
  section(
    [
      `${SIGNS[line.level]} *${quote(line.title)}* (${line.level}): ${quote(line.says, 900)}`,
      `${quote(line.why)}.`,
      ...("remedy" in line ? [`:point_right: ${quote(line.remedy, 700)}`] : []),
    ].join("\n"),
  );

/** A service's version, and then what of it is well besides, by name alone. */
function wellLines(lines: readonly Line[]): readonly string[] {
  const services = [...new Set(lines.map((line) => line.service))];
  return services.map((service) => {
    const ours = lines.filter((line) => line.service === service);
    const head = ours.find((line) => line.id === service);
    const others = ours.filter((line) => line !== head).map((line) => line.title);
    const first = head === undefined ? [] : [`*${head.title}* ${quote(head.says, 120)}`];
    return [...first, ...(others.length === 0 ? [] : [others.join(", ")])].join(" · ");
  });
}

/** Lines that say the same are told together. */
function aside(level: Level, words: string, lines: readonly Line[]): readonly Block[] {
  const reasons = [...new Set(lines.map((line) => line.says))];
  const told = reasons.map((says) => {
    const titles = lines.filter((line) => line.says === says).map((line) => line.title);
    return `${quote(titles.join(", "))}: ${quote(says, 160)}`;
  });
  return told.length === 0 ? [] : [small(`${SIGNS[level]} *${words}* ${told.join(" · ")}`)];
}

/** The verdict, then what has to be done, then in one list what is well. */
export function doctorMessage(examination: Examination): SlackMessage {
  const troubles = [...linesAt(examination, "red"), ...linesAt(examination, "amber")];
  const well = linesAt(examination, "green");
  const sign = SIGNS[levelOf(examination)];
  const left = troubles.length - TROUBLES_MAX;
  return message(
    `${sign} ${verdictOf(examination).replace(` of ${examination.tenant} `, ` of *${examination.tenant}* `)}`,
    ...troubles.slice(0, TROUBLES_MAX).map(trouble),
    ...(left > 0 ? [small(`and ${left} more: whoever runs kinvirt sees all with ${code("npm run doctor")}`)] : []),
    ...(well.length === 0
      ? []
      : [section(`${SIGNS.green} *${plural(well.length, "thing")} green*\n${bullets(wellLines(well))}`)]),
    ...aside("unused", "Not used here", linesAt(examination, "unused")),
    ...aside("unknown", "Unknown", linesAt(examination, "unknown")),
  );
}
