import type { World } from "./core.ts";
import { apexOf, inZone, type Recordset, recordsetsOf, type Zone } from "./designate-rows.ts";
import { Fault } from "./service.ts";

export const bad = (message: string, type = "bad_request") => new Fault(400, message, type);
const misplaced = (message: string) => bad(message, "invalid_recordset_location");
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export function within(world: World, project: string, resource: string, count: number): void {
  const limit = world.quotas.limit(project, "dns", resource);
  if (limit >= 0 && count > limit) throw new Fault(413, `Quota exceeded for ${resource}.`, "over_quota");
}

/** Of the records that people made: managed ones are free. */
export function room(world: World, zone: Zone, records: readonly string[], instead?: Recordset): void {
  const others = recordsetsOf(world)
    .all()
    .filter((row) => row.zone_id === zone.id && row.id !== instead?.id);
  const total = others.reduce((sum, row) => sum + row.records.length, records.length);
  within(world, zone.project_id, "zone_records", total);
  within(world, zone.project_id, "recordset_records", records.length);
}

export function stays(zone: Zone): void {
  if (zone.action === "DELETE") throw bad("Can not update a deleting zone");
}

export function place(world: World, zone: Zone, name: string, type: string): void {
  if (!same(name, zone.name) && !name.toLowerCase().endsWith(`.${zone.name}`))
    throw misplaced("RecordSet is not contained within it's parent zone");
  if (type === "CNAME" && same(name, zone.name))
    throw misplaced("CNAME recordsets may not be created at the zone apex");
  const named = [...apexOf(zone), ...inZone(world, zone)].filter((row) => same(row.name, name));
  if (named.some((row) => type === "CNAME" || row.type === "CNAME"))
    throw misplaced("CNAME recordsets may not share a name with any other records");
  if (named.some((row) => row.type === type)) throw new Fault(409, "Duplicate RecordSet", "duplicate_recordset");
}

export function single(type: string, records: readonly string[]): void {
  if (type === "CNAME" && records.length > 1) throw bad("CNAME recordsets may not have more than 1 record");
}
