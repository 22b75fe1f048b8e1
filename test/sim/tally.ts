/** What seeds came to. */
export interface Tally {
  readonly seeds: number;
  readonly failed: number;
  readonly lives: number;
  readonly effects: number;
  readonly deaths: number;
  readonly lost: number;
  /** In how many of them was what, in words. */
  readonly features: Readonly<Record<string, number>>;
}

export const NOTHING: Tally = { seeds: 0, failed: 0, lives: 0, effects: 0, deaths: 0, lost: 0, features: {} };

export function plus(one: Tally, other: Tally): Tally {
  const features = { ...one.features };
  for (const [what, seen] of Object.entries(other.features)) features[what] = (features[what] ?? 0) + seen;
  return {
    seeds: one.seeds + other.seeds,
    failed: one.failed + other.failed,
    lives: one.lives + other.lives,
    effects: one.effects + other.effects,
    deaths: one.deaths + other.deaths,
    lost: one.lost + other.lost,
    features,
  };
}

/** `times`: how often each seed was run. */
export function linesOf(tally: Tally, times: 1 | 2, seconds: number): readonly string[] {
  const { seeds, failed, lives, effects, deaths, lost, features } = tally;
  return [
    ...Object.entries(features)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, seen]) => `${String(seen).padStart(8)} ${what}`),
    `${seeds} seeds ${times === 1 ? "once" : "twice"}, ${failed} failed: ${lives} lives, ${effects} effects, ` +
      `${deaths} deaths, ${lost} lost calls, ${seconds.toFixed(1)} s, ${((times * lives) / seconds).toFixed(1)} lives/s`,
  ];
}
