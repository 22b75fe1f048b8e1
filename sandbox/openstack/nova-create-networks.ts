import type { World } from "./core.ts";
import { type Json, listAt, textAt } from "./json.ts";
import type { Network, Subnet } from "./neutron-networks.ts";
import type { Port } from "./neutron-ports.ts";
import { defaultGroup, type SecurityGroup } from "./neutron-security.ts";
import type { Wanted } from "./nova-model.ts";
import { bad, isUuid } from "./nova-schema.ts";
import { Fault, type SandboxRequest } from "./service.ts";

/** The list as it was asked for, before anything is looked up. */
export function networksIn(asked: Json): readonly Wanted[] | undefined {
  const seen = new Set<string>();
  return listAt(asked, "networks")?.map((one): Wanted => {
    const [port, network, fixedIp] = [textAt(one, "port"), textAt(one, "uuid"), textAt(one, "fixed_ip")];
    if (port === undefined) {
      if (network === undefined) throw bad("Bad network format: missing 'uuid'");
      if (!isUuid(network)) throw bad(`Bad networks format: network uuid is not in proper format (${network})`);
      return { network, ...(fixedIp === undefined ? {} : { fixedIp }) };
    }
    if (seen.has(port)) throw bad(`Port ID '${port}' was specified twice: you cannot attach a port multiple times.`);
    if (fixedIp !== undefined) {
      const why = "the two cannot be specified together.";
      throw bad(`Specified Fixed IP '${fixedIp}' cannot be used with port '${port}': ${why}`);
    }
    seen.add(port);
    return { port };
  });
}

/** Without a list the only network there is, and of several none. */
export function anyNetwork(world: World, request: SandboxRequest, asked: Json): readonly Wanted[] {
  if (asked["networks"] === "none") return [];
  const [only, ...others] = world.table<Network>("network").all(request.project);
  if (others.length > 0)
    throw new Fault(409, "Multiple possible networks found, use a Network ID to be more specific.");
  if (only !== undefined) return [{ network: only.id }];
  if (asked["networks"] !== "auto") return [];
  throw bad(`Unable to automatically allocate a network for project ${request.project}`);
}

/** Whether what is asked for is there, and free. It may be gone or taken by the time when the server is built. */
export function checkNetworks(world: World, request: SandboxRequest, wanted: readonly Wanted[]): void {
  for (const one of wanted) {
    if ("port" in one) {
      const port = world.table<Port>("port").get(one.port, request.project);
      if (port === undefined) throw bad(`Port id ${one.port} could not be found.`);
      if (port.device_id !== "") throw new Fault(409, `Port ${one.port} is still in use.`);
      continue;
    }
    const network = world.table<Network>("network").get(one.network);
    const visible = network !== undefined && (network.external || network.project_id === request.project);
    if (!visible) throw bad(`Network ${one.network} could not be found.`);
    const subnets = world.table<Subnet>("subnet").all();
    if (!subnets.some((subnet) => subnet.network_id === one.network))
      throw bad(`Network ${one.network} requires a subnet in order to boot instances on.`);
  }
}

export function groupsIn(world: World, request: SandboxRequest, names: readonly string[]): readonly string[] {
  const groups = world.table<SecurityGroup>("security-group").all(request.project);
  return names.map((wanted) => {
    if (wanted === "default") return defaultGroup(world, request.project).id;
    const found = groups.filter((group) => group.id === wanted || group.name === wanted);
    if (found.length > 1)
      throw new Fault(409, `Multiple security groups found matching '${wanted}'. Use an ID to be more specific.`);
    if (found[0] === undefined) throw bad(`Unable to find security_group with name or id '${wanted}'`);
    return found[0].id;
  });
}
