import { type RecordsetSpec, recordset } from "../../../shared/resources/recordset.ts";
import type { KindCase } from "../kind-case.ts";
import { zoneOf } from "./dns.ts";

export const recordsetCase: KindCase<RecordsetSpec> = {
  name: "recordset",
  kind: recordset,
  step: "dns/apps",
  async prepare(world) {
    const zone = await zoneOf(world);
    const at = `${world.cluster.cluster}.${zone.name}`;
    const minimal = { zoneId: zone.id, name: `*.${at}`, type: "A", records: ["203.0.113.4"], ttl: 60 } as const;
    const changed = { ...minimal, records: ["203.0.113.6", "203.0.113.5"], ttl: 120 };
    return { minimal, full: minimal, changed, twin: { ...minimal, name: `twin.${at}` } };
  },
  disturb: (world, { facts, id }) =>
    world.cloud.dns.updateRecordset(facts["zoneId"] ?? "", id.slice(id.indexOf("/") + 1), { records: ["192.0.2.1"] }),
};
