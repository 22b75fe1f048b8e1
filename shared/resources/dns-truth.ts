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

/** A zone as Designate has it. */
export interface ZoneTruth {
  readonly name: string;
  /** ACTIVE, PENDING or ERROR. */
  readonly status: string;
  /** Of its SOA record, as Designate has written it last. */
  readonly serial?: number;
  /** Host names, without the dot at the end. */
  readonly nameServers: readonly string[];
}

/** Undefined: the zone is gone. Two calls. */
export async function inspectZone(cloud: Cloud, zoneId: string): Promise<ZoneTruth | undefined> {
  const zone = await cloud.dns.getZone(zoneId);
  if (zone === undefined) return undefined;
  const apex = await cloud.dns.listZoneRecordsets(zoneId, { name: zone.name, type: "NS" });
  return {
    name: zone.name,
    status: zone.status,
    ...(zone.serial == null ? {} : { serial: zone.serial }),
    nameServers: apex
      .filter((one) => one.type === "NS" && one.name === zone.name)
      .flatMap((one) => one.records.map((host) => host.replace(/\.$/, ""))),
  };
}

/** A record that answers for a name: its own, or the wildcard's above it. */
export interface Answering {
  readonly fqdn: string;
  readonly type: string;
  readonly records: readonly string[];
  readonly status: string;
}

/** What Designate has in a zone that answers for a name: its own records, or else those of the nearest wildcard above. */
export async function inspectName(
  cloud: Cloud,
  zone: { readonly id: string; readonly name: string },
  fqdn: string,
): Promise<readonly Answering[]> {
  const labels = fqdn
    .slice(0, -zone.name.length)
    .split(".")
    .filter((label) => label !== "");
  const wildcards = labels.map((_, at) => ["*", ...labels.slice(at + 1), zone.name].join("."));
  for (const name of [fqdn, ...wildcards]) {
    // A wildcard's name matches more than itself in Designate's filter.
    const found = (await cloud.dns.listZoneRecordsets(zone.id, { name })).filter((one) => one.name === name);
    if (found.length > 0) return found.map(({ type, records, status }) => ({ fqdn: name, type, records, status }));
  }
  return [];
}

/** What a name server said when it was asked for a name itself. */
export interface Lookup {
  readonly server: string;
  /** What was asked: below a wildcard, some name. */
  readonly asked: string;
  readonly fqdn: string;
  readonly type: WantedRecord["type"];
  readonly verdict: "right" | "wrong" | "unknown" | "empty" | "refused" | "silent";
  /** What it answered. */
  readonly records: readonly string[];
  /** Why it was silent. */
  readonly why?: string;
}

const undotted = (name: string): string => name.replace(/\.$/, "").toLowerCase();

/** Pure: an answer against what should be. A service's own words for the rest. */
export function judgeAnswer(
  wanted: readonly string[],
  answer: { readonly is: string; readonly records?: readonly string[]; readonly why?: string },
): Pick<Lookup, "verdict" | "records" | "why"> {
  const { is, records = [], why } = answer;
  if (is === "answered")
    return { verdict: same(wanted.map(undotted), records.map(undotted)) ? "right" : "wrong", records };
  if (is === "unknown" || is === "empty" || is === "refused") return { verdict: is, records };
  return { verdict: "silent", records, why: why ?? "no answer in time" };
}
