import type { World } from "./core.ts";
import { canSeeImage, type Image } from "./glance.ts";
import { isJson, jsonAt, listAt, textAt, textsAt } from "./json.ts";
import { atLeast } from "./microversion.ts";
import { anyNetwork, checkNetworks, groupsIn, networksIn } from "./nova-create-networks.ts";
import { createSchema, HOSTNAME_MAX } from "./nova-create-schema.ts";
import { keyPairsOf } from "./nova-keypairs.ts";
import { type Flavor, type Server, serverTable, tagsOf, ZONE } from "./nova-model.ts";
import { roomForServer } from "./nova-quota.ts";
import { bad, isTrue, notAllowed } from "./nova-schema.ts";
import { findGroup } from "./nova-server-groups.ts";
import type { SandboxRequest } from "./service.ts";

const hostnameOf = (displayName: string, id: string): string => {
  const plain = displayName
    .slice(0, HOSTNAME_MAX)
    .replace(/[ _.]/g, "-")
    .replace(/[^\w.-]+/g, "")
    .toLowerCase()
    .replace(/^[.-]+|[.-]+$/g, "");
  return plain === "" ? `server-${id}` : plain;
};

function checkImage(world: World, request: SandboxRequest, id: string): Image {
  const image = world.table<Image>("image").get(id);
  if (image === undefined || !canSeeImage(request, image)) throw bad("Can not find requested image");
  return image;
}

/** A new server in BUILD, or the fault that Nova would find first. */
export function createServer(world: World, flavors: readonly Flavor[], request: SandboxRequest): Server {
  createSchema(request)(request.body);
  const asked = jsonAt(request.body, "server") ?? {};
  const zone = textAt(asked, "availability_zone");
  if (zone?.includes(":") === true) throw notAllowed("servers:create:forced_host");
  const imageId = textAt(asked, "imageRef") ?? "";
  if (imageId === "") throw bad("Missing imageRef attribute");
  const listed = networksIn(asked);
  const flavorId = String(asked["flavorRef"]).replace(/^.*\//, "");
  const flavor = flavors.find((one) => one.id === flavorId);
  if (flavor === undefined) throw bad(`Flavor ${flavorId} could not be found.`);
  if (zone !== undefined && zone !== ZONE) throw bad("The requested availability zone is not available");
  const image = checkImage(world, request, imageId);
  const groupNames = (listAt(asked, "security_groups") ?? []).flatMap((one) => textAt(one, "name") ?? []);
  const security_groups = groupsIn(world, request, groupNames.length === 0 ? ["default"] : groupNames);
  const wanted = listed === undefined || listed.length === 0 ? anyNetwork(world, request, asked) : listed;
  checkNetworks(world, request, wanted);
  const key_name = textAt(asked, "key_name") ?? null;
  if (key_name !== null && !keyPairsOf(world, request.user).some((one) => one.name === key_name))
    throw bad("Invalid key_name provided.");
  const hints = jsonAt(request.body, "os:scheduler_hints") ?? jsonAt(request.body, "OS-SCH-HNT:scheduler_hints");
  const groupId = textAt(hints, "group");
  const group = groupId === undefined ? undefined : findGroup(world, request, groupId, 400);
  roomForServer(world, request.project, flavor, group);
  const id = world.uuid();
  const displayName = textAt(asked, "name") ?? "";
  const values = Object.entries(isJson(asked["metadata"]) ? asked["metadata"] : {});
  return serverTable(world).add({
    id,
    project_id: request.project,
    user_id: request.user,
    name: displayName,
    hostname: textAt(asked, "hostname") ?? hostnameOf(displayName, id),
    description: atLeast(request, "2.19") ? (textAt(asked, "description") ?? null) : displayName,
    flavor,
    image_id: image.id,
    metadata: Object.fromEntries(values.map(([key, value]) => [key, String(value)])),
    wanted,
    security_groups,
    key_name,
    config_drive: isTrue(asked["config_drive"]),
    user_data: textAt(asked, "user_data") ?? "",
    group: group?.id,
    created_ms: world.nowMs(),
    tags: tagsOf(textsAt(asked, "tags") ?? []),
    status: "BUILD",
    vm_state: "building",
    task_state: "scheduling",
    power_state: 0,
    host: undefined,
    made_ports: [],
    updated_ms: world.nowMs(),
    launched_ms: undefined,
    terminated_ms: undefined,
    busy_until_ms: 0,
    deaf_ms: undefined,
    fault: undefined,
  });
}
