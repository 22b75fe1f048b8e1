import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import process from "node:process";
import { Agent, request } from "undici";
import { machine, percentiles } from "./machine.ts";
import { report } from "./report.ts";

/*
 * How long a person waits for the answer to `/k8s create`: the served front door with its SQLite store and queue beside a
 * Bolt handler that only acknowledges. Both run as processes of their own and are asked in turn, block by block.
 */
const SECRET = "signing-secret-of-the-bench";
const BLOCKS = 20;
const PER_BLOCK = 50;
const WARM_UP = 100;
/** Room for 20 clusters each, more than is asked for. */
const TENANTS = 160;
const RATIO_MAX = 3;
const P99_MS_MAX = 100;

const agent = new Agent({ keepAliveTimeout: 60_000 });

async function serve(side: string): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, ["bench/ack-server.ts", side, SECRET, String(TENANTS)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill());
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { url: line.toString().trim(), child };
}

let sent = 0;
/** Milliseconds from the request to the end of its answer. */
async function create(url: string): Promise<number> {
  sent += 1;
  const fields = { command: "/k8s", text: `create bench-${sent} --rwx 100G`, user_id: "U0DEV", team_id: "T1" };
  const where = { channel_id: `C${sent % TENANTS}`, trigger_id: `t${sent}`, response_url: "http://127.0.0.1:9/none" };
  const body = new URLSearchParams({ ...fields, ...where }).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac("sha256", SECRET).update(`v0:${timestamp}:${body}`).digest("hex")}`;
  const begun = performance.now();
  const answer = await request(`${url}/slack/events`, {
    dispatcher: agent,
    method: "POST",
    body,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": signature,
    },
  });
  const text = await answer.body.text();
  const took = performance.now() - begun;
  const expected = text === "ok" || text.includes("request");
  if (answer.statusCode !== 200 || !expected) throw new Error(`${url} answered ${answer.statusCode}: ${text}`);
  return took;
}

const sides = { kinvirt: await serve("kinvirt"), bare: await serve("bare") };
const took: Record<keyof typeof sides, number[]> = { kinvirt: [], bare: [] };
for (let at = 0; at < WARM_UP; at += 1) for (const { url } of Object.values(sides)) await create(url);
for (let block = 0; block < BLOCKS; block += 1) {
  for (const side of ["kinvirt", "bare"] as const) {
    for (let at = 0; at < PER_BLOCK; at += 1) took[side].push(await create(sides[side].url));
  }
}
for (const { child } of Object.values(sides)) child.kill();
await agent.close();

const [ours, bare] = [percentiles(took.kinvirt), percentiles(took.bare)];
const row = (name: string, share: number): string =>
  `${name}  ${ours(share).toFixed(2).padStart(8)}  ${bare(share).toFixed(2).padStart(8)}  ${(ours(share) / bare(share)).toFixed(2).padStart(6)}`;
process.stdout.write(`${machine()}\n${took.kinvirt.length} requests each, in milliseconds\n`);
process.stdout.write(`      kinvirt  bare Bolt   ratio\n${row("p50", 0.5)}\n${row("p99", 0.99)}\n`);
report("ack, p99 in milliseconds beside a bare Bolt", ours(0.99), bare(0.99), RATIO_MAX, "most");
report("ack, p99 in milliseconds beside the most that it may be", ours(0.99), P99_MS_MAX, 1, "most");
