import type { ClusterRecord } from "../shared/cluster/record.ts";
import type { Request } from "../shared/cluster/request.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { Listing } from "../shared/ports/store.ts";
import { clusters, requests } from "../shared/state/index.ts";
import { openOf } from "../shared/state/open-requests.ts";
import { Unreadable } from "../shared/state/versions.ts";

/** Every cluster of a tenant. One record that can't be read is logged, told to `hidden`, and costs nobody else an answer. */
export async function clustersOf(
  deps: Pick<Deps, "store" | "log">,
  tenant: string,
  hidden: (name: string) => void = () => undefined,
  how?: Listing,
): Promise<readonly ClusterRecord[]> {
  const found: ClusterRecord[] = [];
  const unread = (error: Unreadable): void => {
    unreadable(deps)(error);
    hidden(error.key.split("/").at(-1) ?? "");
  };
  for await (const record of clusters(deps.store).list(`${tenant}/`, unread, how)) found.push(record);
  return found;
}

/** What becomes of a record that this version can't read: it stays as it is, and whoever runs kinvirt learns of it. */
export const unreadable =
  ({ log }: Pick<Deps, "log">) =>
  (error: Error): void =>
    log.error("record.unreadable", { error: error.message });

/** One that can't be read is as good as none, once that was told. */
const readable = <T>(deps: Pick<Deps, "log">, one: Promise<T | undefined>): Promise<T | undefined> =>
  one.catch((error: unknown) => {
    if (!(error instanceof Unreadable)) throw error;
    unreadable(deps)(error);
    return undefined;
  });

/** Requests of a tenant that wait for somebody, in no order. */
export const openRequests = (deps: Pick<Deps, "store" | "log">, tenant: string): Promise<readonly Request[]> =>
  openOf(deps.store, tenant, (id) => readable(deps, requests(deps.store).get(id)));
