/** Web crypto works in threads of its own, so virtual time must stand still until what is under way has ended. */
const pending = new Set<Promise<unknown>>();

type Work = (...args: unknown[]) => Promise<unknown>;

function watched(): void {
  const subtle = crypto.subtle as unknown as Record<string, Work>;
  for (const name of ["generateKey", "exportKey", "importKey", "sign", "verify", "digest"]) {
    const work = subtle[name]?.bind(subtle);
    if (work === undefined) continue;
    const held: Work = (...args) => {
      const one = work(...args);
      pending.add(one);
      const over = (): void => void pending.delete(one);
      one.then(over, over);
      return one;
    };
    Object.defineProperty(subtle, name, { value: held, configurable: true });
  }
}
watched();

export const isCalculating = (): boolean => pending.size > 0;
