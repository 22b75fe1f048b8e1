import { loginOf } from "../../../shared/cluster/names.ts";
import { hasShares } from "../../../shared/cluster/plan.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { inspectKeys, type WantedKey } from "../../../shared/resources/key-truth.ts";
import { nextAbout } from "../../views/on-call/buttons.ts";
import { type KeysOf, keyFindings, kmsMessage } from "../../views/on-call/kms.ts";
import { insideIfToBeHad } from "./inside.ts";
import { type Answer, alone, mending, ownerOf, stageOf } from "./question.ts";

function wantedKeys({ resolved, renewals, status }: ClusterRecord): readonly WantedKey[] {
  const count = renewals?.count ?? 0;
  const stores = resolved !== undefined && (hasShares(resolved) || resolved.blockStorageType !== undefined);
  const users = ["kms", loginOf("controllers", count), ...(stores ? [loginOf("storage", count)] : [])];
  const steps = ["key/kms", "secret/pki", ...users.flatMap((user) => [`secret/${user}`, `credential/${user}`])];
  return steps.map((step) => ({ step, made: status.steps[step]?.readyMs !== undefined }));
}

/** All keys, secrets and logins of one cluster. */
export async function keysOf(record: ClusterRecord, deps: Deps): Promise<KeysOf> {
  const [keys, readiness] = await Promise.all([
    inspectKeys(deps.cloudOf(record.tenant), ownerOf(record), wantedKeys(record)),
    insideIfToBeHad(record, deps, (api) => api.readyz()),
  ]);
  const plugin = readiness === undefined ? {} : { failing: readiness.failing };
  return { cluster: record.spec.name, stage: stageOf(record), keys, nowMs: deps.clock.nowMs(), ...plugin };
}

export const kms: Answer = alone(async (record, deps) => {
  const of = await keysOf(record, deps);
  return { ...kmsMessage(of), next: nextAbout(record, "nodes", "events"), ...mending(record, keyFindings(of)) };
});
