import type { Request } from "../../shared/cluster/request.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { open as mayDecide } from "../decide.ts";
import { settingsOf } from "../people.ts";
import { clustersOf, openRequests } from "../records.ts";
import type { HomeState, HomeTenant } from "../views/home.ts";
import { placesOf } from "./place.ts";

const LOOKED_AT_MAX = 50;

async function tenantsOf(deps: Deps, user: string): Promise<readonly HomeTenant[]> {
  const places = [...(await placesOf(deps, user))].sort(([a], [b]) => a.localeCompare(b));
  return Promise.all(
    places.map(async ([name, channel]) => ({
      name,
      channel,
      clusters: await clustersOf(deps, name, undefined, { mayLag: true }),
      clustersMax: settingsOf(deps.config, name).limits.clusters,
    })),
  );
}

async function openOfAll(deps: Deps, tenants: readonly HomeTenant[]): Promise<readonly Request[]> {
  const found = await Promise.all(tenants.map(({ name }) => openRequests(deps, name)));
  // What no record waits for leads to nothing.
  const waitedFor = new Set(tenants.flatMap(({ clusters }) => clusters.map(({ request }) => request)));
  return found
    .flat()
    .filter(({ id }) => waitedFor.has(id))
    .sort((a, b) => a.createdMs - b.createdMs);
}

/** Of those that wait, what this person may decide; more than these are not shown, so nobody is asked about them. */
async function decidable(deps: Deps, user: string, open: readonly Request[]): Promise<readonly Request[]> {
  const found: Request[] = [];
  for (const request of open.filter(({ state }) => state === "waiting").slice(0, LOOKED_AT_MAX)) {
    const { id, channel } = request;
    const hash = request.plan?.hash ?? "";
    if (typeof (await mayDecide(deps, { request: id, user, channel, hash, verdict: "approve" })) !== "string")
      found.push(request);
  }
  return found;
}

/** All that a person's home tab shows, from the store alone. */
export async function homeState(deps: Deps, user: string, page: number): Promise<HomeState> {
  const tenants = await tenantsOf(deps, user);
  const open = await openOfAll(deps, tenants);
  return {
    user,
    tenants,
    decisions: await decidable(deps, user, open),
    asked: open.filter(({ requester }) => requester === user),
    page,
  };
}
