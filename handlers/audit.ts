import type { AuditEvent, AuditWhat } from "../shared/cluster/audit-event.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { Alert } from "../shared/state/alerts.ts";
import { append } from "../shared/state/audit.ts";
import type { Wisher } from "./may.ts";

/**
 * What a person does that no document keeps: recorded before it takes effect, so that it is never done unseen. `once`: what
 * tells this time from others.
 */
export async function noted(
  deps: Pick<Deps, "store" | "clock">,
  what: AuditWhat,
  { user, tenant }: Wisher,
  { id, name }: { readonly id: string; readonly name: string },
  detail: NonNullable<AuditEvent["detail"]> = {},
  once?: string,
): Promise<void> {
  const atMs = deps.clock.nowMs();
  // One person does one thing once in a moment; what Slack sends twice was stopped at the door.
  const key = [what, id, user, once ?? [atMs, ...Object.values(detail)].join(":")].join(":");
  await append(deps.store, tenant, { key, atMs, actor: user, what, cluster: { id, name }, detail });
}

/** The same of an alert: who has it in hand, and what kinvirt does about it by itself. */
export const notedAlert = (
  deps: Pick<Deps, "store" | "clock">,
  what: AuditWhat,
  user: string,
  { tenant, cluster = { id: tenant, name: tenant }, about }: Alert,
  detail: NonNullable<AuditEvent["detail"]> = {},
): Promise<void> => noted(deps, what, { user, tenant }, cluster, { about, ...detail });
