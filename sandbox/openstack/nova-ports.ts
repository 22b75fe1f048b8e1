import type { World } from "./core.ts";
import { isoOf } from "./json.ts";
import type { Network } from "./neutron-networks.ts";
import { createPort, deletePort, type Port } from "./neutron-ports.ts";
import type { Server } from "./nova-model.ts";
import { Fault } from "./service.ts";
import { WATCHED } from "./timing.ts";

/** From the moment when a port is bound until the agent of its host has wired it. */

const portTable = (world: World) => world.table<Port>("port");

const change = (world: World, port: Port, fields: Partial<Port>): void =>
  void Object.assign(port, fields, {
    updated_at: isoOf(world.nowMs()),
    revision_number: port.revision_number + 1,
  });

/** The ports that a server has now. Somebody may delete them while it runs. */
export const portsOf = (world: World, server: Server): readonly Port[] =>
  portTable(world)
    .all(server.project_id)
    .filter((port) => port.device_id === server.id);

function usable(world: World, server: Server, id: string): Port {
  const port = portTable(world).get(id, server.project_id);
  if (port === undefined) throw new Fault(404, `Port id ${id} could not be found.`);
  if (port.device_id !== "") throw new Fault(409, `Port ${id} is still in use.`);
  if (port.dns_name !== "" && port.dns_name !== server.hostname) {
    const why = `Value ${port.dns_name} assigned to dns_name attribute does not match instance's hostname`;
    throw new Fault(400, `Port ${id} not usable for instance ${server.id}. ${why} ${server.hostname}`);
  }
  return port;
}

/** Plugs the server in; says why if that can't be, and then it holds no port. */
export function bindPorts(world: World, server: Server): string | undefined {
  try {
    for (const wanted of server.wanted) {
      const port = "port" in wanted ? usable(world, server, wanted.port) : make(world, server, wanted);
      change(world, port, { device_id: server.id, device_owner: "compute:nova", dns_name: server.hostname });
      world.later(world.takes(WATCHED.portWired), () => {
        if (portTable(world).get(port.id)?.device_id === server.id) change(world, port, { status: "ACTIVE" });
      });
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    releasePorts(world, server, true);
    return error.message;
  }
}

function make(world: World, server: Server, wanted: { readonly network: string; readonly fixedIp?: string }): Port {
  if (world.table<Network>("network").get(wanted.network)?.external === true)
    throw new Fault(403, `It is not allowed to create an interface on external network ${wanted.network}`);
  const port = createPort(world, {
    project: server.project_id,
    network: wanted.network,
    groups: server.security_groups,
    ...(wanted.fixedIp === undefined ? {} : { fixedIps: [{ ip_address: wanted.fixedIp }] }),
  });
  server.made_ports = [...server.made_ports, port.id];
  return port;
}

/**
 * Ports that were there before the server stay; what Nova wrote on them goes, a DNS name of their owner's included.
 * `all`: also those that another server holds by now. Nova does not look when it cleans up after a build that failed.
 */
export function releasePorts(world: World, server: Server, all: boolean): void {
  for (const id of server.made_ports) deletePort(world, id);
  for (const wanted of server.wanted) {
    const port = "port" in wanted ? portTable(world).get(wanted.port, server.project_id) : undefined;
    if (port !== undefined && (all || port.device_id === server.id))
      change(world, port, { device_id: "", device_owner: "", dns_name: "", status: "DOWN" });
  }
}
