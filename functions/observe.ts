import type { Exchanged } from "../shared/openstack/send.ts";
import type { Log } from "../shared/ports/log.ts";
import type { Metrics } from "../shared/ports/metrics.ts";

/** That something is not there is news to nobody: it is what a look at what has gone answers. */
const isNews = ({ method, status }: Exchanged): boolean =>
  status === undefined || (status >= 400 && !(status === 404 && ["GET", "HEAD", "DELETE"].includes(method)));

/** Each exchange with a cloud: a figure, and a line with the service's own id of the request where it failed. */
export const openstackCalls =
  (log: Log, metrics: Metrics | undefined) =>
  (exchanged: Exchanged): void => {
    const { service, method, status, seconds } = exchanged;
    const statusClass = status === undefined ? "none" : `${Math.floor(status / 100)}xx`;
    metrics?.observe("kinvirt_openstack_call_seconds", { service, method, status: statusClass }, seconds);
    if (isNews(exchanged)) log.warn("openstack.failed", { ...exchanged });
  };
