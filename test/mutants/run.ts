import { parseArgs } from "node:util";
import { type Copy, copyOf } from "./copy.ts";
import { mutants } from "./list.ts";
import type { Mutant } from "./mutant.ts";

/**
 * `npm run mutants`: plants each bug in a private copy of the tree and has the tests look for it; one that no test finds is
 * a missing test. `-- --only WORDS` takes those whose name or file has them, `--side-by-side N` is how many at once (2).
 */
const SECONDS_MAX = 120;

const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, "side-by-side": { type: "string", default: "2" } },
});
const chosen = mutants.filter(({ name, file }) => `${name} ${file}`.includes(values.only));

const say = (line: string) => void process.stdout.write(`${line}\n`);
const row = (...cells: readonly string[]) => say(`| ${cells.map((cell) => cell.replaceAll("|", "/")).join(" | ")} |`);
const startedMs = performance.now();
const since = (ms: number) => `${((performance.now() - ms) / 1000).toFixed(1)} s`;

/** Undefined: killed. */
async function plant(copy: Copy, { name, file, find, replace, tests, only }: Mutant): Promise<string | undefined> {
  const before = performance.now();
  const text = copy.read(file);
  const places = text.split(find).length - 1;
  if (places !== 1) return `STALE: ${name}: ${file} has its text ${places} times`;
  copy.write(
    file,
    text.replace(find, () => replace),
  );
  try {
    const verdict = await copy.test(tests, only, SECONDS_MAX);
    if (verdict.is === "passed") return `SURVIVED: ${name}: no test of ${tests.join(", ")} sees it`;
    if (verdict.is === "unrunnable") return `UNRUNNABLE: ${name}: ${verdict.why}`;
    row(name, file, verdict.is === "endless" ? `it never ends (${SECONDS_MAX} s)` : verdict.test, since(before));
    return undefined;
  } finally {
    copy.write(file, text);
  }
}

/** A test that fails without any bug would kill everything. */
async function sound(copy: Copy): Promise<string[]> {
  const groups = new Map<string | undefined, Set<string>>();
  for (const { only, tests } of chosen) groups.set(only, new Set([...(groups.get(only) ?? []), ...tests]));
  const wrong: string[] = [];
  for (const [only, files] of groups) {
    const verdict = await copy.test([...files], only, 5 * SECONDS_MAX);
    if (verdict.is === "failed") wrong.push(`RED WITHOUT A BUG: ${verdict.test}`);
    else if (verdict.is !== "passed") wrong.push(`NOT RUN WITHOUT A BUG: ${[...files].join(", ")} ${only ?? ""}`);
  }
  return wrong;
}

const copies = Array.from({ length: Number(values["side-by-side"]) }, () => copyOf("."));
process.once("SIGINT", () => {
  for (const copy of copies) copy.remove();
  process.exit(130);
});
const wrong: string[] = [];
try {
  const [first] = copies;
  if (first !== undefined) wrong.push(...(await sound(first)));
  if (wrong.length === 0) {
    row("bug", "file", "killed by", "time");
    row("---", "---", "---", "---");
    const waiting = [...chosen];
    const work = async (copy: Copy): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const complaint = await plant(copy, next);
        if (complaint === undefined) continue;
        wrong.push(complaint);
        say(complaint);
      }
    };
    await Promise.all(copies.map(work));
  }
} finally {
  for (const copy of copies) copy.remove();
}
say(`\n${chosen.length - wrong.length} of ${chosen.length} bugs killed in ${since(startedMs)}`);
for (const complaint of wrong) say(complaint);
process.exitCode = wrong.length > 0 || chosen.length === 0 ? 1 : 0;
