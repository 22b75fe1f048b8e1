import { type ClusterRecord, SCHEMA } from "../shared/cluster/record.ts";
import type { Request } from "../shared/cluster/request.ts";
import type { Caller } from "./command.ts";

/** What differs between one request and another when it is made. */
type Asked = Pick<Request, "id" | "action" | "cluster" | "keepData" | "dryRun" | "spec">;

/** A request as it begins: to be planned at once. */
export const newRequest = (asked: Asked, { user, channel, tenant }: Caller, nowMs: number): Request => ({
  schema: 1,
  ...asked,
  tenant,
  name: asked.spec.name,
  requester: user,
  channel,
  createdMs: nowMs,
  state: "planning",
  decisions: [],
  reasons: [],
  problems: [],
  told: false,
  dueMs: nowMs,
});

/** The record of a cluster that was asked for: it holds the name, and nothing is made for it yet. */
export const newRecord = (request: Request): ClusterRecord => ({
  schema: SCHEMA,
  id: request.cluster,
  tenant: request.tenant,
  spec: request.spec,
  wish: "present",
  keepData: false,
  generation: 1,
  requester: request.requester,
  actor: request.requester,
  request: request.id,
  createdMs: request.createdMs,
  status: {
    phase: "requested",
    startedMs: request.createdMs,
    steps: {},
    failures: [],
    setbacks: 0,
    dueMs: request.createdMs,
    told: false,
    kept: [],
  },
});
