import * as z from "zod";
import { anything, type Endpoint, type Quota } from "./endpoint.ts";
import { isTrouble } from "./errors.ts";
import { unlessMissing } from "./network-collection.ts";

const zone = z.object({
  id: z.string(),
  /** Ends with a dot. */
  name: z.string(),
  project_id: z.string(),
  status: z.string(),
  /** PRIMARY, or SECONDARY: a copy that takes no recordsets. */
  type: z.string().nullish(),
  /** Of the SOA record: name servers that have an older one lag behind. */
  serial: z.int().nullish(),
});

const recordset = z.object({
  id: z.string(),
  zone_id: z.string(),
  /** The project that made it, also in a zone that another shares with it. */
  project_id: z.string(),
  name: z.string(),
  type: z.string(),
  records: z.array(z.string()),
  description: z.string().nullish(),
  ttl: z.int().nullish(),
  /** PENDING, ACTIVE, ERROR or DELETED: the worst of its records. */
  status: z.string(),
  /** NONE, CREATE, UPDATE or DELETE: what `status` is about. */
  action: z.string(),
});

export type Recordset = z.infer<typeof recordset>;

const pointer = z.object({
  /** `<region>:<floating IP's id>` */
  id: z.string(),
  address: z.string(),
  /** Null: the floating IP has no PTR record. */
  ptrdname: z.string().nullable(),
  description: z.string().nullish(),
  ttl: z.int().nullish(),
  /** INACTIVE without a PTR record. */
  status: z.string(),
  action: z.string(),
});

export type Pointer = z.infer<typeof pointer>;

export interface RecordsetFields {
  readonly records: readonly string[];
  /** Seconds. */
  readonly ttl: number;
  readonly description: string;
}

/** Filters are equality; a `*` at the beginning or the end stands for anything. */
export interface RecordsetFilter {
  readonly name?: string;
  readonly description?: string;
  readonly type?: string;
}

const counted = z.object({ metadata: z.object({ total_count: z.int() }) });
const limits = z.object({ zone_recordsets: z.int() });

function recordsets(endpoint: Endpoint) {
  const path = (zoneId: string, id = "") => `/zones/${zoneId}/recordsets${id === "" ? "" : `/${id}`}`;
  return {
    /** Those of every zone of the project. */
    listRecordsets: (query: RecordsetFilter) =>
      endpoint.all({ path: "/recordsets", key: "recordsets", item: recordset, query: { ...query } }),
    listZoneRecordsets: (zoneId: string, query: RecordsetFilter = {}) =>
      endpoint.all({ path: path(zoneId), key: "recordsets", item: recordset, query: { ...query } }),
    getRecordset: (zoneId: string, id: string) =>
      unlessMissing(endpoint.call({ method: "GET", path: path(zoneId, id), answer: recordset })),
    /** Conflict when the zone has one of this name and type. */
    createRecordset: (zoneId: string, fields: RecordsetFields & { readonly name: string; readonly type: string }) =>
      endpoint.call({ method: "POST", path: path(zoneId), body: fields, answer: recordset }),
    /** Name and type can't be changed. */
    updateRecordset: (zoneId: string, id: string, fields: Partial<RecordsetFields>) =>
      endpoint.call({ method: "PUT", path: path(zoneId, id), body: fields, answer: recordset }),
    async deleteRecordset(zoneId: string, id: string): Promise<void> {
      await unlessMissing(endpoint.call({ method: "DELETE", path: path(zoneId, id), answer: anything }));
    },
    /** All that the zone holds, its own NS and SOA included, as the quota counts them. */
    async countRecordsets(zoneId: string): Promise<number> {
      const { metadata } = await endpoint.call({
        method: "GET",
        path: path(zoneId),
        query: { limit: 1 },
        answer: counted,
      });
      return metadata.total_count;
    },
  };
}

function pointers(endpoint: Endpoint) {
  const path = (region: string, floatingIpId: string) => `/reverse/floatingips/${region}:${floatingIpId}`;
  const listPointers = () => endpoint.all({ path: "/reverse/floatingips", key: "floatingips", item: pointer });
  return {
    /** Every floating IP of the project, those without a PTR record included. Designate asks Neutron for them. */
    listPointers,
    /** Undefined when the floating IP is gone. */
    getPointer: (region: string, floatingIpId: string) =>
      unlessMissing(endpoint.call({ method: "GET", path: path(region, floatingIpId), answer: pointer })),
    /** Sets or replaces the PTR record. */
    setPointer: (
      region: string,
      floatingIpId: string,
      fields: { readonly ptrdname: string; readonly ttl: number; readonly description: string },
    ) => endpoint.call({ method: "PATCH", path: path(region, floatingIpId), body: fields, answer: pointer }),
    /** 404 is what Designate answers both without a PTR record and without the floating IP. */
    async unsetPointer(region: string, floatingIpId: string): Promise<void> {
      const asked = { method: "PATCH", path: path(region, floatingIpId), body: { ptrdname: null } } as const;
      await unlessMissing(endpoint.call({ ...asked, answer: anything }));
    },
    /** Whether Designate keeps PTR records for floating IPs here: not without Neutron, nor where its policy forbids it. */
    async supportsReverse(): Promise<boolean> {
      try {
        await listPointers();
        return true;
      } catch (error) {
        if (isTrouble(error, "missing", "denied", "invalid")) return false;
        throw error;
      }
    },
  };
}

/**
 * Designate, API v2. Recordsets and PTR records are written to the name servers some seconds after the answer: until then
 * they are PENDING. Source: https://docs.openstack.org/api-ref/dns/.
 */
export const dns = (endpoint: Endpoint) => {
  const sets = recordsets(endpoint);
  return {
    /** `name` filters by equality and ends with a dot. */
    listZones: (query: { readonly name?: string } = {}) =>
      endpoint.all({ path: "/zones", key: "zones", item: zone, query: { ...query } }),
    getZone: (id: string) => unlessMissing(endpoint.call({ method: "GET", path: `/zones/${id}`, answer: zone })),
    ...sets,
    ...pointers(endpoint),
    /** Recordsets are limited by zone, so the count is that of `zoneId`. */
    async quota(projectId: string, zoneId: string): Promise<readonly Quota[]> {
      const [{ zone_recordsets: limit }, used] = await Promise.all([
        endpoint.call({ method: "GET", path: `/quotas/${projectId}`, answer: limits }),
        sets.countRecordsets(zoneId),
      ]);
      return [{ service: endpoint.service, resource: "zone_recordsets", limit, used }];
    },
  };
};

export type Dns = ReturnType<typeof dns>;
