import { assert } from "../shared/assert.ts";
import type { Config, Tenant } from "../shared/cluster/config.ts";
import type { Deps } from "../shared/ports/deps.ts";

/** The tenant that a channel speaks for. A channel belongs to one tenant at most; the configuration sees to it. */
export const tenantOf = (config: Config, channel: string): string | undefined =>
  Object.entries(config.tenants).find(([, tenant]) => tenant.channels.includes(channel))?.[0];

export function settingsOf(config: Config, tenant: string): Tenant {
  const found = config.tenants[tenant];
  assert(found !== undefined, `the tenant ${tenant} is configured`);
  return found;
}

export const isGroup = (id: string): boolean => id.startsWith("S");

/** True if this person is named, or in a user group that is. Slack is asked about groups only when it must be. */
export async function isAmong(deps: Pick<Deps, "slack">, named: readonly string[], user: string): Promise<boolean> {
  if (named.includes(user)) return true;
  for (const group of named.filter(isGroup)) {
    if ((await deps.slack.membersOf(group)).includes(user)) return true;
  }
  return false;
}
