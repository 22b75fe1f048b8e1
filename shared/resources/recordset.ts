import type { Cloud } from "../openstack/cloud.ts";
import type { Recordset } from "../openstack/dns.ts";
import { isTrouble, OpenStackError } from "../openstack/errors.ts";
import { DNS_FAULT, describe, describedOwner, dnsStatus } from "./dns-mark.ts";
import { type Kind, markOf, nameOf, type Owner, type Seen } from "./kind.ts";

export interface RecordsetSpec {
  readonly zoneId: string;
  /** Fully qualified, with the dot at its end; `*` as the first label is a wildcard. */
  readonly name: string;
  readonly type: "A";
  /** IPv4 addresses, in no particular order. */
  readonly records: readonly string[];
  /** Seconds. */
  readonly ttl: number;
}

type Cluster = Pick<Owner, "cluster" | "name">;

/** Designate addresses a recordset by its zone and its own id. */
const idIn = (zoneId: string, id: string): string => `${zoneId}/${id}`;
const partsOf = (id: string): readonly [string, string] => {
  const [zoneId = "", own = ""] = id.split("/");
  return [zoneId, own];
};

const joined = (records: readonly string[]): string => records.toSorted().join(",");

function seeAs(owner: Owner, recordset: Recordset): Seen {
  const status = dnsStatus(recordset);
  return {
    id: idIn(recordset.zone_id, recordset.id),
    name: nameOf(owner),
    status,
    state: recordset.action === "NONE" ? recordset.status : `${recordset.status} ${recordset.action}`,
    ...(status === "failed" ? { fault: DNS_FAULT } : {}),
    facts: {
      fqdn: recordset.name,
      records: joined(recordset.records),
      ttl: String(recordset.ttl ?? ""),
      zoneId: recordset.zone_id,
    },
  };
}

function see(cluster: Cluster, recordset: Recordset): Seen | undefined {
  const owner = describedOwner(cluster, recordset.description);
  return owner === undefined ? undefined : seeAs(owner, recordset);
}

/** Our own recordset when only the answer of its creation was lost; whoever else made it keeps the name. */
async function holderOf(cloud: Cloud, owner: Owner, spec: RecordsetSpec, refusal: OpenStackError): Promise<Seen> {
  const named = await cloud.dns.listZoneRecordsets(spec.zoneId, { name: spec.name, type: spec.type });
  const holder = named.find((one) => one.name === spec.name && one.type === spec.type);
  if (holder === undefined) throw refusal;
  const seen = see(owner, holder);
  if (seen?.name === nameOf(owner)) return seen;
  const fault = `The DNS name ${spec.name} belongs to somebody else: remove that recordset or choose another cluster name`;
  throw new OpenStackError({ ...refusal.detail, fault, trouble: "ambiguous", cause: refusal });
}

/** A Designate recordset of type A. Its name servers follow some seconds after: it is PENDING until they do. */
export const recordset: Kind<RecordsetSpec> = {
  kind: "recordset",
  async find(cloud, cluster) {
    const { projectId } = await cloud.scope();
    const all = await cloud.dns.listRecordsets({ description: `${markOf(cluster)} *` });
    return all.filter((one) => one.project_id === projectId).flatMap((one) => see(cluster, one) ?? []);
  },
  async get(cloud, cluster, id) {
    const { projectId } = await cloud.scope();
    const found = await cloud.dns.getRecordset(...partsOf(id));
    return found?.project_id === projectId ? see(cluster, found) : undefined;
  },
  async create(cloud, owner, spec) {
    const { zoneId, name, type, records, ttl } = spec;
    const description = describe(owner);
    try {
      return seeAs(owner, await cloud.dns.createRecordset(zoneId, { name, type, records, ttl, description }));
    } catch (error) {
      if (isTrouble(error, "conflict")) return holderOf(cloud, owner, spec, error);
      throw error;
    }
  },
  async update(cloud, owner, spec, seen) {
    const same = seen.facts["records"] === joined(spec.records) && seen.facts["ttl"] === String(spec.ttl);
    if (same || seen.status === "leaving") return seen;
    const { records, ttl } = spec;
    return seeAs(
      owner,
      await cloud.dns.updateRecordset(...partsOf(seen.id), { records, ttl, description: describe(owner) }),
    );
  },
  remove: (cloud, seen) => cloud.dns.deleteRecordset(...partsOf(seen.id)),
};
