import { type Examination, type Level, type Line, levelOf } from "../../shared/cluster/doctor/index.ts";
import { linesAt, tally, verdictOf } from "./doctor.ts";

const LEVELS: readonly Level[] = ["red", "amber", "unknown", "unused", "green"];
const SIGNS: Readonly<Record<Level, string>> = { red: "✗", amber: "!", green: "✓", unused: "-", unknown: "?" };
const WIDTH = 110;

/** Lines of at most `WIDTH` characters beside `indent`; a word that is longer stays whole. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && indent.length + line.length + word.length < WIDTH)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${indent}`);
}

function row(line: Line, width: number): string {
  const head = `  ${SIGNS[line.level]} ${line.level.padEnd(7)}  ${line.title.padEnd(width)}  `;
  const indent = " ".repeat(head.length);
  const more = "remedy" in line ? [`why: ${line.why}.`, `do: ${line.remedy}`] : [];
  return [line.says, ...more].map((text, at) => `${at === 0 ? head : indent}${wrapped(text, indent)}`).join("\n");
}

/** The checklist for a terminal: the verdict, then a line for each check, what has to be done first. */
export function doctorText(examination: Examination): string {
  const width = Math.max(...examination.lines.map((line) => line.title.length));
  const rows = LEVELS.flatMap((level) => linesAt(examination, level)).map((line) => row(line, width));
  return `${[verdictOf(examination), ...rows, `  ${tally(examination, LEVELS)}`].join("\n")}\n`;
}

/** The same for programs. */
export const doctorJson = (examinations: readonly Examination[]): string =>
  `${JSON.stringify(
    {
      verdict: levelOf({ lines: examinations.flatMap(({ lines }) => lines) }),
      tenants: examinations.map((one) => ({ ...one, verdict: levelOf(one) })),
    },
    null,
    2,
  )}\n`;
