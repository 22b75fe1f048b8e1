import { createHash } from "node:crypto";

const KEPT = 60;
const HASHED_CHARS = 16_384;

/** All that happened, as lines: hashed to compare two runs, the last ones kept for whoever looks for the cause. */
export interface Trace {
  say(line: string): void;
  /** The first of them ends the run. */
  fail(what: string): void;
  failure(): string | undefined;
  last(): readonly string[];
  hash(): string;
}

export function trace(nowMs: () => number, echo?: (line: string) => void): Trace {
  const hash = createHash("sha256");
  const startMs = nowMs();
  const lines: string[] = [];
  let failure: string | undefined;
  /** What was said since: one long text costs less than many short ones. */
  let unhashed = "";
  const settle = (): void => {
    hash.update(unhashed);
    unhashed = "";
  };
  const say = (text: string): void => {
    const line = `${((nowMs() - startMs) / 1000).toFixed(3).padStart(10)} ${text}`;
    unhashed += line;
    if (unhashed.length > HASHED_CHARS) settle();
    // What every sweep does says nothing to whoever looks for a cause.
    if (!/ store list /.test(text)) lines.push(line);
    if (lines.length > 2 * KEPT) lines.splice(0, KEPT);
    echo?.(line);
  };
  return {
    say,
    fail(what) {
      if (failure !== undefined) return;
      failure = what;
      say(`FAILS: ${what}`);
    },
    failure: () => failure,
    last: () => lines.slice(-KEPT),
    hash() {
      settle();
      return hash.copy().digest("hex");
    },
  };
}
