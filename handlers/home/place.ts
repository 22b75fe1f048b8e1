import type { Deps } from "../../shared/ports/deps.ts";
import { tenantOf } from "../people.ts";

/** How long a person counts as one of a channel's after an act there; who has left it sees no more after that. */
const PLACE_SECONDS = 7 * 86_400;

/**
 * Slack lets only those of a channel type and click there, so an act of theirs is the proof that needs no question. It is
 * kept beside the act and must never cost it.
 */
export async function remember(
  deps: Pick<Deps, "config" | "store" | "log">,
  user: string,
  channel: string,
): Promise<void> {
  if (tenantOf(deps.config, channel) === undefined) return;
  try {
    await deps.store.putIfAbsent(`place/${user}/${channel}`, "{}", PLACE_SECONDS);
  } catch (error) {
    deps.log.warn("place.unwritten", { error: String(error) });
  }
}

/** The tenants whose channels this person acted in lately, each with such a channel. */
export async function placesOf(
  deps: Pick<Deps, "config" | "store">,
  user: string,
): Promise<ReadonlyMap<string, string>> {
  const places = new Map<string, string>();
  for await (const { key } of deps.store.list(`place/${user}/`)) {
    const channel = key.split("/").at(-1) ?? "";
    // A channel that the configuration has given to another tenant speaks for that one from then on.
    const tenant = tenantOf(deps.config, channel);
    if (tenant !== undefined && !places.has(tenant)) places.set(tenant, channel);
  }
  return places;
}
