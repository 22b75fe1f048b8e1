import type { World } from "./core.ts";
import type { Cause } from "./manila-messages.ts";
import type { ShareNetwork } from "./manila-networks.ts";
import type { Subnet } from "./neutron-networks.ts";
import { createPort, deletePort, type Port } from "./neutron-ports.ts";
import { defaultGroup } from "./neutron-security.ts";
import { Fault } from "./service.ts";
import { TAKES } from "./timing.ts";

/** The machine behind the shares of a share network. It is the cloud's own; its ports are the project's. */
export interface ShareServer {
  readonly id: string;
  readonly segment: number;
  readonly ports: readonly string[];
  readonly addresses: readonly string[];
}

const PORTS = 2;
const SEGMENTS = 16_384;
/** It leaves after the share network has. */

const CREATE = ["002", "create"] as const;
const NO_SERVER = [
  "Could not find an existing share server or allocate one on the share network provided.",
  "You may use a different share network, or verify the network details in the share network and retry your request.",
  "If this doesn't work, contact your administrator to troubleshoot issues with your network.",
].join(" ");
const NO_PORT = [
  "Failed to create a new network port on the share network subnet. The limit of the number of ports has been exceeded.",
  "You may increase the network port quotas or free up some ports and retry.",
  "If this doesn't work, contact your administrator to troubleshoot issues with your network.",
].join(" ");
const noServer: Cause = { action: CREATE, detail: ["004", NO_SERVER] };
const noPort: Cause = { action: CREATE, detail: ["027", NO_PORT] };

/** The share network's server, made when its first share needs one, or why Neutron didn't let it be. */
export function serverOf(world: World, network: ShareNetwork): ShareServer | Cause {
  if (network.server !== undefined) return network.server;
  const subnet = world.table<Subnet>("subnet").get(network.neutron_subnet_id ?? "", network.project_id);
  if (subnet === undefined || subnet.network_id !== network.neutron_net_id) return noServer;
  if (!world.quotas.fits(network.project_id, "network", "port", PORTS)) return noPort;
  const id = world.uuid();
  const made: Port[] = [];
  try {
    for (let at = 0; at < PORTS; at += 1)
      made.push(
        createPort(world, {
          project: network.project_id,
          network: subnet.network_id,
          name: `${id}_${at}`,
          owner: "manila:share",
          device: id,
          groups: [defaultGroup(world, network.project_id).id],
          fixedIps: [{ subnet_id: subnet.id }],
        }),
      );
  } catch (error) {
    for (const port of made) deletePort(world, port.id);
    if (error instanceof Fault) return noServer;
    throw error;
  }
  network.server = {
    id,
    segment: world.pick(SEGMENTS) + 1,
    ports: made.map((port) => port.id),
    addresses: made.flatMap((port) => port.fixed_ips.map((ip) => ip.ip_address)),
  };
  return network.server;
}

export function dropServer(world: World, server: ShareServer | undefined): void {
  if (server === undefined) return;
  world.later(world.takes(TAKES.shareServerTornDown), () => {
    for (const port of server.ports) deletePort(world, port);
  });
}
