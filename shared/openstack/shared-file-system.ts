import * as z from "zod";
import { anything, type Endpoint, type Quota } from "./endpoint.ts";
import { unlessMissing } from "./network-collection.ts";
import { accessRules } from "./shared-file-system-access.ts";
import { MICROVERSION, settled } from "./shared-file-system-state.ts";

const shareType = z.object({
  id: z.string(),
  name: z.string(),
  /** `driver_handles_share_servers` is "True" where shares of this type need a share network. */
  extra_specs: z.record(z.string(), z.union([z.string(), z.boolean()]).nullable()),
});

const share = z.object({
  id: z.string(),
  name: z.string().nullish(),
  project_id: z.string(),
  /** GiB. */
  size: z.int(),
  status: z.string(),
  share_proto: z.string(),
  share_network_id: z.string().nullish(),
  metadata: z.record(z.string(), z.string()),
});

export type Share = z.infer<typeof share>;

const shareNetwork = z.object({
  id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  project_id: z.string(),
  neutron_net_id: z.string().nullish(),
  neutron_subnet_id: z.string().nullish(),
});

export type ShareNetwork = z.infer<typeof shareNetwork>;

export interface ShareFields {
  readonly name: string;
  /** GiB. */
  readonly size: number;
  /** NFS or CEPHFS. */
  readonly share_proto: string;
  /** Name or id. */
  readonly share_type: string;
  readonly share_network_id?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const exportLocation = z.object({ path: z.string() });
const message = z.object({ user_message: z.string(), created_at: z.string() });
const usage = z.object({ limit: z.int(), in_use: z.int(), reserved: z.int() });
const quotaSet = z.object({ quota_set: z.object({ shares: usage, gigabytes: usage, share_networks: usage }) });

function shares(endpoint: Endpoint) {
  const one = z.object({ share });
  const call = { microversion: MICROVERSION } as const;
  const path = (id: string, rest = "") => `/shares/${id}${rest}`;
  return {
    /** The project's shares that carry all of `metadata`. */
    listShares: (metadata: Readonly<Record<string, string>>) =>
      endpoint.all({
        ...call,
        path: "/shares/detail",
        key: "shares",
        item: share,
        query: { metadata: JSON.stringify(metadata) },
      }),
    async getShare(id: string): Promise<Share | undefined> {
      return (await unlessMissing(endpoint.call({ ...call, method: "GET", path: path(id), answer: one })))?.share;
    },
    async createShare(fields: ShareFields): Promise<Share> {
      return (await endpoint.call({ ...call, method: "POST", path: "/shares", body: { share: fields }, answer: one }))
        .share;
    },
    /** To `size` GiB; refused with `invalid` unless that is more than it has. */
    async extendShare(id: string, size: number): Promise<void> {
      const body = { extend: { new_size: size } };
      await settled(endpoint.call({ ...call, method: "POST", path: path(id, "/action"), body, answer: anything }));
    },
    async deleteShare(id: string): Promise<void> {
      await unlessMissing(settled(endpoint.call({ ...call, method: "DELETE", path: path(id), answer: anything })));
    },
    /** Adds or replaces these keys and leaves the others. */
    async setShareMetadata(id: string, metadata: Readonly<Record<string, string>>): Promise<void> {
      const asked = { method: "POST", path: path(id, "/metadata"), body: { metadata } } as const;
      await endpoint.call({ ...call, ...asked, answer: anything });
    },
    async deleteShareMetadata(id: string, key: string): Promise<void> {
      const asked = { method: "DELETE", path: path(id, `/metadata/${key}`) } as const;
      await unlessMissing(endpoint.call({ ...call, ...asked, answer: anything }));
    },
    /** Where it is mounted from, `10.0.0.10:/path` for NFS; none until the share is available. */
    async listExportLocations(id: string): Promise<readonly string[]> {
      const listing = { path: path(id, "/export_locations"), key: "export_locations", item: exportLocation };
      return (await endpoint.all({ ...call, ...listing })).map((location) => location.path);
    },
    /** Why the share (or another resource) is in error, in Manila's words for users, the newest first. */
    async listMessages(resourceId: string): Promise<readonly string[]> {
      const query = { resource_id: resourceId };
      const messages = await endpoint.all({ ...call, path: "/messages", key: "messages", item: message, query });
      return messages.toSorted((a, b) => b.created_at.localeCompare(a.created_at)).map((found) => found.user_message);
    },
  };
}

function shareNetworks(endpoint: Endpoint) {
  const one = z.object({ share_network: shareNetwork });
  const call = { microversion: MICROVERSION } as const;
  const path = (id: string) => `/share-networks/${id}`;
  return {
    listShareNetworks: () =>
      endpoint.all({ ...call, path: "/share-networks/detail", key: "share_networks", item: shareNetwork }),
    async getShareNetwork(id: string): Promise<ShareNetwork | undefined> {
      return (await unlessMissing(endpoint.call({ ...call, method: "GET", path: path(id), answer: one })))
        ?.share_network;
    },
    async createShareNetwork(fields: {
      readonly name: string;
      readonly description: string;
      readonly neutron_net_id: string;
      readonly neutron_subnet_id: string;
    }): Promise<ShareNetwork> {
      const asked = { method: "POST", path: "/share-networks", body: { share_network: fields } } as const;
      return (await endpoint.call({ ...call, ...asked, answer: one })).share_network;
    },
    /** Conflict while shares use it. Manila then removes its share servers by itself. */
    async deleteShareNetwork(id: string): Promise<void> {
      await unlessMissing(endpoint.call({ ...call, method: "DELETE", path: path(id), answer: anything }));
    },
  };
}

/** Manila, API v2. Source: https://docs.openstack.org/api-ref/shared-file-system/. */
export const sharedFileSystems = (endpoint: Endpoint) => ({
  listShareTypes: () =>
    endpoint.all({ path: "/types", key: "share_types", item: shareType, microversion: MICROVERSION }),
  ...shares(endpoint),
  ...accessRules(endpoint),
  ...shareNetworks(endpoint),
  /** `used` includes what is reserved by changes under way. Members may read their own project's. */
  async quota(projectId: string): Promise<readonly Quota[]> {
    const path = `/quota-sets/${projectId}/detail`;
    const asked = { method: "GET", path, microversion: MICROVERSION } as const;
    const { quota_set: set } = await endpoint.call({ ...asked, answer: quotaSet });
    return (["shares", "gigabytes", "share_networks"] as const).map((resource) => {
      const { limit, in_use, reserved } = set[resource];
      return { service: endpoint.service, resource, limit, used: in_use + reserved };
    });
  },
});

export type SharedFileSystems = ReturnType<typeof sharedFileSystems>;
