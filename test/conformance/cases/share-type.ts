import type { World } from "../kind-case.ts";

/** A share type whose driver makes share servers in a share network, or one whose driver doesn't. */
export async function shareTypeName(world: World, shareServers: boolean): Promise<string> {
  const word = shareServers ? "true" : "false";
  const types = await world.cloud.sharedFileSystem.listShareTypes();
  const type = types.find((one) => String(one.extra_specs["driver_handles_share_servers"]).toLowerCase() === word);
  if (type === undefined) throw new Error(`this cloud has no share type with driver_handles_share_servers=${word}`);
  return type.name;
}
