import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Bundle, bundle, bundleInto } from "../infra/bundle.ts";
import { machine, percentiles } from "./machine.ts";
import { report } from "./report.ts";

/*
 * What a function's cold start adds to the platform's own: the time to load the slack function as `npm run package` makes it,
 * and the time until the first signed request (`/k8s create dev`) is answered, beside a Bolt function that only acknowledges,
 * bundled the same way. Each in fresh processes, in turn. What Systems Manager, DynamoDB and SQS take comes on top on AWS: here
 * the settings are in the environment, and store and queue in memory.
 */
const RUNS = 21;
const INIT_MAX = 1.3;
const SECRET = "signing-secret-of-the-bench";

/** Milliseconds until it is loaded, and until it has answered. */
const COLD = `
  const begun = performance.now();
  const { handler } = require(process.argv[1]);
  const loaded = performance.now() - begun;
  handler(JSON.parse(process.argv[2]), {}).then(({ statusCode, body }) => {
    const answered = performance.now() - begun;
    if (statusCode !== 200 || !body.includes(process.argv[3])) throw new Error(statusCode + " " + body);
    process.stdout.write(JSON.stringify([loaded, answered]));
    process.exit(0);
  });
`;

/** As API Gateway hands it over, signed now. */
function command(): string {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const fields = { command: "/k8s", text: "create dev", user_id: "U0DEV", channel_id: "C0TEAMA", trigger_id: "1.2.3" };
  const body = new URLSearchParams(fields).toString();
  const signature = `v0=${createHmac("sha256", SECRET).update(`v0:${timestamp}:${body}`).digest("hex")}`;
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "x-slack-request-timestamp": timestamp,
    "x-slack-signature": signature,
  };
  const http = { method: "POST", path: "/slack/events", protocol: "HTTP/1.1", sourceIp: "192.0.2.1" };
  const place = { version: "2.0", rawPath: http.path, rawQueryString: "", requestContext: { http } };
  return JSON.stringify({ ...place, headers, body, isBase64Encoded: false });
}

const root = mkdtempSync(join(tmpdir(), "kinvirt-cold-"));
const domains = { user_domain_name: "Default", project_domain_name: "Default" };
const auth = { auth_url: "https://keystone.example.org:5000/v3", username: "a", password: "a", project_name: "a" };
const cloud = { region_name: "RegionOne", auth: { ...auth, ...domains } };
writeFileSync(join(root, "clouds.yaml"), JSON.stringify({ clouds: { "team-a": cloud, "team-b": cloud } }));
const ENV = {
  PATH: process.env["PATH"],
  KINVIRT_CONFIG: "kinvirt.example.yaml",
  OS_CLIENT_CONFIG_FILE: join(root, "clouds.yaml"),
  KINVIRT_STORE: "memory:",
  KINVIRT_QUEUE: "memory:",
  SLACK_SIGNING_SECRET: SECRET,
  SLACK_BOT_TOKEN: "xoxb-bench",
};

const FOLDERS = { kinvirt: join(root, "functions", "slack"), bare: join(root, "bare") } as const;
const ANSWERS = { kinvirt: "Planning to create", bare: "ok" } as const;
type Side = keyof typeof FOLDERS;
const bundles: Record<Side, Bundle> = {
  kinvirt: (await bundle(join(root, "functions"))).slack,
  bare: (await bundleInto(root, { bare: "bench/bare-slack.ts" })).bare,
};

const cold = (side: Side): readonly [number, number] => {
  const args = ["--input-type=commonjs", "-e", COLD, join(FOLDERS[side], "index.cjs"), command(), ANSWERS[side]];
  return JSON.parse(execFileSync(process.execPath, args, { env: ENV, encoding: "utf8" })) as [number, number];
};

const took: Record<Side, (readonly [number, number])[]> = { kinvirt: [], bare: [] };
for (let run = -1; run < RUNS; run += 1) {
  for (const side of ["kinvirt", "bare"] as const) {
    const one = cold(side);
    // The first finds no file in the machine's memory.
    if (run >= 0) took[side].push(one);
  }
}

const size = ({ files, first }: Bundle): string => {
  const kilobytes = (some: Iterable<string>) =>
    Math.ceil([...some].reduce((sum, one) => sum + (files.get(one) ?? 0), 0) / 1024);
  return `${kilobytes(first.files)} of ${kilobytes(files.keys())} KB`;
};
const of = (side: Side, what: 0 | 1) => percentiles(took[side].map((one) => one[what]));
const row = (side: Side, what: 0 | 1): string =>
  [0.01, 0.5, 0.9].map((share) => of(side, what)(share).toFixed(0).padStart(6)).join("  ");
process.stdout.write(`${machine()}\n${RUNS} fresh processes each, in milliseconds\n`);
process.stdout.write("            loaded: least  p50   p90    answered: least  p50   p90\n");
for (const side of ["kinvirt", "bare"] as const)
  process.stdout.write(`${side.padEnd(14)} ${row(side, 0)}          ${row(side, 1)}  ${size(bundles[side])}\n`);
rmSync(root, { recursive: true });
report(
  "cold start of the slack function, milliseconds beside a bare Bolt function",
  of("kinvirt", 0)(0.5),
  of("bare", 0)(0.5),
  INIT_MAX,
  "most",
);
report("the same with the first signed request answered", of("kinvirt", 1)(0.5), of("bare", 1)(0.5), undefined, "most");
