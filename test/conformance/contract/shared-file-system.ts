import { NOBODY, place } from "./network.ts";
import type { At, Cases } from "./suite.ts";

const V = { microversion: "2.45" };
const zero = { show: () => 0 };

const statusIs = (wanted: string) => (answer: { readonly body: unknown }) =>
  (answer.body as { share?: { status?: string } }).share?.status === wanted;
const stateIs = (wanted: string) => (answer: { readonly body: unknown }) =>
  (answer.body as { access?: { state?: string } }).access?.state === wanted;
const missing = { until: ({ status }: { readonly status: number }) => status === 404 };

const wanted = (at: At, more: object = {}) => ({
  share: { name: at.run, size: 1, share_proto: "NFS", share_type: "rwx", metadata: { of: at.run }, ...more },
});

export const shareCases: Cases = {
  "types, quotas and messages": async (at) => {
    const ask = at("shared-file-system", V);
    const named = (body: unknown) =>
      (body as { share_types: { name: string; extra_specs: object }[] }).share_types
        .map(({ name, extra_specs }) => ({ name, extra_specs }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    await ask("GET /types?limit=100", undefined, { show: named });
    await ask(`GET /quota-sets/${at.project}/detail`, undefined, {
      show: (body) => Object.keys((body as { quota_set: object }).quota_set).sort(),
    });
    await ask(`GET /quota-sets/${NOBODY}/detail`);
    await ask(`PUT /quota-sets/${at.project}`, { quota_set: { shares: 1 } });
    await ask(`GET /messages?resource_id=${NOBODY}&limit=100`);
    await ask("GET /messages?limit=nonsense");
    await ask("GET /nonsense");
  },
  "a share network's life": async (at) => {
    const ask = at("shared-file-system", V);
    const { network_id, subnet_id } = await place(at);
    const share_network = {
      name: at.run,
      description: "one",
      neutron_net_id: network_id,
      neutron_subnet_id: subnet_id,
    };
    const { id } = await ask("POST /share-networks", { share_network });
    await ask(`GET /share-networks/${id}`);
    await ask("GET /share-networks/detail?limit=100", undefined, {
      show: (body) =>
        (body as { share_networks: { name: string }[] }).share_networks.filter(({ name }) => name === at.run),
    });
    await ask("POST /share-networks", { share_network: { ...share_network, name: `${at.run} Grüße 東京` } }, zero);
    const share = await ask("POST /shares", wanted(at, { share_type: "rwx-dhss", share_network_id: id }));
    await ask(`DELETE /share-networks/${id}`);
    await ask(`GET /shares/${share.id}`, undefined, { until: statusIs("available"), ...zero });
    await ask(`DELETE /share-networks/${id}`);
    await ask(`DELETE /shares/${share.id}`);
    await ask(`GET /shares/${share.id}`, undefined, missing);
    await ask(`DELETE /share-networks/${id}`);
    await ask(`GET /share-networks/${id}`, undefined, missing);
    await ask(`DELETE /share-networks/${id}`);
  },
  "share networks that can't be": async (at) => {
    const ask = at("shared-file-system", V);
    const { network_id, subnet_id } = await place(at);
    const refused = (share_network: unknown) => ask("POST /share-networks", { share_network });
    await ask("POST /share-networks", {});
    await ask("POST /share-networks", "{");
    await refused({ name: at.run, neutron_net_id: network_id });
    await refused({ name: at.run, neutron_subnet_id: subnet_id });
    await refused({ name: at.run, neutron_net_id: NOBODY, neutron_subnet_id: subnet_id });
    await refused({ name: at.run, neutron_net_id: network_id, neutron_subnet_id: NOBODY });
    await refused({ name: "n".repeat(256), neutron_net_id: network_id, neutron_subnet_id: subnet_id });
    await ask(`GET /share-networks/${NOBODY}`);
    await ask("GET /share-networks/nonsense");
    await ask(`DELETE /share-networks/${NOBODY}`);
  },
  "a share's life": async (at) => {
    const ask = at("shared-file-system", V);
    const { id } = await ask("POST /shares", wanted(at));
    await ask(`POST /shares/${id}/action`, { extend: { new_size: 2 } });
    await ask(`GET /shares/${id}`, undefined, { until: statusIs("available") });
    const mine = encodeURIComponent(JSON.stringify({ of: at.run }));
    await ask(`GET /shares/detail?metadata=${mine}&limit=100`, undefined, zero);
    await ask("GET /shares/detail?metadata=nonsense");
    await ask(`GET /shares?metadata=${mine}&limit=1`);
    await ask("GET /shares?limit=-1");
    await ask("GET /shares?limit=nonsense");
    await ask("GET /shares?offset=nonsense");
    await ask(`GET /shares/${id}/export_locations`, undefined, {
      show: (body) =>
        (body as { export_locations: { path: string }[] }).export_locations
          .map(({ path }) => path.split(":")[0])
          .sort(),
    });
    await ask(`POST /shares/${id}/metadata`, { metadata: { of: "two", other: "Grüße" } });
    await ask(`POST /shares/${id}/metadata`, { metadata: { long: "v".repeat(1024) } });
    await ask(`POST /shares/${id}/metadata`, { metadata: { ["k".repeat(256)]: "v" } });
    await ask(`POST /shares/${id}/metadata`, { metadata: "nonsense" });
    await ask(`DELETE /shares/${id}/metadata/other`);
    await ask(`DELETE /shares/${id}/metadata/other`);
    await ask(`POST /shares/${id}/action`, { extend: { new_size: 1 } });
    await ask(`POST /shares/${id}/action`, { extend: { new_size: "wide" } });
    await ask(`POST /shares/${id}/action`, { extend: {} });
    await ask(`POST /shares/${id}/action`, { nonsense: {} });
    await ask(`POST /shares/${id}/action`, { extend: { new_size: 2 } });
    await ask(`DELETE /shares/${id}`);
    await ask(`GET /shares/${id}`, undefined, { until: statusIs("available"), ...zero });
    await ask(`DELETE /shares/${id}`);
    await ask(`GET /shares/${id}`, undefined, missing);
    await ask(`DELETE /shares/${id}`);
    await ask(`POST /shares/${id}/action`, { extend: { new_size: 3 } });
    await ask(`POST /shares/${id}/metadata`, { metadata: {} });
    await ask(`GET /shares/${id}/export_locations`);
    await ask(`GET /share-access-rules?share_id=${id}&limit=100`);
  },
  "an access rule's life": async (at) => {
    const ask = at("shared-file-system", V);
    const { id: share } = await ask("POST /shares", wanted(at), zero);
    const to = { access_type: "ip", access_to: "10.62.0.0/24", access_level: "rw", metadata: { of: at.run } };
    const allows = (more: object) => ask(`POST /shares/${share}/action`, { allow_access: { ...to, ...more } });
    await allows({});
    await ask(`GET /shares/${share}`, undefined, { until: statusIs("available"), ...zero });
    const { id } = await allows({});
    await ask(`GET /share-access-rules/${id}`, undefined, { until: stateIs("active") });
    await ask(`GET /share-access-rules?share_id=${share}&limit=100`);
    await allows({});
    await allows({ access_level: "ro" });
    await allows({ access_to: "nonsense" });
    await allows({ access_type: "nonsense" });
    await allows({ access_level: "nonsense" });
    await allows({ access_to: undefined });
    await ask(`POST /shares/${share}/action`, { deny_access: { access_id: id } });
    await ask(`GET /share-access-rules/${id}`, undefined, missing);
    await ask(`POST /shares/${share}/action`, { deny_access: { access_id: id } });
    await ask(`POST /shares/${share}/action`, { deny_access: {} });
    await ask(`GET /share-access-rules/${NOBODY}`);
    await ask("GET /share-access-rules");
  },
  "shares that can't be": async (at) => {
    const ask = at("shared-file-system", V);
    const refused = (more: object) => ask("POST /shares", wanted(at, more));
    await ask("POST /shares", {});
    await ask("POST /shares", "{");
    await refused({ size: 0 });
    await refused({ size: -1 });
    await refused({ size: "wide" });
    await refused({ size: undefined });
    await refused({ share_proto: "TAPE" });
    await refused({ share_proto: undefined });
    await refused({ share_type: "nonsense" });
    await refused({ share_network_id: NOBODY });
    await refused({ share_type: "rwx-dhss" });
    await refused({ name: "n".repeat(256) });
    await refused({ metadata: { key: "v".repeat(1024) } });
    await refused({ availability_zone: "nonsense" });
    await ask(`GET /shares/${NOBODY}`);
    await ask("GET /shares/nonsense");
    await ask(`DELETE /shares/${NOBODY}`);
    await ask(`PATCH /shares/${NOBODY}`, {});
  },
  quotas: async (at) => {
    const small = (await at.small({ "shared-file-system": { shares: 1, gigabytes: 2, share_networks: 0 } }))(
      "shared-file-system",
      V,
    );
    await small("POST /shares", wanted(at, { size: 3 }));
    const { id } = await small("POST /shares", wanted(at), zero);
    await small("POST /shares", wanted(at));
    await small(`GET /shares/${id}`, undefined, { until: statusIs("available"), ...zero });
    await small(`POST /shares/${id}/action`, { extend: { new_size: 3 } });
    await small("POST /share-networks", { share_network: { name: at.run } });
  },
};
