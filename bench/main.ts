import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { limitOf } from "./limits.ts";
import { machine } from "./machine.ts";
import { goalOf, type Ratio, report, short, verdict } from "./report.ts";

/*
 * `npm run bench`: every ratio that can be measured here, each from one run, and `bench/RESULTS.md` with all of them.
 * `npm run bench -- ack sweep` runs these parts only and leaves RESULTS.md alone. What needs a real cloud runs where OS_CLOUD
 * names one that the example configuration has a tenant for; OPENSTACK is the command-line client where it has another name.
 */
interface Part {
  readonly name: string;
  readonly words: readonly string[];
  readonly needsCloud?: boolean;
}

const PARTS: readonly Part[] = [
  { name: "ack", words: ["bench/ack.ts"] },
  { name: "sweep", words: ["bench/sweep.ts"] },
  { name: "health", words: ["bench/health.ts"] },
  { name: "cold-start", words: ["bench/cold-start.ts"] },
  { name: "engine", words: ["test/sim/main.ts", "--seeds", "60"] },
  { name: "life", words: ["bench/life.ts", "sandbox"] },
  { name: "life-lab", words: ["bench/life.ts", "lab"], needsCloud: true },
  { name: "peers", words: ["bench/peers.ts"], needsCloud: true },
];

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const reports = join(mkdtempSync(join(tmpdir(), "kinvirt-bench-")), "report.jsonl");
process.env["REPORT"] = reports;

/** Runs it before people's eyes; resolves with what it printed. */
async function run({ words }: Part): Promise<string> {
  const child = spawn(process.execPath, [...words], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    process.stdout.write(chunk);
  });
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) failed.push(words.join(" "));
  return printed;
}

const failed: string[] = [];
const skipped: string[] = [];

async function measure(part: Part): Promise<void> {
  say(`\n# ${part.name}`);
  if (part.needsCloud === true && (process.env["OS_CLOUD"] ?? "") === "") {
    say("skipped: no cloud named (OS_CLOUD)");
    skipped.push(part.name);
    return;
  }
  const printed = await run(part);
  const lives = /([\d.]+) lives\/s\s*$/.exec(printed)?.[1];
  if (lives !== undefined) report("engine, seconds beside whole lives in simulation", 1, Number(lives), 50, "least");
}

function table(ratios: readonly Ratio[]): string {
  const rows = ratios.map((one) => {
    const cells = [one.what, short(one.ours), short(one.theirs), one.ratio.toFixed(2), goalOf(one), verdict(one)];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| what | ours | beside | ratio | goal | |", "| --- | --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function results(ratios: readonly Ratio[]): string {
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  const limits = ratios.map(({ what }) => `- ${what}: ${limitOf(what)}.`);
  return [
    "# Benchmarks",
    "",
    `Written by \`npm run bench\` on ${date} UTC; each ratio is from one run on ${machine()}.`,
    ...(skipped.length === 0 ? [] : ["", `Skipped, because no cloud was named: ${skipped.join(", ")}.`]),
    ...(failed.length === 0 ? [] : ["", `Ended in an error: ${failed.join(", ")}.`]),
    "",
    table(ratios),
    "",
    "## What limits them",
    "",
    ...limits,
    "",
  ].join("\n");
}

const only = process.argv.slice(2);
const unknown = only.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0)
  throw new Error(`there is no ${unknown.join(", ")}: ${PARTS.map(({ name }) => name).join(", ")}`);
say(machine());
for (const part of PARTS) if (only.length === 0 || only.includes(part.name)) await measure(part);
const lines = existsSync(reports) ? readFileSync(reports, "utf8").trim().split("\n") : [];
const ratios = lines.map((line) => JSON.parse(line) as Ratio);
if (only.length === 0) writeFileSync(join(import.meta.dirname, "RESULTS.md"), results(ratios));
const missed = ratios.filter((one) => verdict(one) === "missed");
say(`\n${missed.length} of ${ratios.length} goals missed`);
for (const one of missed) say(`missed: ${one.what}: ${one.ratio.toFixed(2)}`);
process.exitCode = failed.length === 0 ? 0 : 1;
