import type { World } from "./core.ts";
import { isJson, type Json, listAt, numberAt, textAt } from "./json.ts";
import { bad, both, flag, invalid, once, required, text, uuid } from "./neutron-attributes.ts";
import { born, type Collection, find, relabel, stamps } from "./neutron-collection.ts";
import { ports } from "./neutron-port-requests.ts";
import type { Port } from "./neutron-ports.ts";
import { checkFree, type Subport, type Trunk, trunkTable, wrongForm, wrongSegment } from "./neutron-subports.ts";
import { taggedRoutesOf } from "./neutron-tags.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const SUBPORT = "trunk:subport";

const own = (world: World, port: string, device_owner: string): void => {
  const row = world.table<Port>("port").get(port);
  if (row !== undefined) Object.assign(row, { device_owner, revision_number: row.revision_number + 1 });
};

const mustBeOn = (trunk: Trunk): void => {
  if (!trunk.admin_state_up) throw new Fault(409, `Trunk ${trunk.id} is currently disabled.`, "TrunkDisabled");
};

/** The subports of a body that is right in form, each free to join. */
function joining(world: World, request: SandboxRequest, asked: readonly unknown[]): readonly Subport[] {
  const why = asked.map(wrongSegment).find((one) => one !== undefined);
  if (why !== undefined) throw invalid(why);
  return asked.map((one) => {
    const port_id = textAt(one, "port_id") ?? "";
    find(request, ports(world), port_id);
    checkFree(world, port_id);
    return { port_id, segmentation_type: "vlan", segmentation_id: numberAt(one, "segmentation_id") ?? 0 };
  });
}

const view = (row: Trunk): Json => ({
  id: row.id,
  name: row.name,
  description: row.description,
  port_id: row.port_id,
  status: row.status,
  admin_state_up: row.admin_state_up,
  sub_ports: row.sub_ports,
  ...stamps(row),
});

function trunks(world: World): Collection<Trunk> {
  const table = trunkTable(world);
  return {
    one: "trunk",
    many: "trunks",
    path: "/trunks",
    table,
    attributes: {
      name: both(text()),
      port_id: required(uuid),
      admin_state_up: both(flag),
      sub_ports: once(wrongForm),
    },
    hidden: ["sub_ports", "status"],
    missing: (id) => new Fault(404, `Trunk ${id} could not be found.`, "TrunkNotFound"),
    view,
    create(request, asked) {
      const parent = find(request, ports(world), textAt(asked, "port_id") ?? "");
      checkFree(world, parent.id);
      const name = textAt(asked, "name") ?? "";
      const sub_ports = joining(world, request, listAt(asked, "sub_ports") ?? []);
      for (const { port_id } of sub_ports) own(world, port_id, SUBPORT);
      return table.add({
        id: world.uuid(),
        project_id: request.project,
        name,
        description: textAt(asked, "description") ?? "",
        port_id: parent.id,
        status: world.faults.broken("trunk", name) === undefined ? "ACTIVE" : "ERROR",
        admin_state_up: asked["admin_state_up"] !== false,
        sub_ports,
        ...born(world),
      });
    },
    update(_request, row, asked) {
      if (typeof asked["admin_state_up"] === "boolean") row.admin_state_up = asked["admin_state_up"];
      relabel(world, row, asked);
    },
    remove(_request, row) {
      mustBeOn(row);
      for (const { port_id } of row.sub_ports) own(world, port_id, "");
      table.remove(row.id);
    },
  };
}

/** Without its key the body is more than Neutron's handler can take. */
function listIn(request: SandboxRequest): readonly unknown[] {
  if (request.body !== undefined && !isJson(request.body))
    throw bad("Malformed request body: Cannot understand JSON.", "MalformedRequestBody");
  const asked = isJson(request.body) ? request.body["sub_ports"] : undefined;
  if (asked === undefined)
    throw new Fault(
      500,
      "Request Failed: internal server error while processing your request.",
      "HTTPInternalServerError",
    );
  const why = wrongForm(asked);
  if (why !== undefined) throw invalid(why);
  return Array.isArray(asked) ? asked : [];
}

/** The answer is of a moment in which the trunk is down. */
function changed(world: World, row: Trunk, sub_ports: readonly Subport[]) {
  row.sub_ports = sub_ports;
  relabel(world, row, {});
  const body = { ...view(row), status: "DOWN" };
  row.revision_number += 1;
  return { status: 200, body };
}

export const trunkRoutes = (world: World): Readonly<Record<string, Handle>> => ({
  ...taggedRoutesOf(world, trunks(world)),
  ...subportRoutes(world),
});

/** What subports come and go by: all that are named, or none. */
function subportRoutes(world: World): Readonly<Record<string, Handle>> {
  const all = trunks(world);
  return {
    "GET /v2.0/trunks/:id/get_subports": (request, { id = "" }) => ({
      status: 200,
      body: { sub_ports: find(request, all, id).sub_ports },
    }),
    "PUT /v2.0/trunks/:id/add_subports": (request, { id = "" }) => {
      const trunk = find(request, all, id);
      const asked = listIn(request);
      const more = joining(world, request, asked);
      mustBeOn(trunk);
      const taken = more.find((one) => trunk.sub_ports.some((now) => now.segmentation_id === one.segmentation_id));
      if (taken !== undefined) {
        const what = `segmentation_type ${taken.segmentation_type} and segmentation_id ${taken.segmentation_id}`;
        throw new Fault(409, `${what} already in use on trunk ${trunk.id}.`, "DuplicateSubPort");
      }
      for (const { port_id } of more) own(world, port_id, SUBPORT);
      return changed(world, trunk, [...trunk.sub_ports, ...more]);
    },
    "PUT /v2.0/trunks/:id/remove_subports": (request, { id = "" }) => {
      const trunk = find(request, all, id);
      const going = listIn(request).map((one) => textAt(one, "port_id") ?? "");
      mustBeOn(trunk);
      const strange = going.find((port) => !trunk.sub_ports.some((one) => one.port_id === port));
      if (strange !== undefined) {
        const message = `SubPort ${strange} on trunk ${trunk.id} could not be found.`;
        throw new Fault(404, message, "SubPortNotFound");
      }
      for (const port of going) own(world, port, "");
      return changed(
        world,
        trunk,
        trunk.sub_ports.filter((one) => !going.includes(one.port_id)),
      );
    },
  };
}
