import { isOpen } from "../shared/cluster/due.ts";
import type { Request } from "../shared/cluster/request.ts";
import { isClusterName } from "../shared/cluster/spec.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { SlackMessage } from "../shared/ports/slack.ts";
import { clusters, requests } from "../shared/state/index.ts";
import type { Caller } from "./command.ts";
import { cancel } from "./decide.ts";
import { mayNot } from "./may.ts";
import { freshRequestId, noSuchCluster } from "./names.ts";
import { newRequest } from "./new-request.ts";
import { accepted, confirmDelete, refused } from "./views/answers.ts";
import { code } from "./views/text.ts";
import { planMessage, wake } from "./wake.ts";

/** Which cluster a button was about, as it was then. */
export interface Target {
  readonly name: string;
  readonly id: string;
  readonly generation: number;
  readonly keepData: boolean;
}

/** Reads `<name>:<id>:<generation>[:keep|:drop]`. */
export function readTarget(value: string): Target | undefined {
  const [name, id, generation, data] = value.split(":");
  if (name === undefined || !isClusterName(name) || !id || !/^\d+$/.test(generation ?? "")) return undefined;
  return { name, id, generation: Number(generation), keepData: data === "keep" };
}

const askedAlready = (request: Request): SlackMessage =>
  refused(
    `The delete of ${code(request.name)} was asked for already, as request ${code(request.id)}: its message shows how it stands.`,
  );

/** Asks once before a delete; a cluster that was not started yet is simply cancelled. */
export async function askDelete(deps: Deps, caller: Caller, name: string, keepData: boolean): Promise<SlackMessage> {
  const record = await clusters(deps.store).get(`${caller.tenant}/${name}`);
  if (record === undefined) return noSuchCluster(deps, caller.tenant, name);
  if (record.wish === "absent")
    return refused(`${code(name)} is being deleted already: ${code(`/k8s status ${name}`)} shows how far it is.`);
  const no = await mayNot(deps, "delete", caller, record);
  if (no !== undefined) return refused(no);
  const request = await requests(deps.store).get(record.request);
  if (record.status.phase === "requested") return cancel(deps, { request: record.request, ...caller });
  if (request !== undefined && isOpen(request)) return askedAlready(request);
  return confirmDelete(record, keepData);
}

/** The confirmed delete becomes a request, whose plan policy looks at. Two clicks make one request. */
export async function requestDelete(deps: Deps, caller: Caller, target: Target): Promise<SlackMessage> {
  const key = `${caller.tenant}/${target.name}`;
  const record = await clusters(deps.store).get(key);
  if (record === undefined) return noSuchCluster(deps, caller.tenant, target.name);
  if (record.id !== target.id || record.generation !== target.generation || record.wish === "absent") {
    return refused(
      `${code(target.name)} has changed since you were asked: type ${code(`/k8s delete ${target.name}`)} again.`,
    );
  }
  const no = await mayNot(deps, "delete", caller, record);
  if (no !== undefined) return refused(no);
  const before = await requests(deps.store).get(record.request);
  if (before !== undefined && isOpen(before)) return askedAlready(before);
  const id = await freshRequestId(deps);
  const request = newRequest(
    { id, action: "delete", cluster: record.id, keepData: target.keepData, dryRun: false, spec: record.spec },
    caller,
    deps.clock.nowMs(),
  );
  // The record points to the request first: of two clicks one wins here. A crash in between leaves a pointer to nothing,
  // which the next try replaces.
  const after = await clusters(deps.store).change(key, (now) =>
    now.request === record.request && now.generation === target.generation ? { ...now, request: id } : undefined,
  );
  if (after?.request !== id)
    return refused(`${code(target.name)} was just changed by somebody else: look at it, then try again.`);
  await requests(deps.store).add(id, request);
  deps.tracing?.begins(id);
  await wake(deps, planMessage(request));
  return accepted(request);
}
