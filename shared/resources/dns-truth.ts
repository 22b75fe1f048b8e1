import type { Cloud } from "../openstack/cloud.ts";
import type { Pointer, Recordset } from "../openstack/dns.ts";
import { describedOwner, dnsStatus } from "./dns-mark.ts";
import type { Owner } from "./kind.ts";

export interface WantedRecord {
  /** With the dot at its end; for a PTR record the reverse name, as `reverseName` makes it. */
  readonly fqdn: string;
  readonly type: "A" | "PTR";
  readonly records: readonly string[];
}

export interface RecordTruth {
  readonly fqdn: string;
  readonly type: WantedRecord["type"];
  readonly wanted: readonly string[];
  /** Undefined when there is no such record. */
  readonly actual: readonly string[] | undefined;
  /** Designate's own word; undefined when there is no such record. */
  readonly status: string | undefined;
  /** `foreign`: it exists without this cluster's mark. `pending`: right in Designate, not yet at the name servers. */
  readonly verdict: "right" | "missing" | "wrong" | "pending" | "error" | "foreign";
}

/** `203.0.113.68` -> `68.113.0.203.in-addr.arpa.`: where the PTR record of an IPv4 address is. */
export const reverseName = (address: string): string => `${address.split(".").toReversed().join(".")}.in-addr.arpa.`;

type Actual = Pick<Recordset, "records" | "description" | "status" | "action">;

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.toSorted().join() === b.toSorted().join();

function verdictOn(
  cluster: Pick<Owner, "cluster" | "name">,
  wanted: WantedRecord,
  actual: Actual,
): RecordTruth["verdict"] {
  if (describedOwner(cluster, actual.description) === undefined) return "foreign";
  const status = dnsStatus(actual);
  if (status === "failed") return "error";
  if (status === "leaving") return "missing";
  if (!same(wanted.records, actual.records)) return "wrong";
  return status === "pending" ? "pending" : "right";
}

const asRecord = (pointer: Pointer): Actual | undefined =>
  pointer.ptrdname === null ? undefined : { ...pointer, records: [pointer.ptrdname] };

/**
 * What DNS should hold for a cluster against what Designate holds now, in the order asked. Nothing is remembered: one listing
 * per name, and one of the floating IPs when PTR records are wanted.
 */
export async function inspectRecords(
  cloud: Cloud,
  cluster: Pick<Owner, "cluster" | "name">,
  wanted: readonly WantedRecord[],
): Promise<readonly RecordTruth[]> {
  const pointers = wanted.some((one) => one.type === "PTR") ? cloud.dns.listPointers() : Promise.resolve([]);
  const actualOf = async ({ fqdn, type }: WantedRecord): Promise<Actual | undefined> => {
    if (type === "PTR") {
      const pointer = (await pointers).find((one) => reverseName(one.address) === fqdn);
      return pointer === undefined ? undefined : asRecord(pointer);
    }
    // A wildcard's name matches more than itself in Designate's filter.
    const named = await cloud.dns.listRecordsets({ name: fqdn, type });
    return named.find((one) => one.name === fqdn && one.type === type);
  };
  return Promise.all(
    wanted.map(async (one) => {
      const actual = await actualOf(one);
      return {
        fqdn: one.fqdn,
        type: one.type,
        wanted: one.records,
        actual: actual?.records,
        status: actual?.status,
        verdict: actual === undefined ? "missing" : verdictOn(cluster, one, actual),
      };
    }),
  );
}
