import type { ClusterRecord } from "../shared/cluster/record.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { clusters } from "../shared/state/index.ts";

/** Every cluster of a tenant. One record that can't be read is logged and costs nobody else an answer. */
export async function clustersOf(deps: Pick<Deps, "store" | "log">, tenant: string): Promise<readonly ClusterRecord[]> {
  const found: ClusterRecord[] = [];
  for await (const record of clusters(deps.store).list(`${tenant}/`, unreadable(deps))) found.push(record);
  return found;
}

/** What becomes of a record that this version can't read: it stays as it is, and whoever runs kinvirt learns of it. */
export const unreadable =
  ({ log }: Pick<Deps, "log">) =>
  (error: Error): void =>
    log.error("record.unreadable", { error: error.message });
