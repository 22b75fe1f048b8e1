import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { SlackError } from "../ports/slack.ts";
import { type StateStore, StoreError } from "../ports/store.ts";
import type { SlackTokens } from "./slack-token.ts";
import { exchange, type SlackApp } from "./slack-token-exchange.ts";
import { type Kept, type Pair, pairsOf } from "./slack-token-pairs.ts";

/** A token is renewed so long before its end, so that there is time for whatever stands in the way. */
const EARLY_MS = 2 * 3_600_000;
/** Longer than a renewal takes, and no longer: once its holder has died, Slack takes a spent token for a short time only. */
const LEASE_SECONDS = 12;
const PATIENCE_MS = 4000;
const PAUSE_MS = 200;
/** While the old one still serves. */
const AGAIN_MS = 60_000;

export interface Rotation extends SlackApp {
  /** The first refresh token: `xoxe-1-…`. */
  readonly refreshToken: string;
}

interface Outside {
  readonly store: StateStore;
  readonly clock: Clock;
  readonly log: Log;
}

interface Renewal {
  /** A pair whose token is not `refused` and has hours before it. @throws SlackError, StoreError */
  renew(refused: string | undefined): Promise<Pair>;
  /** Writes what the store was away for. @throws StoreError */
  save(): Promise<void>;
}

/** `saw` hears of each pair that is found or had. */
function renewal({ refreshToken, ...app }: Rotation, outside: Outside, saw: (pair: Pair) => void): Renewal {
  const { store, clock, log } = outside;
  const { read, write, lease, release } = pairsOf(store, refreshToken);
  const ask = exchange(app, clock);
  let unsaved: { readonly pair: Pair; readonly before: Kept | undefined; readonly leaseEndsMs: number } | undefined;

  async function seen(): Promise<Kept | undefined> {
    const kept = await read();
    if (kept !== undefined) saw(kept.pair);
    return kept;
  }
  const serves = ({ token, endsMs }: Pair, refused: string | undefined): boolean =>
    token !== refused && clock.nowMs() < endsMs - EARLY_MS;

  async function save(): Promise<void> {
    while (unsaved !== undefined) {
      const { pair, before, leaseEndsMs } = unsaved;
      const written = await write(pair, before);
      const other = written ? undefined : await seen();
      // Who has written in between had the lease before us, and an older token; or after us, when ours has ended.
      const older = other !== undefined && clock.nowMs() < leaseEndsMs;
      unsaved = older ? { pair, before: other, leaseEndsMs } : undefined;
      if (older) saw(pair);
    }
  }

  /** With the lease. */
  async function spend(refused: string | undefined, leaseEndsMs: number): Promise<Pair> {
    const before = await seen();
    if (before !== undefined && serves(before.pair, refused)) return before.pair;
    const pair = await ask(before?.pair.refresh ?? refreshToken);
    // The old refresh token is worth nothing from here on: this process knows the new one also when the store is away.
    unsaved = { pair, before, leaseEndsMs };
    saw(pair);
    log.info("slack.renewed", { endsMs: pair.endsMs });
    try {
      await save();
      // After a failure it stays: whoever comes next would only fail sooner.
      if (clock.nowMs() < leaseEndsMs) await release();
    } catch (error) {
      log.error("slack.unsaved", { error: String(error) });
    }
    return pair;
  }

  return {
    save,
    async renew(refused) {
      await save();
      const begunMs = clock.nowMs();
      while (clock.nowMs() - begunMs < PATIENCE_MS) {
        const kept = await seen();
        if (kept !== undefined && serves(kept.pair, refused)) return kept.pair;
        const leaseEndsMs = clock.nowMs() + LEASE_SECONDS * 1000;
        if (await lease(LEASE_SECONDS)) return spend(refused, leaseEndsMs);
        await clock.wait(PAUSE_MS);
      }
      throw new SlackError(
        "no_answer",
        "Slack's token is not renewed yet: another process is at it, or has just failed",
      );
    },
  };
}

/**
 * Tokens of an app with token rotation: each lives for twelve hours, and is had for a refresh token that can be spent once.
 * One process at a time spends it, and all find what came of it in the store.
 */
export function rotatedTokens(rotation: Rotation, outside: Outside): SlackTokens {
  const { clock, log } = outside;
  let known: Pair | undefined;
  let againMs = 0;
  let under: Promise<Pair> | undefined;
  const { renew, save } = renewal(rotation, outside, (pair) => {
    known = pair;
  });

  async function renewed(refused?: string): Promise<string> {
    under ??= renew(refused).finally(() => {
      under = undefined;
    });
    try {
      return (await under).token;
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const failed = error instanceof StoreError ? new SlackError("no_answer", `Slack's token: ${said}`) : error;
      log.error("slack.token", { error: said });
      throw failed;
    }
  }
  const lives = (ms: number): boolean => known !== undefined && clock.nowMs() + ms < known.endsMs;

  return {
    async current() {
      if (known !== undefined && lives(clock.nowMs() < againMs ? 0 : EARLY_MS)) {
        await save().catch(() => undefined);
        return known.token;
      }
      try {
        return await renewed();
      } catch (error) {
        if (known === undefined || !lives(0)) throw error;
        againMs = clock.nowMs() + AGAIN_MS;
        return known.token;
      }
    },
    async instead(refused) {
      return known !== undefined && known.token !== refused && lives(0) ? known.token : renewed(refused);
    },
  };
}
