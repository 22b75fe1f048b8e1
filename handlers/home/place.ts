import type { Deps } from "../../shared/ports/deps.ts";
import { tenantOf } from "../people.ts";

const DAY_SECONDS = 86_400;
/** How long a person counts as one of a channel's after the last act there; who has left it sees no more after that. */
const PLACE_SECONDS = 7 * DAY_SECONDS;

/**
 * Slack lets only those of a channel type and click there, so an act of theirs is the proof that needs no question. It is
 * kept beside the act, by its day, and must never cost it.
 */
export async function remember(
  deps: Pick<Deps, "config" | "store" | "log" | "clock">,
  user: string,
  channel: string,
): Promise<void> {
  if (tenantOf(deps.config, channel) === undefined) return;
  const day = Math.floor(deps.clock.nowMs() / (DAY_SECONDS * 1000));
  try {
    await deps.store.putIfAbsent(`place/${user}/${channel}/${day}`, "{}", PLACE_SECONDS);
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
    const [, , channel = ""] = key.split("/");
    // A channel that the configuration has given to another tenant speaks for that one from then on.
    const tenant = tenantOf(deps.config, channel);
    if (tenant !== undefined && !places.has(tenant)) places.set(tenant, channel);
  }
  return places;
}
