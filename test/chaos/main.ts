import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudFiles } from "../../shared/adapters/cloud-files.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { type Place, place } from "../lab/place.ts";
import { type Daemons, daemons } from "./daemons.ts";
import { type Life, life, type Outage, saidBy } from "./life.ts";
import { type LossyProxy, lossyProxy } from "./lossy-proxy.ts";
import { operator } from "./operator.ts";

/**
 * Goal: whichever part of a real OpenStack stands still for a while, and whatever answer is lost, a cluster is made once,
 * goes without a trace, and nobody is asked for what passes by itself.
 *
 * `npm run chaos:lab`: one life undisturbed, one in which a proxy between the bot and the cloud loses 5 % of all answers,
 * then one more such for each daemon, which is stopped 3 s after the approval and 2 s after the delete is confirmed, for 20 s
 * each. `npm run chaos:lab -- none answers keystone` lives these three only. It ends other people's work on that cloud, so it
 * takes one that is yours alone:
 * - OS_CLOUD: the cloud in clouds.yaml (see CONTRIBUTING)
 * - LAB: a folder with `run/NAME.pid` for each daemon; each leads a process group of its own, below the root `LAB/root`
 * - OPERATOR_CLOUD: an administrator's entry in clouds.yaml, who resets what a service died over (a server in `deleting` or
 *   a share in `creating` for ever); without it such a life does not end
 * - LAB_UP: a shell command that starts every daemon that is not running, and ends well when the cloud is
 */
const DAEMONS = [
  "keystone",
  "nova-api",
  "nova-compute",
  "neutron-api",
  "octavia-api",
  "octavia-driver-agent",
  "designate-central",
  "designate-worker",
  "barbican-api",
  "manila-api",
  "manila-share",
  "rabbitmq",
  "mariadb",
];
const UNDISTURBED = "none";
const ANSWERS_ONLY = "answers";
const DOWN_SECONDS = 20;
const LOSS = 0.05;

const clock = systemClock();
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function needed(name: string): string {
  const value = process.env[name] ?? "";
  if (value === "") throw new Error(`${name} is not set: the head of test/chaos/main.ts says what it is.`);
  return value;
}

/** The clouds.yaml of this environment, with the proxy in front of every Keystone. */
async function proxiedClouds(proxy: LossyProxy, folder: string): Promise<string> {
  let text = cloudFiles(process.env).clouds?.text ?? "";
  for (const [, url = ""] of text.matchAll(/auth_url:\s*(\S+)/g)) text = text.replaceAll(url, await proxy.behind(url));
  const path = join(folder, "clouds.yaml");
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const outageOf =
  (lab: Daemons, daemon: string): Outage =>
  async (afterSeconds) => {
    await clock.wait(afterSeconds * 1000);
    await lab.stop(daemon);
    await clock.wait(DOWN_SECONDS * 1000);
    await lab.start();
  };

/** What was said twice, whoever reads it: under one key, or in the same words in one thread. */
function twice(at: Place): readonly string[] {
  const said = saidBy(at.bot);
  const again = (all: readonly string[]) => all.filter((one, index) => all.indexOf(one) !== index);
  const inThreads = said.filter((one) => one.thread !== undefined && !one.words.includes("needs a person"));
  return [
    ...again(said.flatMap(({ key }) => (key === undefined ? [] : [key]))),
    ...again(inThreads.map((one) => `${one.place} ${one.words}`)),
  ].map((one) => `said twice: ${one}`);
}

function row(...cells: readonly (string | number)[]): void {
  const widths = [22, 9, 9, 6, 8, 7, 9];
  print(cells.map((cell, at) => String(cell).padEnd(widths[at] ?? 0)).join(" "));
}

async function run(at: Place, proxy: LossyProxy, lab: Daemons, wanted: readonly string[]): Promise<boolean> {
  const cloud = needed("OS_CLOUD");
  const administrator = process.env["OPERATOR_CLOUD"] ?? "";
  const seen = new Set<string>();
  let well = true;
  const unknown = wanted.filter((one) => ![UNDISTURBED, ANSWERS_ONLY, ...DAEMONS].includes(one));
  if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(", ")}`);
  row("daemon", "create s", "delete s", "lost", "retries", "mended", "setbacks", "verdict");
  for (const [index, daemon] of wanted.entries()) {
    const lostBefore = proxy.lost();
    const outage = DAEMONS.includes(daemon) ? outageOf(lab, daemon) : async () => undefined;
    proxy.lose(daemon === UNDISTURBED ? 0 : LOSS);
    const wrong: string[] = [];
    const mends = administrator === "" ? undefined : operator(administrator);
    const options = { cloud, name: `chaos${index}`, outage, operator: mends, wrong };
    const lived: Partial<Life> = await life(at, options).catch((error: unknown) => {
      wrong.push(String(error));
      return {};
    });
    wrong.push(...twice(at).filter((one) => !seen.has(one)));
    for (const one of wrong) seen.add(one);
    if (wrong.length > 0) well = false;
    const took = (seconds: number | undefined) => seconds?.toFixed(1) ?? "never";
    const counts = [
      proxy.lost() - lostBefore,
      lived.retries ?? "-",
      lived.mended ?? "-",
      lived.setbacks?.length ?? "-",
    ];
    row(daemon, took(lived.createSeconds), took(lived.deleteSeconds), ...counts, wrong.length > 0 ? "WRONG" : "well");
    for (const one of [...wrong, ...(lived.setbacks ?? [])]) process.stderr.write(`  ${one}\n`);
  }
  return well;
}

/** Whoever ends this run gets the cloud back with all its daemons, and no bot that works on. */
const interrupted = new Promise<never>((_, fail) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => fail(new Error(`ended by ${signal}`)));
});
const lab = daemons({ folder: needed("LAB"), up: needed("LAB_UP") });
const folder = mkdtempSync(join(tmpdir(), "kinvirt-chaos-"));
const proxy = lossyProxy();
let well = false;
try {
  const at = await place({ OS_CLIENT_CONFIG_FILE: await proxiedClouds(proxy, folder) });
  const named = process.argv.slice(2);
  const wanted = named.length > 0 ? named : [UNDISTURBED, ANSWERS_ONLY, ...DAEMONS];
  try {
    well = await Promise.race([run(at, proxy, lab, wanted), interrupted]);
  } finally {
    await at.leave();
    writeFileSync(join(folder, "bot.log"), at.bot.log());
    await lab.start();
  }
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
} finally {
  rmSync(join(folder, "clouds.yaml"), { force: true });
}
// A life that was interrupted would still wait for its end.
process.exit(well ? 0 : 1);
