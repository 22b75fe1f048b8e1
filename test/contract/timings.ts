import { rounds, seen } from "./timing-rounds.ts";

/*
 * `OS_CLOUD=team-a node test/contract/timings.ts [ROUNDS [WHAT…]]`: how long a real cloud takes for what it does after its
 * answer, from the answer of the request to the first look that shows it done, in ms. One thing at a time, looked at every
 * 50 ms. What it prints is the table in sandbox/openstack/timing.ts.
 */
function quantile(sorted: readonly number[], part: number): number {
  const at = part * (sorted.length - 1);
  const [below = 0, above = below] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return Math.round(below + (above - below) * (at % 1));
}

function print(): void {
  for (const [what, ms] of seen) {
    const sorted = ms.toSorted((a, b) => a - b);
    const row = [0.1, 0.5, 0.9].map((part) => quantile(sorted, part)).join(", ");
    process.stdout.write(`${what}: [${row}], // N=${sorted.length}\n`);
  }
}

const [times = "7", ...only] = process.argv.slice(2);
for (const [what, run] of Object.entries(rounds)) {
  if (only.length > 0 && !only.includes(what)) continue;
  for (let round = 0; round < Number(times); round += 1) {
    await run().catch((error: unknown) => process.stderr.write(`${what}, round ${round + 1}: ${String(error)}\n`));
  }
}
print();
