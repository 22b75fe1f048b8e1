/** IPv4 ranges as numbers: all that the sandbox's subnets need. */
export interface Range {
  /** Network address. */
  readonly first: number;
  /** Broadcast address. */
  readonly last: number;
  readonly bits: number;
}

export function addressOf(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const octets = match?.slice(1).map(Number) ?? [];
  if (octets.length !== 4 || octets.some((octet) => octet > 255)) return undefined;
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

export const showAddress = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

/** The range of `10.20.0.5/24`, whatever its host bits; undefined for what is none. */
export function rangeOf(cidr: string): Range | undefined {
  const [text = "", length = "32"] = cidr.split("/");
  const address = addressOf(text);
  const bits = /^\d{1,2}$/.test(length) ? Number(length) : 33;
  if (address === undefined || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1, bits };
}

export const showRange = (range: Range): string => `${showAddress(range.first)}/${range.bits}`;
export const overlap = (a: Range, b: Range): boolean => a.first <= b.last && b.first <= a.last;
