import type { Cloud } from "../openstack/cloud.ts";
import { isTrouble, type OpenStackError } from "../openstack/errors.ts";
import type { Router } from "../openstack/network-routers.ts";
import type { Kind, Seen } from "./kind.ts";
import { byDescription, labelsOf, statusOf } from "./listed.ts";

export interface RouterSpec {
  readonly externalNetworkId: string;
  /** What it leads from; undefined while they are not all known. */
  readonly subnetIds?: readonly string[] | undefined;
}

export interface RouterSeen extends Seen {
  readonly gatewayNetworkId: string | undefined;
  /** Made a moment ago, so that it leads nowhere yet. */
  readonly fresh?: true;
}

/** Plain, distributed (DVR) and highly available routers. Source: neutron-lib constants, ROUTER_INTERFACE_OWNERS. */
const INTERFACE_OWNERS = new Set([
  "network:router_interface",
  "network:router_interface_distributed",
  "network:ha_router_replicated_interface",
]);

/** `facts.externalIp`: the address that the nodes' own traffic comes from. */
function seen(item: Router): RouterSeen {
  const gateway = item.external_gateway_info;
  const externalIp = gateway?.external_fixed_ips.find((ip) => ip.ip_address.includes("."))?.ip_address;
  return {
    id: item.id,
    name: item.name,
    facts: externalIp === undefined ? {} : { externalIp },
    gatewayNetworkId: gateway?.network_id,
    ...statusOf("router", item.status),
  };
}

const interfacesOf = async (cloud: Cloud, routerId: string) =>
  (await cloud.network.listPorts({ device_id: routerId })).filter((port) => INTERFACE_OWNERS.has(port.device_owner));

const joins = async (cloud: Cloud, routerId: string, subnetId: string): Promise<boolean> =>
  (await interfacesOf(cloud, routerId)).some((port) => port.fixed_ips.some((ip) => ip.subnet_id === subnetId));

/** Neutron's own words for an interface that is there: older releases name it, newer ones compare the subnet with itself. */
const saysJoined = ({ detail }: OpenStackError, subnetId: string): boolean =>
  detail.fault.includes(`already has a port on subnet ${subnetId}`) ||
  new RegExp(`subnet ${subnetId} overlaps with cidr \\S+ of subnet ${subnetId}`).test(detail.fault);

async function join(cloud: Cloud, { id: routerId, fresh }: RouterSeen, subnetId: string): Promise<void> {
  if (fresh !== true && (await joins(cloud, routerId, subnetId))) return;
  try {
    await cloud.network.addRouterInterface(routerId, subnetId);
  } catch (error) {
    // When an answer was lost and the call was sent again, this is how Neutron says that the first one worked. A listing
    // may not show it yet.
    if (!isTrouble(error, "invalid", "conflict")) throw error;
    if (saysJoined(error, subnetId) || (await joins(cloud, routerId, subnetId))) return;
    throw error;
  }
}

/** The way from a cluster's nodes to the external network. */
export const router: Kind<RouterSpec, RouterSeen> = {
  kind: "router",
  ...byDescription(
    (cloud, query) => cloud.network.listRouters(query),
    (cloud, id) => cloud.network.getRouter(id),
    seen,
  ),
  async create(cloud, owner, { externalNetworkId }) {
    const asked = { ...labelsOf(owner), external_gateway_info: { network_id: externalNetworkId } };
    return { ...seen(await cloud.network.createRouter(asked)), fresh: true };
  },
  async update(cloud, _owner, { externalNetworkId, subnetIds }, { fresh, ...was }) {
    if (was.status === "failed") return was;
    const external_gateway_info = { network_id: externalNetworkId };
    const now =
      was.gatewayNetworkId === externalNetworkId
        ? was
        : seen(await cloud.network.updateRouter(was.id, { external_gateway_info }));
    if (subnetIds === undefined) return now.status === "ready" ? { ...now, status: "pending" } : now;
    for (const subnetId of subnetIds) await join(cloud, { ...now, ...(fresh === true ? { fresh } : {}) }, subnetId);
    return now;
  },
  // A refused DELETE of a router that still has interfaces takes its gateway away all the same, so they go first.
  async remove(cloud, now) {
    for (const port of await interfacesOf(cloud, now.id)) await cloud.network.removeRouterInterface(now.id, port.id);
    await cloud.network.deleteRouter(now.id);
  },
};
