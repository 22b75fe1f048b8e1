import type { Chance } from "../../shared/ports/clock.ts";

export interface Random {
  /** In [0, 1). */
  next(): number;
  between(least: number, most: number): number;
  /** 32 hexadecimal digits: Keystone's ids. */
  hex(): string;
  uuid(): string;
}

/** mulberry32, seeded once from the chance port: one seed gives one world, whatever its callers draw for themselves. */
export function random(chance: Chance): Random {
  let state = 0;
  for (const letter of chance.token(16)) state = (Math.imul(state, 31) + letter.charCodeAt(0)) >>> 0;
  const word = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const next = () => word() / 4_294_967_296;
  const bytes = Buffer.alloc(16);
  const hex = () => {
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32BE(word(), at);
    return bytes.toString("hex");
  };
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    hex,
    uuid() {
      const h = hex();
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
    },
  };
}
