import type { Deps } from "../../shared/ports/deps.ts";
import type { StateStore } from "../../shared/ports/store.ts";
import { BEAT_MS, beat, DEAD_MS, isDead } from "../../shared/state/processes.ts";

// A lease lasts for half a minute because whoever stalls is to keep it. Of a process that is known to be dead nothing is waited
// for: its leases are others' at once.

const TOKEN_LENGTH = 12;
/** For so long nobody asks again whether another lives. */
const ASKED_MS = 1000;
const NAMES_MAX = 1000;

type Living = Pick<Deps, "store" | "clock" | "chance">;

interface Life {
  readonly name: string;
  readonly beats: number;
  /** When it was said last, by this process's own clock. */
  readonly saidMs: number;
}

const lives = new WeakMap<StateStore, Life>();
const others = new WeakMap<StateStore, Map<string, { readonly dead: boolean; readonly atMs: number }>>();

/** To be called every BEAT_MS by a process that works for longer than one message. @throws StoreError */
export async function stayAlive(deps: Living): Promise<void> {
  const saidMs = deps.clock.nowMs();
  const { name, beats } = lives.get(deps.store) ?? { name: deps.chance.token(TOKEN_LENGTH), beats: 0 };
  if (await beat(deps, name, beats + 1)) lives.set(deps.store, { name, beats: beats + 1, saidMs });
}

/** Who holds what is held now: `<process>.<token>`, or a token alone where nobody could know that the process is dead. */
export function newHolder({ store, clock, chance }: Living): string {
  const life = lives.get(store);
  const token = chance.token(TOKEN_LENGTH);
  return life !== undefined && clock.nowMs() - life.saidMs < DEAD_MS - BEAT_MS ? `${life.name}.${token}` : token;
}

/** Whether the process that held it is dead. One that only stalls has lost what it held, and finds that out as it writes. */
export async function hasDied({ store, clock }: Omit<Living, "chance">, holder: string): Promise<boolean> {
  const [name = "", token] = holder.split(".");
  if (token === undefined || name === lives.get(store)?.name) return false;
  const known = others.get(store) ?? new Map();
  others.set(store, known);
  const before = known.get(name);
  if (before !== undefined && (before.dead || clock.nowMs() - before.atMs < ASKED_MS)) return before.dead;
  const dead = await isDead({ store, clock }, name);
  if (known.size >= NAMES_MAX) known.clear();
  known.set(name, { dead, atMs: clock.nowMs() });
  return dead;
}
