import { CIDR, externalId, NOBODY, place } from "./network.ts";
import type { Cases } from "./suite.ts";

const LONG = "n".repeat(255);

export const networkRefusals: Cases = {
  "what is in use stays": async (at) => {
    const ask = at("network");
    const { network_id, subnet_id } = await place(at);
    const { id: group } = await ask("POST /security-groups", { security_group: { name: at.run } }, { show: () => 0 });
    await ask("POST /ports", { port: { network_id, security_groups: [group] } }, { show: () => 0 });
    await ask(`DELETE /networks/${network_id}`);
    await ask(`DELETE /subnets/${subnet_id}`);
    await ask(`DELETE /security-groups/${group}`);
    const other = await ask("POST /security-groups", { security_group: { name: at.run } }, { show: () => 0 });
    const rule = { direction: "ingress", ethertype: "IPv4", security_group_id: other.id, remote_group_id: group };
    await ask("POST /security-group-rules", { security_group_rule: rule });
    const [name] = ["default"];
    const fallback = await ask(`GET /security-groups?name=${name}&fields=id`, undefined, { show: () => 0 });
    await ask(`DELETE /security-groups/${fallback.id}`);
  },
  "names, long, foreign and twice": async (at) => {
    const ask = at("network");
    const cut = `${at.run}-${LONG}`.slice(0, 255);
    await ask("POST /networks", { network: { name: cut, description: cut } }, { show: () => 0 });
    await ask("POST /networks", { network: { name: `${cut}x` } });
    await ask("POST /networks", { network: { name: at.run, description: `${cut}x` } });
    await ask("POST /security-groups", { security_group: { name: `${cut}x` } });
    await ask("POST /networks", { network: { name: `${at.run} Grüße 東京 🚀`, description: "Ελληνικά" } });
    await ask(`GET /networks?description=${encodeURIComponent("Ελληνικά")}`);
    await ask("POST /security-groups", { security_group: { name: at.run } }, { show: () => 0 });
    await ask("POST /security-groups", { security_group: { name: at.run } }, { show: () => 0 });
    await ask("POST /security-groups", { security_group: { name: "default" } });
    await ask("POST /networks", { network: { name: null } });
    await ask("POST /networks", { network: { name: 7 } });
  },
  "networks that can't be": async (at) => {
    const ask = at("network");
    await ask("POST /networks");
    await ask("POST /networks", "{");
    await ask("POST /networks", "[]");
    await ask("POST /networks", {});
    await ask("POST /networks", { network: [] });
    await ask("POST /networks", { network: { wheels: 4 } });
    await ask("POST /networks", { network: { admin_state_up: "perhaps" } });
    await ask("POST /networks", { network: { id: NOBODY } });
    await ask("POST /networks", { network: { shared: true } });
    await ask("POST /networks", { network: { "router:external": true } });
    await ask("POST /networks", { network: { project_id: NOBODY } });
    await ask("GET /networks/nonsense");
    await ask(`GET /networks/${NOBODY}?fields=id`);
  },
  "subnets that can't be": async (at) => {
    const ask = at("network");
    const { network_id } = await place(at);
    const subnet = { network_id, ip_version: 4, cidr: "10.62.1.0/24" };
    await ask("POST /subnets", { subnet: { network_id, ip_version: 4 } });
    await ask("POST /subnets", { subnet: { network_id, cidr: "10.62.1.0/24" } });
    await ask("POST /subnets", { subnet: { cidr: "10.62.1.0/24", ip_version: 4 } });
    await ask("POST /subnets", { subnet: { ...subnet, cidr: "nonsense" } });
    await ask("POST /subnets", { subnet: { ...subnet, cidr: CIDR } });
    await ask("POST /subnets", { subnet: { ...subnet, cidr: "10.62.1.9/24" } });
    await ask("POST /subnets", { subnet: { ...subnet, ip_version: 6 } });
    await ask("POST /subnets", { subnet: { ...subnet, ip_version: 5 } });
    await ask("POST /subnets", { subnet: { ...subnet, network_id: NOBODY } });
    await ask("POST /subnets", { subnet: { ...subnet, network_id: "nonsense" } });
    await ask("POST /subnets", { subnet: { ...subnet, gateway_ip: "nonsense" } });
    await ask("POST /subnets", { subnet: { ...subnet, network_id: await externalId(at) } });
  },
  "ports that can't be": async (at) => {
    const ask = at("network");
    const { network_id, subnet_id } = await place(at);
    await ask("POST /ports", { port: { name: at.run } });
    await ask("POST /ports", { port: { network_id: NOBODY } });
    await ask("POST /ports", { port: { network_id: "nonsense" } });
    await ask("POST /ports", { port: { network_id, fixed_ips: [{ subnet_id: NOBODY }] } });
    await ask("POST /ports", { port: { network_id, fixed_ips: [{ subnet_id, ip_address: "192.0.2.1" }] } });
    await ask("POST /ports", { port: { network_id, fixed_ips: "nonsense" } });
    await ask("POST /ports", { port: { network_id, security_groups: [NOBODY] } });
    await ask("POST /ports", { port: { network_id, security_groups: ["nonsense"] } });
    await ask("POST /ports", { ports: [] });
    await ask("POST /ports", { port: { network_id: await externalId(at) } }, { show: () => 0 });
  },
  "rules that can't be": async (at) => {
    const ask = at("network");
    const { id } = await ask("POST /security-groups", { security_group: { name: at.run } }, { show: () => 0 });
    const rule = { security_group_id: id, direction: "ingress", ethertype: "IPv4" };
    const refused = (more: object) => ask("POST /security-group-rules", { security_group_rule: { ...rule, ...more } });
    await refused({ protocol: "nonsense" });
    await refused({ direction: "sideways" });
    await refused({ ethertype: "IPv5" });
    await refused({ protocol: "tcp", port_range_min: 90, port_range_max: 80 });
    await refused({ protocol: "tcp", port_range_min: 0, port_range_max: 80 });
    await refused({ protocol: "tcp", port_range_min: 80 });
    await refused({ protocol: "tcp", port_range_min: 1, port_range_max: 65_536 });
    await refused({ port_range_min: 80, port_range_max: 80 });
    await refused({ remote_ip_prefix: "nonsense" });
    await refused({ remote_ip_prefix: "2001:db8::/32" });
    await refused({ remote_ip_prefix: "192.0.2.0/24", remote_group_id: id });
    await refused({ remote_group_id: NOBODY });
    await refused({ security_group_id: NOBODY });
    await ask("POST /security-group-rules", { security_group_rule: { direction: "ingress" } });
    await ask("POST /security-group-rules", { security_group_rules: [] });
  },
  "routers and floating IPs that can't be": async (at) => {
    const ask = at("network");
    const { network_id } = await place(at);
    await ask("POST /routers", { router: { external_gateway_info: { network_id } } });
    await ask("POST /routers", { router: { external_gateway_info: { network_id: NOBODY } } });
    await ask("POST /routers", { router: { external_gateway_info: { network_id: "nonsense" } } });
    await ask("POST /routers", { router: { external_gateway_info: "nonsense" } });
    await ask("POST /floatingips", { floatingip: { floating_network_id: network_id } });
    await ask("POST /floatingips", { floatingip: { floating_network_id: NOBODY } });
    await ask("POST /floatingips", { floatingip: { floating_network_id: "nonsense" } });
    await ask("POST /floatingips", { floatingip: {} });
    const { id } = await ask("POST /routers", { router: { name: at.run } });
    await ask(`PUT /routers/${id}/add_router_interface`, {});
    await ask(`PUT /routers/${id}/add_router_interface`, { subnet_id: NOBODY });
    await ask(`PUT /routers/${id}/add_router_interface`, { subnet_id: "nonsense" });
    await ask(`PUT /routers/${id}/remove_router_interface`, { port_id: NOBODY });
    await ask(`PUT /routers/${id}/remove_router_interface`, { subnet_id: NOBODY });
    await ask(`PUT /routers/${id}/remove_router_interface`, {});
  },
  "pages and roads that lead nowhere": async (at) => {
    const ask = at("network");
    const names = ["a", "b", "c"].map((end) => `${at.run}-${end}`);
    for (const name of names) await ask("POST /networks", { network: { name } }, { show: () => 0 });
    const mine = `${names.map((name) => `name=${name}`).join("&")}&sort_key=name&sort_dir=asc&fields=name&fields=id`;
    const first = await ask(`GET /networks?${mine}&limit=1`);
    await ask(`GET /networks?${mine}&limit=2`);
    await ask(`GET /networks?${mine}&limit=2&marker=${first.id}`);
    await ask(`GET /networks?${mine}&limit=3`);
    await ask(`GET /networks?${mine}&limit=1&marker=${first.id}&page_reverse=True`);
    await ask(`GET /networks?${mine}&limit=0`);
    await ask(`GET /networks?${mine}&limit=-1`);
    await ask(`GET /networks?${mine}&limit=nonsense`);
    await ask(`GET /networks?${mine}&marker=${NOBODY}`);
    await ask(`GET /networks?${mine}&marker=nonsense`);
    await ask(`GET /networks?${mine}`);
    await ask("GET /networks?nonsense=1&name=nobody-has-this-name");
    await ask("GET /extensions/nonsense");
    await ask("GET /extensions/router", undefined, { show: () => 0 });
    await ask("GET /extensions?alias=standard-attr-description", undefined, { show: () => 0 });
    await ask("GET /nonsense");
    await ask(`PATCH /networks/${NOBODY}`, {});
    await ask("DELETE /networks");
  },
  quotas: async (at) => {
    const ask = at("network");
    const limits = (body: unknown) =>
      Object.fromEntries(
        Object.entries((body as { quota: Record<string, object> }).quota).map(([name, one]) => [
          name,
          Object.keys(one).sort(),
        ]),
      );
    await ask(`GET /quotas/${at.project}/details`, undefined, { show: limits });
    await ask(`GET /quotas/${NOBODY}/details`);
    await ask(`PUT /quotas/${at.project}`, { quota: { network: 5 } });
    const small = (
      await at.small({
        network: {
          network: 1,
          subnet: 1,
          port: 1,
          router: 0,
          floatingip: 0,
          security_group: 2,
          security_group_rule: 9,
        },
      })
    )("network");
    const { id: network_id } = await small("POST /networks", { network: { name: at.run } }, { show: () => 0 });
    await small("POST /networks", { network: { name: at.run } });
    await small("POST /subnets", { subnet: { network_id, cidr: CIDR, ip_version: 4 } }, { show: () => 0 });
    await small("POST /subnets", { subnet: { network_id, cidr: "10.62.1.0/24", ip_version: 4 } });
    await small("POST /ports", { ports: [{ network_id }, { network_id }] });
    await small("POST /ports", { port: { network_id } }, { show: () => 0 });
    await small("POST /ports", { port: { network_id } });
    await small("POST /routers", { router: { name: at.run } });
    const floating_network_id = await externalId(at);
    await small("POST /floatingips", { floatingip: { floating_network_id } });
    const { id } = await small("POST /security-groups", { security_group: { name: at.run } }, { show: () => 0 });
    await small("POST /security-groups", { security_group: { name: at.run } });
    const rule = { security_group_id: id, direction: "ingress", ethertype: "IPv4" };
    const rules = ["tcp", "udp", "icmp", "sctp", "gre"].map((protocol) => ({ ...rule, protocol }));
    await small("POST /security-group-rules", { security_group_rules: rules });
  },
};
