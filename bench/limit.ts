import type { Ids, Item } from "./bare.ts";

const LOOK_MS = 500;
type Wait = (ms: number) => Promise<void>;

async function until(id: string, look: ((id: string) => Promise<boolean>) | undefined, wait: Wait): Promise<void> {
  while (look !== undefined && !(await look(id))) await wait(LOOK_MS);
}

/** Each call the moment that what it needs is there; resolves with the ids. */
export async function makeAll(items: readonly Item[], wait: Wait): Promise<Ids> {
  const ids: Record<string, string> = {};
  const made = new Map<string, Promise<void>>();
  const ready = new Map<string, Promise<void>>();
  const all = (steps: readonly string[], of: ReadonlyMap<string, Promise<void>>) =>
    Promise.all(steps.map((s) => of.get(s)));
  const begin = (item: Item): void => {
    const making = async (): Promise<void> => {
      // Names need an address that is known, not one that leads anywhere.
      await Promise.all(item.needs.map((step) => (step.startsWith("fip-") ? made : ready).get(step)));
      ids[item.step] = await item.make(ids);
    };
    const one = Promise.resolve().then(making);
    made.set(item.step, one);
    const whole = async (): Promise<void> => {
      await one;
      await until(ids[item.step] ?? "", item.ready, wait);
      await all(item.finish?.needs ?? [], ready);
      await item.finish?.run(ids);
    };
    ready.set(item.step, whole());
  };
  for (const item of items) begin(item);
  await Promise.all(ready.values());
  return ids;
}

/** The other way round: each goes the moment that nothing needs it any more. */
export async function dropAll(items: readonly Item[], ids: Ids, wait: Wait): Promise<void> {
  const gone = new Map<string, Promise<void>>();
  const users = (step: string) => items.filter((item) => [...item.needs, ...(item.finish?.needs ?? [])].includes(step));
  const begin = (item: Item): Promise<void> => {
    const known = gone.get(item.step);
    if (known !== undefined) return known;
    const going = (async (): Promise<void> => {
      await Promise.all(users(item.step).map(begin));
      if (ids[item.step] === undefined) return;
      await item.drop(ids);
      await until(ids[item.step] ?? "", item.gone, wait);
    })();
    gone.set(item.step, going);
    return going;
  };
  await Promise.all(items.map(begin));
}
