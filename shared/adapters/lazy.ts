/** Made at the first call and kept; what could not be made is tried again by the next call. */
export function lazy<T>(make: () => Promise<T>): { (): Promise<T>; readonly made: () => Promise<T> | undefined } {
  let kept: Promise<T> | undefined;
  const get = (): Promise<T> => {
    if (kept === undefined) {
      const one = make();
      kept = one;
      one.catch(() => {
        if (kept === one) kept = undefined;
      });
    }
    return kept;
  };
  return Object.assign(get, { made: () => kept });
}
