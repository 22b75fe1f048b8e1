import * as z from "zod";
import type { StateStore } from "../../shared/ports/store.ts";
import { type Documents, documents } from "../../shared/state/documents.ts";

/** A form that was left open for longer is only sent or closed, and needs nothing of ours for that. */
const FORM_SECONDS = 3600;

const form = z.strictObject({
  /** Slack's id of the modal. */
  view: z.string(),
  /** Of the modal as we updated it last. */
  hash: z.string().optional(),
  user: z.string(),
  channel: z.string(),
  filled: z.record(z.string(), z.string()),
  /** When it was filled in like this, in seconds of Slack's clock. */
  at: z.number(),
});

/** What somebody has filled in so far. */
export type Form = z.infer<typeof form>;

/** Key: the modal's id. */
export const forms = (store: StateStore): Documents<Form> => documents(store, "form/", form);

/** Keeps what is filled in now. False: something newer is known already, so this is an answer that nobody waits for. */
export async function note(store: StateStore, now: Form): Promise<boolean> {
  if (await store.putIfAbsent(`form/${now.view}`, JSON.stringify(now), FORM_SECONDS)) return true;
  const kept = await forms(store).change(now.view, (before) => (before.at > now.at ? undefined : now));
  return kept?.at === now.at;
}
