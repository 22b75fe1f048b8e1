import type { Redis, RedisOptions } from "ioredis";
import { lazy } from "./lazy.ts";

const CONNECT_MS = 1000;
const COMMAND_MS = 2000;
const RETRY_MS_MAX = 500;

type Options = Omit<RedisOptions, "replyMapping">;

const COMMON: Options = {
  lazyConnect: true,
  connectTimeout: CONNECT_MS,
  retryStrategy: (tries) => Math.min(tries * 50, RETRY_MS_MAX),
  // After a failover a connection may live on to a server that takes no more writes: the address leads to another by then.
  reconnectOnError: ({ message }) => message.includes("READONLY"),
};

const OPTIONS: Readonly<Record<"prompt" | "patient", Options>> = {
  /**
   * For commands that somebody waits for: they fail within seconds while the server is away, and none is sent twice, because
   * what was lost with its answer may have been done.
   */
  prompt: { ...COMMON, commandTimeout: COMMAND_MS, maxRetriesPerRequest: 1, autoResendUnfulfilledCommands: false },
  /** For a worker, which waits for as long as the server is away. */
  patient: { ...COMMON, maxRetriesPerRequest: null },
};

/**
 * ioredis never says "end" of a connection that is let go of between two of its tries, and who waits for that waits for ever, as
 * BullMQ does when a worker closes (redis/ioredis#2169, taskforcesh/bullmq#4656). One more try, given up at once, says it.
 */
function ending(Base: typeof Redis): typeof Redis {
  return class Ending extends Base {
    override disconnect(again = false): void {
      const isBetween = this.status === "reconnecting" && !again;
      super.disconnect(again);
      if (!isBetween) return;
      this.connect().catch(() => undefined);
      super.disconnect();
    }
    override duplicate(other?: Partial<RedisOptions>): Redis {
      return new Ending({ ...this.options, ...other } as Options);
    }
  };
}

/** A connection that is made at the first call, and again whenever it was lost. */
export function redisConnection(url: string, way: "prompt" | "patient" = "prompt") {
  let closed = false;
  /** Why there is no connection. A command itself only says that it has waited for one. */
  let trouble: Error | undefined;
  const made = lazy(async (): Promise<Redis> => {
    const { Redis } = await import("ioredis");
    const redis = new (ending(Redis))(url, OPTIONS[way]);
    redis.on("error", (error) => {
      trouble = error;
    });
    redis.on("ready", () => {
      trouble = undefined;
    });
    return redis;
  });
  const client = async (): Promise<Redis> => {
    if (closed) throw new Error("the connection to Redis is closed");
    return made();
  };
  return {
    client,
    async ask<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
      try {
        return await work(await client());
      } catch (error) {
        throw trouble ?? error;
      }
    },
    close: async (): Promise<void> => {
      closed = true;
      (await made.made())?.disconnect();
    },
  };
}
