import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

// Goal: the shape of the repository is a test, so a review can be about meaning.
// A file imports its own layer and the layers before it, and nothing that ships imports the sandbox.
const LAYERS = [
  "shared/assert.ts",
  "shared/units.ts",
  "shared/openstack",
  "shared/kubernetes",
  "shared/resources",
  "shared/bootstrap",
  "shared/cluster",
  "shared/reconcile",
  "shared/ports",
  "shared/state",
  "shared/adapters",
  "handlers/views",
  "handlers",
  "sandbox",
  "functions",
  "server.ts",
];
const LINES_MAX = 200;
const FUNCTION_LINES_MAX = 70;
const COLUMNS_MAX = 130;
const ADAPTERS = /^(shared\/adapters|sandbox)\//;
const BANNED: readonly [RegExp, string, RegExp][] = [
  [/\bDate\.now\(|new Date\(\)/, "take the time from the clock port", /^shared\/adapters\//],
  [/\bMath\.random\(|randomUUID\(|randomBytes\(/, "take chance from the chance port", /^shared\/adapters\//],
  [
    /\bsetTimeout\(|\bsetInterval\(|\bsleep\(/,
    "return `waiting` and let the queue wake you",
    /^(shared\/adapters|sandbox\/page)\//,
  ],
  [
    /\bprocess\.env\b/,
    "read the environment in functions/environment.ts only",
    /^(functions\/environment|sandbox\/main)\.ts$/,
  ],
  [/\bconsole\./, "log through the log port", /^(shared\/adapters\/|sandbox\/)/],
  [/\bas any\b|: any\b|<any>|@ts-ignore|@ts-expect-error/, "name the type", /^$/],
  [/\b(TODO|FIXME)\b/, "finish it or open an issue", /^$/],
  [/\bfrom "(undici|@slack\/web-api|keyv|node:sqlite|pino)"/, "reach out in shared/adapters only", ADAPTERS],
  [
    /\bstatus(Code)? ?=== ?[345]\d\d\b/,
    "read status codes in the clients only",
    /^(shared\/openstack|shared\/kubernetes|shared\/adapters|sandbox)\//,
  ],
];

const layerOf = (file: string) => LAYERS.findIndex((layer) => file === layer || file.startsWith(`${layer}/`));
const files = ["functions", "handlers", "shared", "sandbox"]
  .flatMap((top) =>
    readdirSync(top, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(top, file)),
  )
  .concat("server.ts");

/** A function's length, by the indentation that the formatter guarantees: from its head to the brace that closes it. */
function longFunctions(file: string, lines: readonly string[]): string[] {
  return lines.flatMap((line, at) => {
    const head =
      /^( *)(export )?(default )?(async )?(function\b|const \w+ = (async )?(function\b|\(|<)|\w+\(.*\{$)/.exec(line);
    if (head === null || !/[{(]$/.test(line)) return [];
    const end = lines.findIndex(
      (other, index) => index > at && new RegExp(`^${head[1]}[})]`).test(other) && !/\{$/.test(other),
    );
    const length = end - at + 1;
    return end > at && length > FUNCTION_LINES_MAX ? [`${file}:${at + 1} is a function of ${length} lines`] : [];
  });
}

function untidy(file: string, text: string): string[] {
  const lines = text.split("\n");
  const found = lines.flatMap((line, at) => [
    ...(line.length > COLUMNS_MAX ? [`${file}:${at + 1} is ${line.length} columns wide`] : []),
    ...BANNED.filter(([what, , except]) => what.test(line) && !except.test(file)).map(
      ([, instead]) => `${file}:${at + 1} ${instead}`,
    ),
  ]);
  if (lines.length > LINES_MAX + 1) found.push(`${file} has ${lines.length - 1} lines`);
  if (layerOf(file) < 0) found.push(`${file} is in no layer`);
  for (const [, path = ""] of text.matchAll(/(?:from|import) "(\.[^"]+)"/g)) {
    const target = normalize(join(dirname(file), path));
    if (layerOf(target) > layerOf(file)) found.push(`${file} imports upwards: ${target}`);
    if (target.startsWith("sandbox/") && !file.startsWith("sandbox/")) found.push(`${file} ships the sandbox`);
  }
  if (file.startsWith("handlers/views/") && /\bawait\b/.test(text))
    found.push(`${file} waits: a view is a function of state`);
  return [...found, ...longFunctions(file, lines)];
}

test("every file is tidy", () => {
  expect(files.flatMap((file) => untidy(file, readFileSync(file, "utf8")))).toEqual([]);
});

test("tidy finds what it should", () => {
  const long = ["export function f() {", ...Array.from({ length: 70 }, () => "  g();"), "}"].join("\n");
  expect(untidy("shared/cluster/x.ts", 'import { y } from "../ports/y.ts";\nconst t = Date.now();')).toEqual([
    "shared/cluster/x.ts:2 take the time from the clock port",
    "shared/cluster/x.ts imports upwards: shared/ports/y.ts",
  ]);
  expect(untidy("shared/cluster/x.ts", long)).toEqual(["shared/cluster/x.ts:1 is a function of 72 lines"]);
  expect(untidy("handlers/x.ts", 'import { y } from "../sandbox/y.ts";')).toContain("handlers/x.ts ships the sandbox");
  expect(untidy("handlers/views/x.ts", "await y;")).toEqual([
    "handlers/views/x.ts waits: a view is a function of state",
  ]);
  expect(untidy("elsewhere/x.ts", "")).toEqual(["elsewhere/x.ts is in no layer"]);
});
