import { StoreError } from "../ports/store.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * How a document of each older version becomes one of the next: the first of them makes version 2 of version 1, so the newest
 * version is one more than there are. Each is pure and takes every document that its version could write. The field `schema`
 * says a document's version; without it, it is of version 1. What was upgraded is written back with the next change.
 */
export type Upgrades = readonly ((old: Fields) => Fields)[];

/** What is there is none of this program's: it is neither guessed at, nor changed, nor removed. */
export class Unreadable extends StoreError {
  readonly key: string;
  /** The document's version, where a newer kinvirt wrote it. */
  readonly newer: number | undefined;

  constructor(key: string, why: string, newer?: number) {
    super(`${key} is not readable by this version: ${why}`);
    this.key = key;
    this.newer = newer;
  }
}

const isFields = (json: unknown): json is Fields => typeof json === "object" && json !== null && !Array.isArray(json);

/** As the newest version has it. @throws Unreadable when a newer program wrote it. */
export function upgraded(key: string, json: unknown, upgrades: Upgrades): unknown {
  if (!isFields(json)) return json;
  const { schema = 1 } = json;
  const newest = upgrades.length + 1;
  if (typeof schema !== "number" || !Number.isInteger(schema) || schema < 1) return json;
  if (schema > newest) {
    const why = `it is of schema ${schema}, written by a newer kinvirt, and this one reads up to ${newest}`;
    throw new Unreadable(key, why, schema);
  }
  return upgrades
    .slice(schema - 1)
    .reduce<Fields>((old, upgrade, at) => ({ ...upgrade(old), schema: schema + at + 1 }), json);
}
