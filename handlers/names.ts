import type { ClusterRecord } from "../shared/cluster/record.ts";
import type { Request } from "../shared/cluster/request.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { SlackMessage } from "../shared/ports/slack.ts";
import { clusterKey, clusters, requests } from "../shared/state/index.ts";
import { clustersOf } from "./records.ts";
import { refused } from "./views/answers.ts";
import { code } from "./views/text.ts";

const ID_TRIES_MAX = 5;
const REQUEST_ID_LENGTH = 6;
const NAMES_SHOWN_MAX = 8;

/** An id for a request that no other request has: a record must never point to a stranger's. */
export async function freshRequestId(deps: Pick<Deps, "store" | "chance">): Promise<string> {
  for (let left = ID_TRIES_MAX; left > 0; left -= 1) {
    const id = deps.chance.token(REQUEST_ID_LENGTH);
    if ((await requests(deps.store).get(id)) === undefined) return id;
  }
  throw new Error("no free request id was found: chance is broken");
}

/** "There is no cluster `dve`", with the names that there are. */
export async function noSuchCluster(
  deps: Pick<Deps, "store" | "log">,
  tenant: string,
  name: string,
): Promise<SlackMessage> {
  const names = (await clustersOf(deps, tenant)).map((record) => record.spec.name);
  const there =
    names.length === 0
      ? `there is none yet: type ${code(`/k8s create ${name}`)}.`
      : `there is ${names
          .slice(0, NAMES_SHOWN_MAX)
          .map((one) => code(one))
          .join(", ")}${names.length > NAMES_SHOWN_MAX ? " and more" : ""}.`;
  return refused(`${tenant} has no cluster ${code(name)}; ${there}`);
}

/** Whether the name that a request asks for is not its own: it was never taken, or has been given back. */
export async function isNameless({ store }: Pick<Deps, "store">, request: Request): Promise<boolean> {
  if (request.action !== "create" || request.dryRun) return false;
  return (await clusters(store).get(clusterKey(request)))?.id !== request.cluster;
}

/**
 * Gives the name back that a request held, when nothing was created for it. Safe to repeat: a record that was started or
 * that belongs to another request stays.
 */
export async function freeName(deps: Pick<Deps, "store">, request: Request): Promise<void> {
  const still = (record: ClusterRecord) => record.id === request.cluster && record.status.phase === "requested";
  await clusters(deps.store).remove(clusterKey(request), still);
}
