import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { requests } from "../../shared/state/index.ts";
import { open as mayDecide } from "../decide.ts";
import { settingsOf } from "../people.ts";
import { clustersOf } from "../records.ts";
import type { HomeState, HomeTenant } from "../views/home.ts";
import { placesOf } from "./place.ts";

const LOOKED_AT_MAX = 50;

async function tenantsOf(deps: Deps, user: string): Promise<readonly HomeTenant[]> {
  const places = [...(await placesOf(deps, user))].sort(([a], [b]) => a.localeCompare(b));
  return Promise.all(
    places.map(async ([name, channel]) => ({
      name,
      channel,
      clusters: await clustersOf(deps, name),
      clustersMax: settingsOf(deps.config, name).limits.clusters,
    })),
  );
}

/** A record names the request that waits for it, so nobody has to look through all requests there ever were. */
async function openRequests(deps: Deps, records: readonly ClusterRecord[]): Promise<readonly Request[]> {
  const found = await Promise.all(records.map((record) => requests(deps.store).get(record.request)));
  return found
    .filter((request) => request !== undefined)
    .filter(({ state, dryRun }) => !dryRun && (state === "waiting" || state === "planning"))
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
  const open = await openRequests(
    deps,
    tenants.flatMap(({ clusters }) => clusters),
  );
  return {
    user,
    tenants,
    decisions: await decidable(deps, user, open),
    asked: open.filter(({ requester }) => requester === user),
    page,
  };
}
