import { AsyncLocalStorage } from "node:async_hooks";

interface Peak {
  window: number;
  sum: number;
  most: number;
  atMs: number;
}

/** Sums by cause (a function, and of `reconcile` its message) and thing (`rru`, `slack chat.update`), and the busiest window of each thing that has one. */
export interface Ledger {
  add(what: string, amount?: number): void;
  /** Counted in windows of so many ms; only the fullest of each name is kept. */
  busy(name: string, windowMs: number, amount?: number): void;
  /** What is counted within is counted as caused by this. */
  caused<T>(by: string, work: () => Promise<T>): Promise<T>;
  /** What was counted so far was not. */
  forget(): void;
  causes(): readonly string[];
  /** Of one cause, or of all. */
  sum(what: string, by?: string): number;
  /** Every thing of which its name begins so, with its sum. */
  all(prefix: string): readonly (readonly [string, number])[];
  /** The fullest windows of names that begin so, the fullest first. */
  peaks(prefix: string): readonly { readonly name: string; readonly most: number; readonly atMs: number }[];
}

export function ledger(nowMs: () => number): Ledger {
  const causes = new Map<string, Map<string, number>>();
  const peaks = new Map<string, Peak>();
  const running = new AsyncLocalStorage<string>();
  const sum = (what: string, by?: string): number => {
    let total = 0;
    for (const [cause, sums] of causes) if (by === undefined || by === cause) total += sums.get(what) ?? 0;
    return total;
  };
  return {
    add(what, amount = 1) {
      const by = running.getStore() ?? "nobody";
      const sums = causes.get(by) ?? new Map<string, number>();
      causes.set(by, sums);
      sums.set(what, (sums.get(what) ?? 0) + amount);
    },
    busy(name, windowMs, amount = 1) {
      const window = Math.floor(nowMs() / windowMs);
      const peak = peaks.get(name) ?? { window, sum: 0, most: 0, atMs: 0 };
      peaks.set(name, peak);
      if (peak.window !== window) Object.assign(peak, { window, sum: 0 });
      peak.sum += amount;
      if (peak.sum > peak.most) Object.assign(peak, { most: peak.sum, atMs: window * windowMs });
    },
    caused: (by, work) => running.run(by, work),
    forget() {
      causes.clear();
      peaks.clear();
    },
    causes: () => [...causes.keys()].sort(),
    sum,
    all(prefix) {
      const names = new Set([...causes.values()].flatMap((sums) => [...sums.keys()]));
      const found = [...names].filter((name) => name.startsWith(prefix)).sort();
      return found.map((name) => [name, sum(name)] as const);
    },
    peaks: (prefix) =>
      [...peaks]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { most, atMs }]) => ({ name, most, atMs }))
        .sort((a, b) => b.most - a.most),
  };
}
