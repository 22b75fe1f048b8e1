import { externalId, place } from "./network.ts";
import type { At, Cases } from "./suite.ts";

const zero = { show: () => 0 };
const SHARES = { microversion: "2.45" };
const GROUPS = { microversion: "2.64" };

/** Another project's login, in the same transcript. */
const stranger = (at: At) => at.small({});

/** What one project has, asked for by another. */
export const strangerCases: Cases = {
  networking: async (at) => {
    const ask = at("network");
    const { network_id, subnet_id } = await place(at);
    const port = await ask("POST /ports", { port: { network_id } }, zero);
    const group = await ask("POST /security-groups", { security_group: { name: at.run } }, zero);
    const router = await ask("POST /routers", { router: { name: at.run } }, zero);
    const floatingip = { floating_network_id: await externalId(at) };
    const address = await ask("POST /floatingips", { floatingip }, zero);
    const other = (await stranger(at))("network");
    const theirs: readonly (readonly [string, string, string])[] = [
      ["networks", "network", network_id],
      ["subnets", "subnet", subnet_id],
      ["ports", "port", port.id],
      ["security-groups", "security_group", group.id],
      ["routers", "router", router.id],
      ["floatingips", "floatingip", address.id],
    ];
    for (const [many, one, id] of theirs) {
      await other(`GET /${many}/${id}`);
      await other(`PUT /${many}/${id}`, { [one]: { description: "mine" } });
      await other(`DELETE /${many}/${id}`);
      await other(`GET /${many}?id=${id}`);
    }
    await other("POST /ports", { port: { network_id } });
    await other("POST /subnets", { subnet: { network_id, ip_version: 4, cidr: "10.62.1.0/24" } });
    await other(`PUT /routers/${router.id}/add_router_interface`, { subnet_id });
    const rule = { security_group_id: group.id, direction: "ingress", ethertype: "IPv4" };
    await other("POST /security-group-rules", { security_group_rule: rule });
    const shared = await at("network")("GET /networks?router%3Aexternal=true", undefined, zero);
    await other(`DELETE /networks/${shared.id}`);
    await other(`PUT /networks/${shared.id}`, { network: { name: "mine" } });
  },
  "compute and keys": async (at) => {
    const group = { server_group: { name: at.run, policy: "affinity" } };
    const { id } = await at("compute", GROUPS)("POST /os-server-groups", group, zero);
    const text = { name: at.run, payload: "horse", payload_content_type: "text/plain" };
    const secret = await at("key-manager")("POST /secrets", text, zero);
    const meta = { name: at.run, algorithm: "aes", bit_length: 256, mode: "cbc" };
    const order = await at("key-manager")("POST /orders", { type: "key", meta }, zero);
    const made = await at("key-manager")(`GET /orders/${order.id}`, undefined, {
      until: ({ body }) => JSON.stringify(body).includes("secret_ref"),
      ...zero,
    });
    const ref = (made.body as { secret_ref: string }).secret_ref;
    const other = await stranger(at);
    await other("compute", GROUPS)(`GET /os-server-groups/${id}`);
    await other("compute", GROUPS)(`DELETE /os-server-groups/${id}`);
    await other("compute", GROUPS)("GET /os-server-groups");
    const keys = other("key-manager");
    await keys(`GET /secrets/${secret.id}`);
    await keys(`GET /secrets/${secret.id}/payload`, undefined, { headers: { accept: "text/plain" } });
    await keys(`DELETE /secrets/${secret.id}`);
    await keys(`GET /secrets?name=${at.run}`);
    await keys(`GET /orders/${order.id}`);
    await keys(`DELETE /orders/${order.id}`);
    await at("key-manager")(`DELETE /secrets/${ref.slice(ref.lastIndexOf("/") + 1)}`);
  },
  names: async (at) => {
    const zones = await at("dns")("GET /zones", undefined, zero);
    const [zone] = (zones.body as { zones: { id: string; name: string }[] }).zones;
    const path = `/zones/${zone?.id}/recordsets`;
    const set = { name: `${at.run}.${zone?.name}`, type: "A", records: ["192.0.2.1"] };
    const { id } = await at("dns")(`POST ${path}`, set, zero);
    const ask = (await stranger(at))("dns");
    await ask(`GET /zones/${zone?.id}`);
    await ask(`GET ${path}`);
    await ask(`GET ${path}/${id}`);
    await ask(`POST ${path}`, { ...set, name: `two.${set.name}` });
    await ask(`PUT ${path}/${id}`, { ttl: 60 });
    await ask(`DELETE ${path}/${id}`);
    await ask(`GET /recordsets?name=${set.name}`);
    await ask("POST /zones", { name: zone?.name, email: "a@example.org" });
    await ask("POST /zones", { name: `sub.${zone?.name}`, email: "a@example.org" });
  },
  "load balancers": async (at) => {
    const mine = at("load-balancer");
    const { subnet_id: vip_subnet_id } = await place(at);
    const { id } = await mine("POST /lbaas/loadbalancers", { loadbalancer: { vip_subnet_id, provider: "ovn" } }, zero);
    const ask = (await stranger(at))("load-balancer");
    await ask(`GET /lbaas/loadbalancers/${id}`);
    await ask(`GET /lbaas/loadbalancers/${id}/status`);
    await ask(`PUT /lbaas/loadbalancers/${id}`, { loadbalancer: { name: "mine" } });
    await ask(`DELETE /lbaas/loadbalancers/${id}?cascade=true`);
    await ask("GET /lbaas/loadbalancers");
    await ask(`GET /lbaas/loadbalancers?project_id=${at.project}`);
    await ask("POST /lbaas/listeners", { listener: { protocol: "TCP", protocol_port: 80, loadbalancer_id: id } });
    await ask("POST /lbaas/loadbalancers", { loadbalancer: { vip_subnet_id, provider: "ovn" } });
  },
  shares: async (at) => {
    const mine = at("shared-file-system", SHARES);
    const network = await mine("POST /share-networks", { share_network: { name: at.run } }, zero);
    const share = { name: at.run, size: 1, share_proto: "NFS", share_type: "rwx" };
    const { id } = await mine("POST /shares", { share }, zero);
    await mine(`GET /shares/${id}`, undefined, {
      until: ({ body }) => JSON.stringify(body).includes('"available"'),
      ...zero,
    });
    const ask = (await stranger(at))("shared-file-system", SHARES);
    await ask(`GET /shares/${id}`);
    await ask(`DELETE /shares/${id}`);
    await ask(`POST /shares/${id}/action`, { extend: { new_size: 2 } });
    await ask(`GET /shares/${id}/export_locations`);
    await ask(`POST /shares/${id}/metadata`, { metadata: { of: "mine" } });
    await ask(`GET /share-access-rules?share_id=${id}`);
    await ask("GET /shares/detail");
    await ask(`GET /share-networks/${network.id}`);
    await ask(`DELETE /share-networks/${network.id}`);
    await ask("GET /share-networks/detail");
    await ask("POST /shares", { share: { ...share, share_type: "rwx-dhss", share_network_id: network.id } });
  },
};
