import { hasShares } from "../../../shared/cluster/plan.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { inspectStorage } from "../../../shared/resources/storage-truth.ts";
import { nextAbout } from "../../views/on-call/buttons.ts";
import { type PendingClaim, type StorageOf, storageFindings, storageMessage } from "../../views/on-call/storage.ts";
import { insideIfToBeHad } from "./inside.ts";
import { type Answer, alone, mending, ownerOf, stageOf } from "./question.ts";

const pendingClaims = (record: ClusterRecord, deps: Deps): Promise<readonly PendingClaim[] | undefined> =>
  insideIfToBeHad(record, deps, async (api) =>
    (await api.listClaims())
      .filter(({ status }) => status.phase === "Pending")
      .map(({ metadata, spec }) => ({
        name: `${metadata.namespace ?? "default"}/${metadata.name}`,
        className: spec.storageClassName ?? "",
      })),
  );

/** The storage of one cluster: its own share, and what was claimed in it. */
export async function storageOf(record: ClusterRecord, deps: Deps): Promise<StorageOf> {
  const { resolved, spec, status } = record;
  const uses = {
    shares: resolved !== undefined && hasShares(resolved),
    volumes: resolved?.blockStorageType !== undefined,
  };
  const [truth, pending] = await Promise.all([
    inspectStorage(deps.cloudOf(record.tenant), ownerOf(record), uses),
    pendingClaims(record, deps),
  ]);
  return {
    cluster: spec.name,
    stage: stageOf(record),
    ...(spec.rwxGib === undefined ? {} : { gib: spec.rwxGib }),
    made: status.steps["share/rwx"]?.readyMs !== undefined,
    cidr: resolved?.cidrs.nodes ?? "",
    truth,
    ...(pending === undefined ? {} : { pending }),
  };
}

export const storage: Answer = alone(async (record, deps) => {
  const of = await storageOf(record, deps);
  return { ...storageMessage(of), next: nextAbout(record, "nodes", "events"), ...mending(record, storageFindings(of)) };
});
