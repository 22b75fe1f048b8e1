import type { World } from "../kind-case.ts";

/** The project's first zone. */
export async function zoneOf(world: World) {
  const [zone] = await world.cloud.dns.listZones();
  if (zone === undefined) throw new Error("this project has no DNS zone");
  return zone;
}
