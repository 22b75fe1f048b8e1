import process from "node:process";
import { parseArgs } from "node:util";
import { type AuditPlace, auditPlace } from "../shared/cluster/audit-event.ts";
import type { StateStore } from "../shared/ports/store.ts";
import { AUDIT, readRecord } from "../shared/state/audit.ts";
import { cadfEvents } from "../shared/state/audit-cadf.ts";
import { type Verdict, verify } from "../shared/state/audit-verify.ts";
import { parseDuration } from "../shared/units.ts";
import { composeStore } from "./compose.ts";

const USAGE = `npm run audit:verify [-- --anchor TENANT:NUMBER:HASH]…
npm run audit:export -- --tenant TENANT [--since 7d]

Both read the store that KINVIRT_STORE names. verify walks every chain. export writes one CADF event (DMTF DSP0262) a line.
Exit code: 0 when all is well, 1 when a chain is broken, 2 when nothing could be read.
`;
const OPTIONS = {
  tenant: { type: "string" },
  since: { type: "string" },
  anchor: { type: "string", multiple: true },
} as const;

const say = (words: string): void => void process.stderr.write(words);

/** `team-a:34:9f86…`: what a verify has printed before, and what was kept of it. */
function anchorsOf(texts: readonly string[]): Readonly<Record<string, AuditPlace>> {
  const read = texts.map((text) => {
    const [tenant = "", seq, hash] = text.split(":");
    const place = auditPlace.safeParse({ seq: Number(seq), hash });
    if (!place.success || !/^[0-9a-f]{64}$/.test(place.data.hash))
      throw new Error(`"${text}" is not an anchor: write TENANT:NUMBER:HASH as verify prints it.`);
    return [tenant, place.data] as const;
  });
  return Object.fromEntries(read);
}

const verdictLine = ({ tenant, records, end, broken }: Verdict): string =>
  broken === undefined
    ? `${tenant}: ${records} records, whole. Its end: ${tenant}:${end.seq}:${end.hash}\n`
    : `${tenant}: BROKEN at record ${broken.seq}: ${broken.why}. The ${records} before it are whole.\n`;

async function verifyAll(store: StateStore, anchors: Readonly<Record<string, AuditPlace>>): Promise<number> {
  const verdicts = await verify(store, anchors);
  for (const verdict of verdicts) process.stdout.write(verdictLine(verdict));
  if (verdicts.length === 0) {
    say("This store has no audit log: check KINVIRT_STORE.\n");
    return 2;
  }
  return verdicts.some(({ broken }) => broken !== undefined) ? 1 : 0;
}

/** Records that can't be read are told and left out: an export of the rest is worth more than none. */
async function exportOne(store: StateStore, tenant: string, sinceMs: number): Promise<number> {
  let [records, unreadable] = [0, 0];
  for await (const { key, value } of store.list(`${AUDIT}${tenant}/`)) {
    const record = readRecord(value);
    records += 1;
    if (record === undefined) {
      unreadable += 1;
      say(`${key} can't be read.\n`);
    } else if (record.atMs >= sinceMs) {
      for (const event of cadfEvents(record)) process.stdout.write(`${JSON.stringify(event)}\n`);
    }
  }
  if (records === 0) say(`There is no audit log of "${tenant}": check --tenant and KINVIRT_STORE.\n`);
  return records === 0 ? 2 : unreadable === 0 ? 0 : 1;
}

/** The exit code. @throws Error with a sentence for people. */
async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { tenant, since, anchor = [] } = values;
  const [what] = positionals;
  const seconds = since === undefined ? undefined : parseDuration(since);
  if (what !== "verify" && what !== "export") throw new Error("What shall be done with the audit log?");
  if (what === "export" && tenant === undefined) throw new Error("Of which tenant? Write --tenant TENANT.");
  if (since !== undefined && seconds === undefined) throw new Error(`"${since}" is not a time: write 12h or 7d.`);
  const anchors = anchorsOf(anchor);
  const composed = composeStore();
  if ("problems" in composed) {
    say(composed.problems.map((one) => `${one}\n`).join(""));
    return 2;
  }
  const { store, clock } = composed;
  try {
    if (what === "verify") return await verifyAll(store, anchors);
    return await exportOne(store, tenant ?? "", seconds === undefined ? 0 : clock.nowMs() - seconds * 1000);
  } finally {
    await store.close();
  }
}

/** A pipe that is closed early (`| head`) is the reader's wish. */
process.stdout.on("error", () => process.exit(0));
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
