import { insisting } from "../../../shared/openstack/breaker.ts";
import { withDeadline } from "../../../shared/openstack/deadline.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { type Alert, alertKey, alerts } from "../../../shared/state/alerts.ts";
import { firstTime, forget } from "../../../shared/state/index.ts";
import { unreadable } from "../../records.ts";
import { type Found, fold, manyOf } from "./fold.ts";
import { mend } from "./mend.ts";
import { type Survey, survey } from "./survey.ts";
import { say } from "./tell.ts";
import { isAlive, turn } from "./turn.ts";

/** How long a tenant is not looked at after the process that looked has died. */
const LEASE_SECONDS = 120;
/** After so long a look asks nothing more, so that it ends with its lease: other tenants' turn comes after it. */
const ASKS_SECONDS = 80;

/** A look at every tenant, one after the other. What one of them throws is logged and costs the others nothing. */
export async function health(deps: Deps): Promise<void> {
  for (const tenant of Object.keys(deps.config.tenants)) {
    try {
      await healthOf(tenant, deps);
    } catch (error) {
      deps.log.error("health.failed", { tenant, error: String(error) });
    }
  }
}

/** One look at one tenant in each interval, whatever the number of processes that want to. */
export async function healthOf(tenant: string, deps: Deps): Promise<void> {
  if (deps.config.tenants[tenant] === undefined) return;
  const everySeconds = deps.config.health.every;
  const turnOf = Math.floor(deps.clock.nowMs() / (everySeconds * 1000));
  if (!(await firstTime(deps.store, `health/${tenant}/${turnOf}`, 2 * everySeconds))) return;
  const lease = `health/${tenant}`;
  if (!(await firstTime(deps.store, lease, LEASE_SECONDS))) return;
  try {
    // People are told what was seen just now, and a service that is back is found by this at the latest.
    await insisting(() => inTime(deps, () => pass(tenant, deps)));
  } finally {
    await forget(deps.store, lease);
  }
}

function inTime({ clock }: Deps, look: () => Promise<void>): Promise<void> {
  const nowMs = clock.nowMs();
  const [lastMs, endMs] = [nowMs + ASKS_SECONDS * 1000, nowMs + LEASE_SECONDS * 1000];
  return withDeadline({ lastMs, endMs, nowMs: () => clock.nowMs() }, look);
}

async function known(deps: Deps, tenant: string): Promise<ReadonlyMap<string, Alert>> {
  const found = new Map<string, Alert>();
  for await (const one of alerts(deps.store).list(`${tenant}/`, unreadable(deps))) found.set(alertKey(one), one);
  return found;
}

async function pass(tenant: string, deps: Deps): Promise<void> {
  const before = await known(deps, tenant);
  const seen = await survey(deps, tenant);
  const keyOf = ({ cluster, finding }: Found) =>
    alertKey({ tenant, about: finding.about, ...(cluster === undefined ? {} : { cluster }) });
  const found = new Map(fold(seen.found, (one) => before.get(keyOf(one))).map((one) => [keyOf(one), one]));
  for (const key of new Set([...before.keys(), ...found.keys()])) {
    const alert = await settle(deps, tenant, key, before.get(key), found.get(key), seen);
    if (alert === undefined) continue;
    // What nobody could look at now may be right again.
    if (isAlive(alert) && found.has(key)) await mend(deps, alert, clustersOf(alert, seen.found));
    await say(deps, (await alerts(deps.store).get(key)) ?? alert);
  }
}

/** Whose trouble it is: its own cluster's, or all of one cause. */
const clustersOf = (alert: Alert, found: readonly Found[]) =>
  alert.cluster === undefined
    ? found.flatMap(({ cluster, finding }) =>
        cluster !== undefined && alert.about === manyOf(finding.cause) ? [cluster] : [],
      )
    : [alert.cluster];

/** Written only when it is another than before. Undefined: there is nothing to say. */
async function settle(
  deps: Deps,
  tenant: string,
  key: string,
  before: Alert | undefined,
  found: Found | undefined,
  seen: Survey,
): Promise<Alert | undefined> {
  const blind = found === undefined && before !== undefined && seen.isBlind(before);
  if (blind && before.state !== "snoozed") return before;
  const moot = before !== undefined && seen.isMoot(before);
  const cluster = found?.cluster ?? before?.cluster;
  const place = { tenant, nowMs: deps.clock.nowMs(), moot, ...(cluster === undefined ? {} : { cluster }) };
  // A snooze ends also while nobody can look.
  const finding = blind ? { ...before, cause: "" } : found?.finding;
  const next = (now: Alert | undefined) => turn(now, finding, place);
  const all = alerts(deps.store);
  const wanted = next(before);
  if (wanted === undefined) {
    if (before !== undefined) await all.remove(key, (now) => next(now) === undefined);
    return undefined;
  }
  if (before === undefined && (await all.add(key, wanted))) return wanted;
  return all.change(key, (now) => {
    const after = next(now);
    return after === undefined || JSON.stringify(after) === JSON.stringify(now) ? undefined : after;
  });
}
