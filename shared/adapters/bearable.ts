/** Smaller ones are read in no time, whatever is in them. */
const SMALL_BYTES = 1024 * 1024;
/** Some times what the largest listing has: 10,000 servers, or the rules of 1,000 clusters' security groups. */
const MOST: readonly (readonly [string, number])[] = [
  ["{", 400_000],
  ["[", 400_000],
  [",", 2_000_000],
];

function hasMore(bytes: Buffer, sign: string, most: number): boolean {
  const code = sign.charCodeAt(0);
  let found = 0;
  for (let at = bytes.indexOf(code); at >= 0 && found <= most; at = bytes.indexOf(code, at + 1)) found += 1;
  return found > most;
}

/**
 * Passes on what came. Sixty megabytes of `{},` take half a minute and gigabytes to read as JSON, and whoever answers for one
 * tenant must not hold up the others.
 * @throws Error of an answer in too many pieces
 */
export function bearable(bytes: Buffer): Buffer {
  if (bytes.length > SMALL_BYTES && MOST.some(([sign, most]) => hasMore(bytes, sign, most)))
    throw new Error("the answer is in too many pieces to be read");
  return bytes;
}
