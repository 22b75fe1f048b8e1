import { isAdmin, type World } from "./core.ts";
import type { LoadBalancer, OctaviaRow, Pool } from "./octavia-rows.ts";
import { Fault, type SandboxRequest } from "./service.ts";
import type { Table } from "./table.ts";

/** Faults of this type have Pecan's shape instead of WSME's: they come from routing and not from a controller. */
export const PECAN = "pecan";

const TITLES: Readonly<Record<number, string>> = { 404: "Not Found", 405: "Method Not Allowed" };

export function faultShape(fault: Fault): unknown {
  if (fault.type.startsWith("HTTP") && TITLES[fault.status] !== undefined)
    return { code: fault.status, title: TITLES[fault.status], description: "" };
  const said = fault.type === "HTTPBadRequest" ? "Request is not in valid JSON format" : fault.message;
  if (fault.type === PECAN) return { code: fault.status, title: "Bad Request", description: fault.message };
  return { faultcode: fault.status < 500 ? "Client" : "Server", faultstring: said, debuginfo: null };
}

export const invalid = (message: string) => new Fault(400, `Validation failure: ${message}`);
export const conflict = (message: string) => new Fault(409, message);
export const forbidden = () => new Fault(403, "Policy does not allow this request to be performed.");
export const unsupported = (provider: string, why: string) =>
  new Fault(501, `Provider '${provider}' does not support a requested option: ${why}`);
export const missing = (what: string, id: string, type = "") => new Fault(404, `${what} ${id} not found.`, type);

/** Somebody else's object is forbidden, and not missing. */
export function mayUse(request: SandboxRequest, project: string): void {
  if (!isAdmin(request) && project !== request.project) throw forbidden();
}

export function own<T extends OctaviaRow>(request: SandboxRequest, table: Table<T>, what: string, id: string): T {
  const row = table.get(id);
  if (row === undefined) throw missing(what, id);
  mayUse(request, row.project_id);
  return row;
}

const QUOTA_NAMES: Readonly<Record<string, string>> = {
  load_balancer: "Load Balancer",
  listener: "Listener",
  pool: "Pool",
  member: "Member",
  health_monitor: "Health Monitor",
  l7policy: "L7 Policy",
  l7rule: "L7 Rule",
};

export function room(world: World, project: string, resource: string, more = 1): void {
  if (!world.quotas.fits(project, "load-balancer", resource, more))
    throw new Fault(403, `Quota has been met for resources: ${QUOTA_NAMES[resource] ?? resource}`);
}

/** A change of a part; a change of the load balancer itself has other words for the same. */
export function mutable(lb: LoadBalancer): void {
  if (lb.provisioning_status !== "ACTIVE") throw conflict(`Load Balancer ${lb.id} is immutable and cannot be updated.`);
}

export function poolMutable(pool: Pool): void {
  if (pool.provisioning_status !== "ACTIVE") throw conflict(`Pool ${pool.id} is immutable and cannot be updated.`);
}

export function inState(lb: LoadBalancer, states: readonly string[]): void {
  if (!states.includes(lb.provisioning_status))
    throw conflict(`Invalid state ${lb.provisioning_status} of loadbalancer resource ${lb.id}`);
}
