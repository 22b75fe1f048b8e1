import type { Exchanged } from "../shared/openstack/send.ts";
import type { Log } from "../shared/ports/log.ts";
import type { Metrics } from "../shared/ports/metrics.ts";

/** Each exchange with a cloud: a figure, and a line with the service's own id of the request where it failed. */
export const openstackCalls =
  (log: Log, metrics: Metrics | undefined) =>
  (tenant: string, exchanged: Exchanged): void => {
    const { failed, ...call } = exchanged;
    const { service, method, status, seconds } = call;
    const statusClass = status === undefined ? "none" : `${Math.floor(status / 100)}xx`;
    metrics?.observe("kinvirt_openstack_call_seconds", { service, method, status: statusClass }, seconds);
    if (failed) log.warn("openstack.failed", { tenant, ...call });
  };
