import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../shared/adapters/stores.ts";
import { append, auditKey } from "../../shared/state/audit.ts";

// Goal: whoever runs kinvirt checks and exports the audit log with nothing but the store at hand, and a script can tell
// whether all is well.
const NOW_MS = 1_767_268_800_000;
const folder = mkdtempSync(join(tmpdir(), "kinvirt-audit-"));
const url = `sqlite://${join(folder, "state.db")}`;
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const store = openStore(url, () => NOW_MS);
  for (const [tenant, key] of ["team-a", "team-a", "team-a", "team-b"].map((one, at) => [one, `e${at}`] as const)) {
    const cluster = { id: "k1", name: "dev" };
    const atMs = key === "e0" ? 1000 : 32_503_680_000_000;
    await append(store, tenant, { key, atMs, actor: "U0DEV", what: "request.asked", cluster });
  }
  await store.close();
});

/** Runs it beside others: a start of Node takes longest. */
async function run(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { PATH: process.env["PATH"] ?? "", KINVIRT_STORE: url };
  const child = spawn(process.execPath, ["functions/audit.ts", ...args], { env });
  const said = { out: "", err: "" };
  child.stdout.on("data", (text) => (said.out += text));
  child.stderr.on("data", (text) => (said.err += text));
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, ...said };
}

test("verify: each chain with its end, then what broke it; an end that was kept is held against it", async () => {
  const whole = await run("verify");
  expect(whole.err).toBe("");
  const end = /^team-a: 3 records, whole\. Its end: (team-a:3:[0-9a-f]{64})\nteam-b: 1 records, whole\./.exec(
    whole.out,
  )?.[1];
  expect(end).toBeDefined();
  expect(whole.code).toBe(0);

  const store = openStore(url, () => NOW_MS);
  const last = await store.get(auditKey("team-a", 3));
  await store.delete(auditKey("team-a", 3));
  const [unseen, cut] = await Promise.all([run("verify"), run("verify", "--anchor", end ?? "")]);
  expect([unseen.code, cut.code]).toEqual([0, 1]);
  expect(cut.out).toContain(
    "team-a: BROKEN at record 3: the chain ends at 2, and it was at 3 before: its end was cut off",
  );
  await store.putIfAbsent(auditKey("team-a", 3), (last?.value ?? "").replace("U0DEV", "U0OTHER"));
  const forged = await run("verify");
  expect(forged.code).toBe(1);
  expect(forged.out).toMatch(
    /^team-a: BROKEN at record 3: the record 3 was changed after it was written\. The 2 before it are whole\.\nteam-b: 1/,
  );
  await store.close();
}, 30_000);

test("export: an event a line, of one tenant, since then; and what to type", async () => {
  const [all, since, stranger, none, bad, anchor] = await Promise.all([
    run("export", "--tenant", "team-a"),
    run("export", "--tenant", "team-a", "--since", "7d"),
    run("export", "--tenant", "team-x"),
    run("export"),
    run("export", "--tenant", "team-a", "--since", "soon"),
    run("verify", "--anchor", "team-a:3"),
  ]);
  const lines = all.out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly id: string });
  expect(lines.map(({ id }) => id)).toEqual(["kinvirt:team-a:1", "kinvirt:team-a:2", "kinvirt:team-a:3"]);
  expect(all.code).toBe(0);
  expect(since.out.trimEnd().split("\n")).toHaveLength(2);
  expect([stranger, none, bad, anchor].map(({ code, err }) => [code, err.split("\n")[0]])).toEqual([
    [2, 'There is no audit log of "team-x": check --tenant and KINVIRT_STORE.'],
    [2, "Of which tenant? Write --tenant TENANT."],
    [2, '"soon" is not a time: write 12h or 7d.'],
    [2, '"team-a:3" is not an anchor: write TENANT:NUMBER:HASH as verify prints it.'],
  ]);
}, 30_000);
