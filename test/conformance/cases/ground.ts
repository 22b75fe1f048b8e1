import { floatingIp } from "../../../shared/resources/floating-ip.ts";
import { network } from "../../../shared/resources/network.ts";
import { port } from "../../../shared/resources/port.ts";
import { router } from "../../../shared/resources/router.ts";
import { securityGroup } from "../../../shared/resources/security-group.ts";
import { subnet } from "../../../shared/resources/subnet.ts";
import type { World } from "../kind-case.ts";

export const CIDR = "10.6.0.0/24";

/** The cloud's first external network. */
export async function externalNetworkId(world: World): Promise<string> {
  const [external] = await world.cloud.network.listNetworks({ "router:external": true });
  if (external === undefined) throw new Error("this cloud has no external network");
  return external.id;
}

export const makeNetwork = async (world: World, step = "network") => (await world.make(network, step, {})).id;

/** A subnet in a network of its own, unless it is given one. */
export async function makeSubnet(world: World, inNetwork?: string) {
  const networkId = inNetwork ?? (await makeNetwork(world));
  const { id } = await world.make(subnet, "subnet", { networkId, cidr: CIDR, dnsNameservers: [] });
  return { networkId, subnetId: id };
}

export const makeSecurityGroup = async (world: World, step = "security-group/worker") =>
  (await world.make(securityGroup, step, { rules: [] })).id;

/** A port in `place`, with a security group of its own. */
export async function makePort(
  world: World,
  place: { readonly networkId: string; readonly subnetId: string; readonly securityGroupId?: string },
  step = "port/worker-1",
): Promise<string> {
  const securityGroupId = place.securityGroupId ?? (await makeSecurityGroup(world));
  return (await world.make(port, step, { ...place, securityGroupId })).id;
}

/** A subnet that the external network can reach. */
export async function makeRoutedSubnet(world: World) {
  const place = await makeSubnet(world);
  const subnetIds = [place.subnetId];
  await world.make(router, "router", { externalNetworkId: await externalNetworkId(world), subnetIds });
  return place;
}

export const makeFloatingIp = async (world: World, portId: string, step = "floating-ip/api") =>
  (await world.make(floatingIp, step, { networkId: await externalNetworkId(world), portId, attach: true })).id;
