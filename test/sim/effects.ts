import type { World } from "./world.ts";

export type Kind = "cloud" | "store" | "queue" | "slack";

/** The part of a process that its effects look at and change. */
export interface Body {
  readonly name: string;
  alive(): boolean;
  /** It does nothing before this moment. */
  resumeMs(): number;
  stall(untilMs: number): void;
  die(): void;
}

interface Act<T> {
  readonly kind: Kind;
  readonly what: string;
  run(): Promise<T>;
  /** What the caller gets when the answer, or the whole call, is lost. */
  lost(how: "before" | "after"): Error;
  /** A caller that waits for no longer than this. */
  readonly timeoutMs?: number;
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

export type Effect = <T>(act: Act<T>) => Promise<T>;

type Span = readonly [leastMs: number, mostMs: number];

/** To get there, and as long back. */
const PACE: Readonly<Record<Kind, Span>> = {
  cloud: [5, 120],
  store: [1, 4],
  queue: [1, 4],
  slack: [30, 150],
};
const HANG_MS_MAX = 55_000;
/** Several times as many as the busiest world has had. */
const EFFECTS_MAX = 50_000;
/** Longer than a lease; some for so long that a successor has come to its end. */
const STALLS: readonly [Span, ...Span[]] = [
  [31_000, 60_000],
  [60_000, 300_000],
];

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** The call's own doing, which takes no virtual time. */
async function outcomeOf<T>(run: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await run() };
  } catch (error) {
    return { error };
  }
}

/**
 * Every call of one process to what outlives it. It lands after a while, and its answer comes back after another while: the
 * process may have died or been stopped in between, and then what is under way lands or is lost, and nobody hears of it.
 */
export function effects(world: World, body: Body): Effect {
  const { time, trace, counts } = world;
  const draws = world.draw.fork(`effects/${body.name}`);
  const lossOf = (kind: Kind): number => world.weather[kind === "cloud" ? "lost" : kind];

  function fate(kind: Kind): "before" | "after" | undefined {
    if (!draws.yes(lossOf(kind))) return undefined;
    counts.lost += 1;
    return draws.pick(["before", "after"]);
  }

  function wayThere(kind: Kind): number {
    const usual = draws.between(...PACE[kind]) * (kind === "cloud" ? world.weather.slow : 1);
    return kind === "cloud" && draws.yes(world.weather.hang) ? draws.between(1000, HANG_MS_MAX) : usual;
  }

  async function land<T>(act: Act<T>): Promise<Outcome<T> | undefined> {
    const orphan = !body.alive();
    if (orphan && draws.yes(0.5)) return undefined;
    counts.effects += 1;
    const number = counts.effects;
    const befalls = fate(act.kind);
    const outcome = befalls === "before" ? { error: act.lost("before") } : await outcomeOf(act.run);
    const how = befalls === undefined ? ("error" in outcome ? " !" : "") : ` lost ${befalls}`;
    trace.say(`#${number} ${body.name} ${act.kind} ${act.what}${how}${orphan ? " (of the dead)" : ""}`);
    if (counts.effects === EFFECTS_MAX) trace.fail(`${EFFECTS_MAX} effects: something is done again and again`);
    if (body.alive() && (world.deathAt === number || draws.yes(world.weather.death))) body.die();
    else if (draws.yes(world.weather.stall)) body.stall(time.nowMs() + draws.between(...draws.pick(STALLS)));
    return befalls === "after" ? { error: act.lost("after") } : outcome;
  }

  return (act) => {
    if (!body.alive() || counts.effects >= EFFECTS_MAX) return never();
    return new Promise((resolve, reject) => {
      let open = true;
      const answer = (afterMs: number, say: () => void): void => {
        const due = (): void => {
          if (!body.alive() || !open) return;
          if (time.nowMs() < body.resumeMs()) time.at(body.resumeMs(), due);
          else {
            open = false;
            say();
          }
        };
        time.at(time.nowMs() + afterMs, due);
      };
      const backMs = draws.between(...PACE[act.kind]);
      const sentMs = Math.max(time.nowMs(), body.resumeMs());
      const thereMs = wayThere(act.kind);
      const { timeoutMs } = act;
      time.at(sentMs + thereMs, async () => {
        const outcome = await land(act);
        if (outcome === undefined) return;
        answer(backMs, () => ("error" in outcome ? reject(outcome.error) : resolve(outcome.value)));
      });
      if (timeoutMs !== undefined && thereMs + backMs > timeoutMs) {
        const late = sentMs - time.nowMs() + timeoutMs;
        answer(late, () => reject(act.lost("after")));
      }
    });
  };
}
