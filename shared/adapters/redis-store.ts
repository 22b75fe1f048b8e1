import type { Redis } from "ioredis";
import type { Entry, StateStore } from "../ports/store.ts";
import { type CasAdapter, keyvStore, paged, type Write } from "./keyv-store.ts";
import { redisConnection } from "./redis.ts";
import { newVersion } from "./version.ts";

// One slot of a cluster, so that a script may change all of them: each entry as "VERSION END VALUE" (END 0: never), all keys in
// their order, and the keys that end.
const [ROWS, KEYS, ENDS] = ["{kinvirt}:rows", "{kinvirt}:keys", "{kinvirt}:ends"];

/** Begins each script. `live` answers version, end and value of what has not expired. */
const COMMON = `
  local rows, keys, ends, now = KEYS[1], KEYS[2], KEYS[3], tonumber(ARGV[1])
  local function live(key)
    local row = redis.call('HGET', rows, key)
    if not row then return nil end
    local version, stop, value = string.match(row, '^(%S+) (%d+) (.*)$')
    if stop ~= '0' and tonumber(stop) <= now then return nil end
    return version, stop, value
  end
  local function drop(key)
    redis.call('ZREM', keys, key)
    redis.call('ZREM', ends, key)
    return redis.call('HDEL', rows, key)
  end
  local function write(key, version, stop, value)
    redis.call('HSET', rows, key, version .. ' ' .. stop .. ' ' .. value)
    redis.call('ZADD', keys, 0, key)
    if stop == '0' then redis.call('ZREM', ends, key) else redis.call('ZADD', ends, stop, key) end
    return 1
  end`;

const SCRIPTS = {
  get: `
    local version, _, value = live(ARGV[2])
    return version and { ARGV[2], value, version } or false`,
  set: "return write(ARGV[2], ARGV[3], ARGV[4], ARGV[5])",
  delete: "return drop(ARGV[2])",
  clear: "return redis.call('DEL', rows, keys, ends)",
  add: `
    if ARGV[4] ~= '0' then
      for _, key in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', now, 'LIMIT', 0, 100)) do drop(key) end
    end
    if live(ARGV[2]) then return 0 end
    return write(ARGV[2], ARGV[3], ARGV[4], ARGV[5])`,
  replace: `
    local version, stop = live(ARGV[2])
    if version ~= ARGV[4] then return 0 end
    return write(ARGV[2], ARGV[3], stop, ARGV[5])`,
  remove: `
    if live(ARGV[2]) ~= ARGV[3] then return 0 end
    return drop(ARGV[2])`,
  page: `
    local found, from = {}, ARGV[2]
    while #found < tonumber(ARGV[4]) * 3 do
      local some = redis.call('ZRANGEBYLEX', keys, from, ARGV[3], 'LIMIT', 0, ARGV[4])
      for _, key in ipairs(some) do
        local version, _, value = live(key)
        if version and #found < tonumber(ARGV[4]) * 3 then
          table.insert(found, key)
          table.insert(found, value)
          table.insert(found, version)
        end
        from = '(' .. key
      end
      if #some < tonumber(ARGV[4]) then break end
    end
    return found`,
} as const;

type Run = (name: keyof typeof SCRIPTS, ...values: readonly (string | number)[]) => Promise<unknown>;

/** State in Redis 6 or newer, or Valkey, below `{kinvirt}:`. `nowMs` decides what has expired. */
export const redisStore = (url: string, nowMs: () => number): StateStore => keyvStore(redisAdapter(url, nowMs));

function runner(ask: <T>(work: (redis: Redis) => Promise<T>) => Promise<T>, nowMs: () => number): Run {
  const known = new WeakSet<Redis>();
  return (name, ...values) =>
    ask(async (redis) => {
      if (!known.has(redis)) {
        for (const [each, lua] of Object.entries(SCRIPTS))
          redis.defineCommand(`kinvirt:${each}`, { numberOfKeys: 3, lua: `${COMMON}\n${lua}` });
        known.add(redis);
      }
      const command = Reflect.get(redis, `kinvirt:${name}`) as (...args: readonly unknown[]) => Promise<unknown>;
      return command.call(redis, ROWS, KEYS, ENDS, Math.floor(nowMs()), ...values);
    });
}

function redisAdapter(url: string, nowMs: () => number): CasAdapter {
  const { ask, close } = redisConnection(url);
  const run = runner(ask, nowMs);
  const done = async (answer: Promise<unknown>): Promise<boolean> => (await answer) === 1;
  const endOf = (ttlMs: number | undefined) => (ttlMs === undefined ? 0 : Math.ceil(nowMs() + ttlMs));
  const add = (key: string, { value, version, ttlMs }: Write) => done(run("add", key, version, endOf(ttlMs), value));
  const adapter: CasAdapter = {
    opts: { dialect: "redis" },
    on: () => adapter,
    get: async <Value>(key: string) => {
      const [entry] = entriesOf(await run("get", key));
      return entry === undefined ? undefined : { value: entry as Value };
    },
    set: async (key: string, value: string, ttlMs?: number) =>
      void (await run("set", key, newVersion(), endOf(ttlMs), value)),
    delete: (key) => done(run("delete", key)),
    clear: async () => void (await run("clear")),
    disconnect: close,
    swap: async (key, expected, next) => {
      if (expected === undefined) return next !== undefined && add(key, next);
      if (next === undefined) return done(run("remove", key, expected));
      return done(run("replace", key, next.version, expected, next.value));
    },
    clockMs: async () => {
      const [seconds, micros] = await ask((redis) => redis.time());
      return Number(seconds) * 1000 + Number(micros) / 1000;
    },
    list: (prefix) =>
      paged(async (_prefix, after, limit) => {
        const from = after === "" ? `[${prefix}` : `(${after}`;
        return entriesOf(await run("page", from, `(${prefix}\u007f`, limit));
      }, prefix),
  };
  return adapter;
}

/** Key, value and version, one after the other. */
function entriesOf(answer: unknown): readonly Entry[] {
  const flat = Array.isArray(answer) ? answer.map(String) : [];
  return Array.from({ length: flat.length / 3 }, (_, at) => ({
    key: flat[at * 3] ?? "",
    value: flat[at * 3 + 1] ?? "",
    version: flat[at * 3 + 2] ?? "",
  }));
}
