/** Calls a minute, and how many may come in one moment. */
interface Tier {
  readonly perMinute: number;
  readonly burst: number;
  readonly ofChannel?: true;
}

// https://docs.slack.dev/apis/web-api/rate-limits; the tier of a method is on its own page. Bursts are not in figures there.
const TIER_2: Tier = { perMinute: 20, burst: 20 };
const TIER_3: Tier = { perMinute: 50, burst: 50 };
const TIER_4: Tier = { perMinute: 100, burst: 100 };
const TIERS: Readonly<Record<string, Tier>> = {
  "chat.postMessage": { perMinute: 60, burst: 10, ofChannel: true },
  "chat.postEphemeral": TIER_4,
  "chat.update": TIER_3,
  "conversations.history": TIER_3,
  "conversations.replies": TIER_3,
  "usergroups.users.list": TIER_2,
  "users.info": TIER_4,
  "views.open": TIER_4,
  "views.publish": TIER_4,
  "views.update": TIER_4,
};
const MINUTE_MS = 60_000;

/** Seconds after which the method takes a call again; 0: it takes this one. */
export function rateLimits(nowMs: () => number): (method: string, channel: string) => number {
  const buckets = new Map<string, { readonly left: number; readonly atMs: number }>();
  return (method, channel) => {
    const tier = TIERS[method];
    if (tier === undefined) return 0;
    const key = tier.ofChannel === true ? `${method}/${channel}` : method;
    const now = nowMs();
    const before = buckets.get(key) ?? { left: tier.burst, atMs: now };
    const left = Math.min(tier.burst, before.left + ((now - before.atMs) * tier.perMinute) / MINUTE_MS);
    buckets.set(key, { left: left >= 1 ? left - 1 : left, atMs: now });
    return left >= 1 ? 0 : Math.ceil(((1 - left) * 60) / tier.perMinute);
  };
}
