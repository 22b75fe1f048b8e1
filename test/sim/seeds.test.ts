import { simulation } from "./apart.ts";
import { FAMILIES } from "./weather.ts";

// Goal: whatever fails, dies, stalls or comes twice, every life of these seeds comes to a good end.
const SEEDS = 1000;
/** Processes side by side. */
const CORES = 2;
/** A busy machine is no failure. */
const TEST_MS_MAX = 600_000;

/** What some of them have to have been through. */
const COVERED: readonly string[] = [
  ...["1 control planes", "3 control planes", "0 workers", "1 workers", "two workers or more", "shared storage"],
  ...["a create is denied", "a create is cancelled", "a create is expired", "a dry run is approved"],
  ...["a delete is approved", "a delete is waiting", "two people approve", "logins are renewed", "data is kept"],
  ...["ready", "ready after setbacks", "something in ERROR is made anew", "blocked: failed"],
  ...["deleted halfway", "deleted when it had stopped", "a time to live ends", "a process dies"],
  ...["somebody lays hands on what is ready", "somebody wants a load balancer in a cluster"],
  ...["something comes when its cluster has gone", "what was never built is made anew"],
  ...["way: boots", "way: signed", "way: sqlite"],
  ...FAMILIES.map((family) => `weather: ${family}`),
];

test(
  `${SEEDS} seeds come to a good end, and have been through all that lives go through`,
  async () => {
    const said = await simulation("--once", "--seeds", `${SEEDS}`, "--cores", `${CORES}`);
    const wrong = said.split("\n").filter((line) => !/^(seed \d+ ok: | +\d+ \S)/.test(line) && line !== "");
    expect(wrong).toEqual([expect.stringMatching(`^${SEEDS} seeds once, 0 failed: `)]);
    const seen = new Set([...said.matchAll(/^ +\d+ (\S.*)$/gm)].map(([, what = ""]) => what));
    expect(COVERED.filter((what) => !seen.has(what))).toEqual([]);
  },
  TEST_MS_MAX,
);
