import * as z from "zod";
import { type Entry, type StateStore, StoreError } from "../ports/store.ts";
import { type Sealer, sealer } from "./slack-token-seal.ts";

const pair = z.object({
  /** `xoxe.xoxb-…` */
  token: z.string(),
  /** `xoxe-1-…`: what the next token is had for, once. */
  refresh: z.string(),
  /** When Slack takes the token no more. */
  endsMs: z.number(),
});
export type Pair = z.infer<typeof pair>;

export interface Kept {
  readonly pair: Pair;
  readonly version: string;
}

export interface Pairs {
  /** Undefined: nothing has come of the first refresh token yet. */
  read(): Promise<Kept | undefined>;
  /** False: somebody else has written since `before` was read. */
  write(pair: Pair, before: Kept | undefined): Promise<boolean>;
  /** Whether this process alone may spend the refresh token, for so long. */
  lease(seconds: number): Promise<boolean>;
  /** Before its end: others need not wait for it. */
  release(): Promise<void>;
}

function opened({ key, value, version }: Entry, { open }: Sealer): Kept {
  const text = open(String(JSON.parse(value)));
  if (text === undefined) throw new StoreError(`${key} was not written by kinvirt`);
  return { pair: pair.parse(JSON.parse(text)), version };
}

/**
 * Where all processes find the tokens that came of one first refresh token. They are sealed with a key that is derived from it:
 * whoever reads the store, or a copy of it, has nothing, and it is a secret that every process has. Another first token is
 * another place, so processes that were started with the old one and with the new one don't disturb each other.
 */
export function pairsOf(store: StateStore, firstRefresh: string): Pairs {
  const seal = sealer(firstRefresh, "slack-token");
  const key = `slack-token/${seal.name}`;
  const leaseKey = `slack-token-lease/${seal.name}`;
  return {
    async read() {
      const entry = await store.get(key);
      return entry === undefined ? undefined : opened(entry, seal);
    },
    async write(next, before) {
      const value = JSON.stringify(seal.seal(JSON.stringify(next)));
      const written = before === undefined ? store.putIfAbsent(key, value) : store.replace(key, value, before.version);
      return (await written) !== false;
    },
    lease: async (seconds) => (await store.putIfAbsent(leaseKey, "1", seconds)) !== false,
    release: async () => void (await store.delete(leaseKey)),
  };
}
