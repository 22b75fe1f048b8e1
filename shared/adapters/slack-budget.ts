/**
 * What Slack takes of one app in one workspace: by method, and of posts by channel too.
 * Source: https://docs.slack.dev/apis/web-api/rate-limits and the pages of the methods. How much comes at once it only calls
 * "short bursts" and "sporadic bursts"; these are cautious, because what it then refuses it refuses for everybody.
 */
interface Limit {
  readonly perMinute: number;
  readonly atOnce: number;
  readonly each: "channel" | "workspace";
  /** What progress leaves of it to what people wait for. */
  readonly kept: number;
}

const TIER_3 = { perMinute: 50, atOnce: 25, each: "workspace", kept: 10 } as const;

const LIMITS: Readonly<Record<string, Limit>> = {
  "chat.postMessage": { perMinute: 60, atOnce: 5, each: "channel", kept: 2 },
  "chat.update": TIER_3,
  "conversations.history": TIER_3,
  "conversations.replies": TIER_3,
};

const MINUTE_MS = 60_000;

export interface Wanted {
  readonly method: string;
  readonly channel: string;
  /** The message whose progress it tells, one of many; undefined: what people wait for. */
  readonly progressOf: string | undefined;
}

interface Bucket {
  left: number;
  atMs: number;
  /** Until then the calls that were put off have been given their time. */
  givenMs: number;
  /** When each message's progress was told last. */
  readonly shown: Map<string, number>;
}

/**
 * Seconds to wait before this call; 0: it may be made, and is counted. Whoever has to wait is given a time of its own, so that
 * those who come back don't come back together. Progress is shown to as many messages as there are, each in turn: with fifty
 * of them, each once in a minute.
 */
export function slackBudget(nowMs: () => number): (wanted: Wanted) => number {
  const buckets = new Map<string, Bucket>();

  function bucketOf({ method, channel }: Wanted, limit: Limit): Bucket {
    const key = limit.each === "channel" ? `${method}/${channel}` : method;
    const now = nowMs();
    const before = buckets.get(key) ?? { left: limit.atOnce, atMs: now, givenMs: now, shown: new Map() };
    const filled = before.left + ((now - before.atMs) * limit.perMinute) / MINUTE_MS;
    const bucket = { ...before, left: Math.min(limit.atOnce, filled), atMs: now };
    buckets.set(key, bucket);
    return bucket;
  }

  /** How long this message's progress has to wait for its turn among all that were shown within a minute. */
  function turnMs({ shown }: Bucket, message: string, stepMs: number): number {
    const now = nowMs();
    for (const [one, atMs] of shown) if (now - atMs > MINUTE_MS) shown.delete(one);
    const last = shown.get(message);
    return last === undefined ? 0 : Math.max(0, last + stepMs * shown.size - now);
  }

  return (wanted) => {
    const limit = LIMITS[wanted.method];
    if (limit === undefined) return 0;
    const { progressOf } = wanted;
    const stepMs = MINUTE_MS / limit.perMinute;
    const bucket = bucketOf(wanted, limit);
    const needed = progressOf === undefined ? 1 : 1 + limit.kept;
    const turn = progressOf === undefined ? 0 : turnMs(bucket, progressOf, stepMs);
    if (bucket.left >= needed && turn === 0) {
      bucket.left -= 1;
      if (progressOf !== undefined) bucket.shown.set(progressOf, nowMs());
      return 0;
    }
    if (progressOf !== undefined) return Math.max(turn, stepMs) / 1000;
    bucket.givenMs = Math.max(bucket.givenMs, nowMs() + (1 - bucket.left) * stepMs - stepMs) + stepMs;
    return (bucket.givenMs - nowMs()) / 1000;
  };
}
