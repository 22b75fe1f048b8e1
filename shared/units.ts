/** A storage size in whole gibibytes, the unit that Manila and Cinder take. */
export type Gib = number & { readonly unit: "GiB" };

const GIB = 1024n ** 3n;
const GIB_MAX = 1024 * 1024; // 1 PiB: beyond any share type met, and far inside a safe integer
const FACTOR: Readonly<Record<string, bigint>> = {
  k: 10n ** 3n,
  M: 10n ** 6n,
  G: 10n ** 9n,
  T: 10n ** 12n,
  P: 10n ** 15n,
  Ki: 1024n,
  Mi: 1024n ** 2n,
  Gi: GIB,
  Ti: 1024n ** 4n,
  Pi: 1024n ** 5n,
};

/**
 * Reads a Kubernetes quantity (`100G`, `100Gi`, `1.5Ti`) as whole GiB, rounded up: a claim is never given less than it
 * asked for. Undefined means that a person typed something else (a bare number has no unit, so it is refused).
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseSize(text: string): Gib | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,9}))?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)$/.exec(text);
  const factor = FACTOR[match?.[3] ?? ""];
  if (match === null || factor === undefined) return undefined;
  const fraction = match[2] ?? "";
  const scale = 10n ** BigInt(fraction.length);
  const bytes = (BigInt(`${match[1]}${fraction}`) * factor + scale - 1n) / scale;
  const gib = Number((bytes + GIB - 1n) / GIB);
  return gib > 0 && gib <= GIB_MAX ? (gib as Gib) : undefined;
}

export const showSize = (gib: number): string => (gib >= 1024 && gib % 1024 === 0 ? `${gib / 1024} TiB` : `${gib} GiB`);

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Reads `7d`, `12h`, `1d12h`, `30m` as seconds. Undefined means that a person typed something else, or nothing. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d{1,6}[smhdw])+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhdw])/g))
    seconds += Number(count) * (UNIT_SECONDS[unit ?? ""] ?? 0);
  return seconds > 0 ? seconds : undefined;
}

/** `93784` as `1d 2h`: the two largest units, which is as much as a person reads. */
export function showDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  let left = whole;
  for (const unit of ["d", "h", "m", "s"]) {
    const size = UNIT_SECONDS[unit] ?? 1;
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.length === 0 ? "0s" : parts.slice(0, 2).join(" ");
}

/** `93784` as `1d2h3m4s`: what `parseDuration` reads as the same. */
export function typedDuration(seconds: number): string {
  let left = seconds;
  return ["d", "h", "m", "s"]
    .map((unit) => {
      const size = UNIT_SECONDS[unit] ?? 1;
      const count = Math.floor(left / size);
      left -= count * size;
      return count === 0 ? "" : `${count}${unit}`;
    })
    .join("");
}
