import type { World } from "./core.ts";
import { isJson, type Json, numberAt, textAt } from "./json.ts";
import { uuid } from "./neutron-attributes.ts";
import type { NeutronRow } from "./neutron-collection.ts";
import type { Port } from "./neutron-ports.ts";
import { Fault } from "./service.ts";

export interface Subport {
  readonly port_id: string;
  readonly segmentation_type: string;
  readonly segmentation_id: number;
}

export interface Trunk extends NeutronRow {
  /** The parent. */
  readonly port_id: string;
  readonly status: string;
  admin_state_up: boolean;
  sub_ports: readonly Subport[];
}

const VLAN_MAX = 4094;

export const trunkTable = (world: World) => world.table<Trunk>("trunk");

const trunkOn = (world: World, port: string): Trunk | undefined =>
  trunkTable(world)
    .all()
    .find((trunk) => trunk.port_id === port);
const carrierOf = (world: World, port: string): Trunk | undefined =>
  trunkTable(world)
    .all()
    .find((trunk) => trunk.sub_ports.some((one) => one.port_id === port));

/** What the parent says of the trunk on it. */
export function trunkDetails(world: World, port: Port): Json {
  const trunk = trunkOn(world, port.id);
  if (trunk === undefined) return {};
  const sub_ports = trunk.sub_ports.map((one) => ({
    ...one,
    mac_address: world.table<Port>("port").get(one.port_id)?.mac_address ?? "",
  }));
  return { trunk_details: { trunk_id: trunk.id, sub_ports } };
}

/** Why a port that is part of a trunk stays. */
export function checkUntrunked(world: World, port: string): void {
  const [parent, carrier] = [trunkOn(world, port), carrierOf(world, port)];
  if (parent !== undefined) {
    const message = `Port ${port} is currently a parent port for trunk ${parent.id}.`;
    throw new Fault(409, message, "PortInUseAsTrunkParent");
  }
  if (carrier === undefined) return;
  const message = `Port ${port} is currently a subport for trunk ${carrier.id}.`;
  throw new Fault(409, message, "PortInUseAsSubPort");
}

/** Why a port is neither a parent nor a subport of one more trunk. */
export function checkFree(world: World, port: string): void {
  if (trunkOn(world, port) !== undefined) {
    const message = `Port ${port} is currently in use and is not eligible for use as a parent port.`;
    throw new Fault(409, message, "ParentPortInUse");
  }
  if (carrierOf(world, port) === undefined) return;
  throw new Fault(409, `Port ${port} is in use by another trunk.`, "TrunkPortInUse");
}

/** As Python prints a flat dictionary. */
const printed = (one: Json): string =>
  `{${Object.entries(one)
    .map(([key, value]) => `'${key}': ${typeof value === "string" ? `'${value}'` : value}`)
    .join(", ")}}`;

/** What is wrong with the form of a list of subports: of those to come, or of those to go. */
export function wrongForm(value: unknown): string | undefined {
  if (!Array.isArray(value)) return `Invalid data format for subports: '${value}' is not a list.`;
  const [ports, segments] = [new Set<string>(), new Set<string>()];
  for (const one of value) {
    const port = textAt(one, "port_id") ?? "";
    if (uuid(port) !== undefined) return "A valid port UUID must be specified.";
    if (ports.has(port)) return `Non unique UUID for subport: '${port}'.`;
    const id = isJson(one) ? one["segmentation_id"] : undefined;
    if (id !== undefined && !/^\d+$/.test(String(id)))
      return `Invalid subport details: segmentation_id '${id}' is not an integer.`;
    const segment = `${textAt(one, "segmentation_type")} ${id}`;
    if (id !== undefined && segments.has(segment)) return `Segmentation ID '${id}' for '${port}' is not unique.`;
    ports.add(port);
    segments.add(segment);
  }
  return undefined;
}

/** Likewise, of what each of those to come asks for. */
export function wrongSegment(one: unknown): string | undefined {
  const [type, id] = [textAt(one, "segmentation_type"), numberAt(one, "segmentation_id")];
  if (type === undefined || id === undefined) {
    const lacks = "missing segmentation information. Must specify both segmentation_id and segmentation_type.";
    return `Invalid subport details '${printed(isJson(one) ? one : {})}': ${lacks}`;
  }
  // The type of the subport's own network, which is no VLAN here.
  if (type !== "vlan") return `Unknown segmentation_type '${type === "inherit" ? "geneve" : type}'.`;
  return id < 1 || id > VLAN_MAX ? `Segmentation ID '${id}' is not in range.` : undefined;
}
