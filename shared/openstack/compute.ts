import * as z from "zod";
import { serverGroups } from "./compute-server-groups.ts";
import { anything, type Endpoint, type Quota } from "./endpoint.ts";
import { unlessMissing } from "./network-collection.ts";

/** Tags in the create call (2.52) and the flavor's name in the answer (2.47). Pike, 2017. */
const SERVERS = "2.52";

const server = z.object({
  id: z.string(),
  name: z.string(),
  tenant_id: z.string(),
  /** ACTIVE, BUILD, ERROR, SHUTOFF, DELETED and others. Source: Compute API guide, "Server concepts". */
  status: z.string(),
  /** `deleting` while a server goes away that may still be called ACTIVE. */
  "OS-EXT-STS:task_state": z.string().nullish(),
  metadata: z.record(z.string(), z.string()),
  tags: z.array(z.string()).default([]),
  /** Hash of the hypervisor and the project: equal for servers of a project on one host. Empty until it is placed. */
  hostId: z.string(),
  addresses: z.record(z.string(), z.array(z.object({ addr: z.string(), "OS-EXT-IPS:type": z.string().optional() }))),
  flavor: z.object({ original_name: z.string() }),
  /** ISO 8601. */
  created: z.string().nullish(),
  /** ISO 8601: of the last change of its state. */
  updated: z.string().nullish(),
  /** Only of a server in ERROR. */
  fault: z.object({ code: z.int(), message: z.string() }).nullish(),
});

export type Server = z.infer<typeof server>;

export interface NewServer {
  /** Its host name too. */
  readonly name: string;
  readonly flavorRef: string;
  readonly imageRef: string;
  readonly networks: readonly { readonly port: string }[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly config_drive: boolean;
  /** Base64, at most USER_DATA_MAX characters. */
  readonly user_data: string;
}

/** Characters of base64. Source: nova/api/openstack/compute/schemas/servers.py. */
export const USER_DATA_MAX = 65_535;

const flavor = z.object({
  id: z.string(),
  name: z.string(),
  vcpus: z.int(),
  /** MiB */
  ram: z.int(),
  /** GiB */
  disk: z.int(),
});

export type Flavor = z.infer<typeof flavor>;

const zones = z.object({
  availabilityZoneInfo: z.array(z.object({ zoneName: z.string(), zoneState: z.object({ available: z.boolean() }) })),
});

const count = z.object({ limit: z.int(), in_use: z.int(), reserved: z.int() });
const quotaSet = z.object({
  quota_set: z.object({
    instances: count,
    cores: count,
    ram: count,
    server_groups: count,
    server_group_members: count,
  }),
});

function servers(endpoint: Endpoint) {
  return {
    /** All servers of the project, or those that carry the tag. */
    listServers: (query: { readonly tags?: string } = {}) =>
      endpoint.all({
        path: "/servers/detail",
        key: "servers",
        query: { ...query },
        item: server,
        microversion: SERVERS,
      }),
    async getServer(id: string): Promise<Server | undefined> {
      const answer = oneServer;
      return (
        await unlessMissing(endpoint.call({ method: "GET", path: `/servers/${id}`, microversion: SERVERS, answer }))
      )?.server;
    },
    /** Nova answers 202 with little more than the id: all else is decided later. */
    async createServer(asked: NewServer, serverGroupId: string): Promise<{ readonly id: string }> {
      const { server } = await endpoint.call({
        method: "POST",
        path: "/servers",
        body: { server: asked, "os:scheduler_hints": { group: serverGroupId } },
        microversion: SERVERS,
        answer: madeServer,
      });
      return server;
    },
    /** Ports that were made before the server stay; Nova only lets go of them. */
    async deleteServer(id: string): Promise<void> {
      await unlessMissing(endpoint.call({ method: "DELETE", path: `/servers/${id}`, answer: anything }));
    },
    /** The last `lines` lines; undefined when the server is gone. Conflict until Nova has started it. */
    async getConsoleLog(id: string, lines: number): Promise<string | undefined> {
      const answer = z.object({ output: z.string().nullish() });
      const body = { "os-getConsoleOutput": { length: lines } };
      const said = await unlessMissing(endpoint.call({ method: "POST", path: `/servers/${id}/action`, body, answer }));
      return said === undefined ? undefined : (said.output ?? "");
    },
  };
}

const oneServer = z.object({ server });
const madeServer = z.object({ server: z.object({ id: z.string() }) });

/** Nova, API v2.1. Source: https://docs.openstack.org/api-ref/compute/. */
export function compute(endpoint: Endpoint) {
  return {
    ...servers(endpoint),
    ...serverGroups(endpoint),
    /** Those that the project may use. */
    listFlavors: () => endpoint.all({ path: "/flavors/detail", key: "flavors", item: flavor }),
    /** Names of the zones that are up. */
    async listAvailabilityZones(): Promise<readonly string[]> {
      const { availabilityZoneInfo } = await endpoint.call({
        method: "GET",
        path: "/os-availability-zone",
        answer: zones,
      });
      return availabilityZoneInfo.filter((zone) => zone.zoneState.available).map((zone) => zone.zoneName);
    },
    /** `instances`, `cores`, `ram` in MiB, `server_groups` and `server_group_members`. Members may read their own project's. */
    async quota(projectId: string): Promise<readonly Quota[]> {
      const path = `/os-quota-sets/${projectId}/detail`;
      const { quota_set } = await endpoint.call({ method: "GET", path, answer: quotaSet });
      return Object.entries(quota_set).map(([resource, { limit, in_use, reserved }]) => ({
        service: endpoint.service,
        resource,
        limit,
        used: in_use + reserved,
        ...(resource === "server_group_members" ? { each: true as const } : {}),
      }));
    },
  };
}

export type Compute = ReturnType<typeof compute>;
