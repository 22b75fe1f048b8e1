import { createHash } from "node:crypto";
import * as z from "zod";
import type { Chance } from "../shared/ports/clock.ts";
import type { StateStore } from "../shared/ports/store.ts";
import { documents } from "../shared/state/documents.ts";
import { firstTime } from "../shared/state/index.ts";

/** Where links lead to; the rest of the path is their token. */
export const DOWNLOAD_PATH = "/kubeconfig";

/** A ticket is good for one download within this time. */
export const TICKET_SECONDS = 600;
const TOKEN_CHARS = 43;
/** How long the certificate behind it may be good at most. */
export const HOURS_MAX = 24;

export const ROLES = ["admin", "edit", "view"] as const;
export type Role = (typeof ROLES)[number];

const ticket = z.strictObject({
  /** Key of the cluster's record, and its id: a cluster of the same name that came later is another one. */
  cluster: z.string(),
  id: z.string(),
  /** Slack user. */
  user: z.string(),
  role: z.enum(ROLES),
  hours: z.int().positive(),
});

export type Ticket = z.infer<typeof ticket>;

/** Only its hash is kept: whoever reads the store can't download anything. */
export const keyOf = (token: string): string => createHash("sha256").update(token).digest("hex");
const tickets = (store: StateStore) => documents(store, "ticket/", ticket);

/** The secret part of the link, told once. */
export async function issue(
  deps: { readonly store: StateStore; readonly chance: Chance },
  one: Ticket,
): Promise<string> {
  const token = deps.chance.token(TOKEN_CHARS);
  await deps.store.putIfAbsent(`ticket/${keyOf(token)}`, JSON.stringify(one), TICKET_SECONDS);
  return token;
}

/** Looks without using it. Undefined: it never was, is used, or its time is over. */
export const find = (store: StateStore, token: string): Promise<Ticket | undefined> => tickets(store).get(keyOf(token));

/** Uses it: of two that come at once one gets it. */
export async function redeem(store: StateStore, token: string): Promise<Ticket | undefined> {
  const key = keyOf(token);
  const found = await find(store, token);
  // Whoever marks it first has it: a delete can't tell which of two it was that deleted.
  if (found === undefined || !(await firstTime(store, `ticket/${key}`, TICKET_SECONDS))) return undefined;
  await store.delete(`ticket/${key}`);
  return found;
}
