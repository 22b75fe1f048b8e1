import type { Deps } from "../../shared/ports/deps.ts";
import { clusters } from "../../shared/state/index.ts";
import { readTarget } from "../removal.ts";
import { CLUSTER_ACTIONS } from "../views/progress.ts";
import type { Click } from "./click.ts";
import { ONCALL_HANDLERS, readAsked } from "./on-call.ts";

const ACTIONS: ReadonlySet<string> = new Set([...Object.keys(ONCALL_HANDLERS), CLUSTER_ACTIONS.retry]);

/**
 * Whose an answer is that was given where people are on call: that channel may be several teams', so it is the one whose
 * cluster the button names. Undefined: nobody's, or no button for those on call.
 */
export async function oncallTenant(deps: Pick<Deps, "config" | "store">, click: Click): Promise<string | undefined> {
  if (!ACTIONS.has(click.action)) return undefined;
  const theirs = Object.entries(deps.config.tenants)
    .filter(([, { oncallChannel }]) => oncallChannel === click.channel)
    .map(([name]) => name);
  const { name, id } = readTarget(click.value) ?? readAsked(click.value) ?? {};
  if (name === undefined) return theirs.length === 1 ? theirs[0] : undefined;
  for (const tenant of theirs) if ((await clusters(deps.store).get(`${tenant}/${name}`))?.id === id) return tenant;
  return theirs.length === 1 ? theirs[0] : undefined;
}
