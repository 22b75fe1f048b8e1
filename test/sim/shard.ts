import { spawn } from "node:child_process";
import { once } from "node:events";
import { FAMILIES } from "./weather.ts";

const SHARDS = 2;
const SEEDS = 300;
/** A busy machine is no failure. */
const TEST_MS_MAX = 600_000;

/** What each part of them has to have been through in some of its seeds. */
const COVERED: readonly string[] = [
  ...["1 control planes", "3 control planes", "0 workers", "1 workers", "two workers or more", "shared storage"],
  ...["a create is denied", "a create is cancelled", "a create is expired", "a dry run is approved"],
  ...["a delete is approved", "a delete is waiting", "two people approve", "logins are renewed", "data is kept"],
  ...["ready", "ready after setbacks", "something in ERROR is made anew", "blocked: failed"],
  ...["deleted halfway", "deleted when it had stopped", "a time to live ends", "a process dies"],
  ...["somebody lays hands on what is ready", "somebody wants a load balancer in a cluster"],
  ...["way: boots", "way: signed", "way: sqlite"],
  ...FAMILIES.map((family) => `weather: ${family}`),
];

/** What it prints. In a process of its own: through Jest's globals and transforms everything takes about twice as long. */
export async function simulation(...words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ["test/sim/main.ts", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const printed: string[] = [];
  for (const out of [child.stdout, child.stderr]) out.on("data", (chunk: Buffer) => void printed.push(String(chunk)));
  await once(child, "close");
  return printed.join("");
}

/** One part of them, so that test workers can share them. */
export function shard(number: 1 | 2): void {
  const own = SEEDS / SHARDS;
  const first = (number - 1) * own + 1;
  test(
    `${own} seeds from ${first} on come to a good end`,
    async () => {
      const said = await simulation("--once", "--from", String(first), "--seeds", String(own));
      const wrong = said.split("\n").filter((line) => !/^(seed \d+ ok: | +\d+ \S)/.test(line) && line !== "");
      expect(wrong).toEqual([expect.stringMatching(`^${own} seeds once, 0 failed: `)]);
      const seen = new Set([...said.matchAll(/^ +\d+ (\S.*)$/gm)].map(([, what = ""]) => what));
      expect(COVERED.filter((what) => !seen.has(what))).toEqual([]);
    },
    TEST_MS_MAX,
  );
}
