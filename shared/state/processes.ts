import type { Clock } from "../ports/clock.ts";
import type { StateStore } from "../ports/store.ts";

/** How often a process that works says that it lives. */
export const BEAT_MS = 2000;
/** Who has said nothing for so long is dead, or as good as that: it has lost what it held. */
export const DEAD_MS = 8000;
/** A beat is of no use to anybody after that. */
const KEPT_SECONDS = 60;

type Where = { readonly store: StateStore; readonly clock: Clock };

/** The time as nobody else can have another: the store's own, or that of the only machine. Undefined: there is none. */
async function commonMs({ store, clock }: Where): Promise<number | undefined> {
  if (store.clockMs !== undefined) return store.clockMs();
  return clock.skewMs?.() === 0 ? clock.nowMs() : undefined;
}

/** Says that the process of this name lives, the `count`th time. False: there is no time that all agree on. */
export async function beat(where: Where, name: string, count: number): Promise<boolean> {
  const nowMs = await commonMs(where);
  if (nowMs === undefined) return false;
  return (await where.store.putIfAbsent(`beat/${name}/${count}`, String(nowMs), KEPT_SECONDS)) !== false;
}

/** Of a process that has ever said that it lives: whether it has not for too long. */
export async function isDead(where: Where, name: string): Promise<boolean> {
  const nowMs = await commonMs(where);
  if (nowMs === undefined) return false;
  for await (const { value } of where.store.list(`beat/${name}/`)) if (nowMs - Number(value) < DEAD_MS) return false;
  return true;
}
