import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { ONE_FILE } from "../infra/bundle.ts";
import { machine, percentiles } from "./machine.ts";
import { report } from "./report.ts";

/*
 * What a function's cold start adds to the platform's own: the time to load the slack function as `npm run package` makes it,
 * beside a Bolt function that only acknowledges, made into one file the same way. Each in fresh processes, in turn.
 */
const RUNS = 21;
const RATIO_MAX = 1.3;

const BARE = `
  import { App, ExpressReceiver } from "@slack/bolt";
  import serverless from "serverless-http";
  const receiver = new ExpressReceiver({ signingSecret: "x", endpoints: "/slack/events", processBeforeResponse: true });
  const app = new App({ receiver, authorize: async () => ({}) });
  app.command("/k8s", async ({ ack }) => ack("ok"));
  export const handler = serverless(receiver.app);
`;

/** As on AWS: the settings are parameters, which nobody answers for here, and which are waited for after the load. */
const ENV = {
  PATH: process.env["PATH"],
  KINVIRT_PARAMETERS: "/kinvirt/bench",
  AWS_REGION: "eu-central-1",
  AWS_ENDPOINT_URL_SSM: "http://127.0.0.1:9",
};

const LOAD = `
  const begun = performance.now();
  const { handler } = require(process.argv[1]);
  const took = performance.now() - begun;
  if (typeof handler !== "function") throw new Error("it has no handler");
  process.stdout.write(String(took));
  process.exit(0);
`;

const root = mkdtempSync(join(tmpdir(), "kinvirt-cold-"));
const files = { kinvirt: join(root, "kinvirt.cjs"), bare: join(root, "bare.cjs") };
const bare = { contents: BARE, resolveDir: process.cwd(), loader: "ts" } as const;
await build({
  ...ONE_FILE,
  external: [...ONE_FILE.external],
  entryPoints: ["functions/lambda/slack.ts"],
  outfile: files.kinvirt,
});
await build({ ...ONE_FILE, external: [...ONE_FILE.external], stdin: bare, outfile: files.bare });

const load = (file: string): number =>
  Number(execFileSync(process.execPath, ["-e", LOAD, file], { env: ENV, encoding: "utf8" }));

const took: Record<keyof typeof files, number[]> = { kinvirt: [], bare: [] };
for (let run = -1; run < RUNS; run += 1) {
  for (const side of ["kinvirt", "bare"] as const) {
    const ms = load(files[side]);
    // The first finds no file in the machine's memory.
    if (run >= 0) took[side].push(ms);
  }
}
const size = (file: string): string => `${Math.ceil(statSync(file).size / 1024)} KB`;
const median = (side: keyof typeof files): number => percentiles(took[side])(0.5);
const row = (side: keyof typeof files): string => {
  const of = percentiles(took[side]);
  const ms = [0.01, 0.5, 0.9].map((share) => of(share).toFixed(0).padStart(6)).join("  ");
  return `${side.padEnd(8)} ${ms}  ${size(files[side])}\n`;
};
process.stdout.write(
  `${machine()}\n${RUNS} fresh processes each, in milliseconds\n            least   p50     p90  one file\n`,
);
process.stdout.write(row("kinvirt") + row("bare"));
rmSync(root, { recursive: true });
report(
  "cold start of the slack function, milliseconds beside a bare Bolt function",
  median("kinvirt"),
  median("bare"),
  RATIO_MAX,
  "most",
);
