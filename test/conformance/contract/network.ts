import type { At, Cases } from "./suite.ts";

export const NOBODY = "00000000-0000-4000-8000-000000000000";
export const CIDR = "10.62.0.0/24";

/** A network and a subnet of this case. */
export async function place(at: At, how: { readonly cidr?: string } = {}) {
  const ask = at("network");
  const { id: network_id } = await ask("POST /networks", { network: { name: at.run } });
  const subnet = { name: at.run, network_id, cidr: how.cidr ?? CIDR, ip_version: 4 };
  const { id: subnet_id } = await ask("POST /subnets", { subnet });
  return { network_id, subnet_id };
}

export async function externalId(at: At): Promise<string> {
  const only = (body: unknown) => (body as { networks: { name: string }[] }).networks.map(({ name }) => name);
  return (await at("network")("GET /networks?router%3Aexternal=true", undefined, { show: only })).id;
}

export const groundCases: Cases = {
  "a network's life": async (at) => {
    const ask = at("network");
    const { id } = await ask("POST /networks", { network: { name: at.run, description: "one" } });
    await ask(`GET /networks/${id}`);
    await ask(`GET /networks?name=${at.run}`);
    await ask("GET /networks?name=nobody-has-this-name");
    await ask(`PUT /networks/${id}`, { network: { name: `${at.run}-2`, description: "two" } });
    await ask(`PUT /networks/${id}`, { network: {} });
    await ask(`DELETE /networks/${id}`);
    await ask(`GET /networks/${id}`);
    await ask(`PUT /networks/${id}`, { network: { name: "x" } });
    await ask(`DELETE /networks/${id}`);
  },
  "a subnet's life": async (at) => {
    const ask = at("network");
    const { network_id, subnet_id } = await place(at);
    await ask(`GET /subnets/${subnet_id}`);
    await ask(`GET /subnets?network_id=${network_id}`);
    await ask(`PUT /subnets/${subnet_id}`, { subnet: { dns_nameservers: ["192.0.2.53", "192.0.2.54"] } });
    await ask(`PUT /subnets/${subnet_id}`, { subnet: { dns_nameservers: ["nonsense"] } });
    await ask(`PUT /subnets/${subnet_id}`, { subnet: { cidr: "10.63.0.0/24" } });
    await ask(`DELETE /subnets/${subnet_id}`);
    await ask(`GET /subnets/${subnet_id}`);
    await ask(`PUT /subnets/${subnet_id}`, { subnet: { name: "x" } });
    await ask(`DELETE /subnets/${subnet_id}`);
  },
  "a port's life": async (at) => {
    const ask = at("network");
    const { network_id, subnet_id } = await place(at);
    const { id: group } = await ask("POST /security-groups", { security_group: { name: at.run } }, { show: () => 0 });
    const port = { network_id, name: at.run, fixed_ips: [{ subnet_id }], security_groups: [group] };
    const { id } = await ask("POST /ports", { port });
    await ask(`GET /ports/${id}`);
    await ask(`GET /ports?name=${at.run}&network_id=${network_id}`);
    await ask(`PUT /ports/${id}`, { port: { security_groups: [] } });
    await ask(`PUT /ports/${id}`, { port: { security_groups: [NOBODY] } });
    await ask("POST /ports", {
      ports: [
        { network_id, name: `${at.run}-a`, security_groups: [] },
        { network_id, name: `${at.run}-b`, security_groups: [] },
      ],
    });
    await ask("POST /ports", { ports: [{ network_id, name: `${at.run}-c` }, { network_id: NOBODY }] });
    await ask(`GET /ports?name=${at.run}-c`);
    await ask(`DELETE /ports/${id}`);
    await ask(`GET /ports/${id}`);
    await ask(`PUT /ports/${id}`, { port: { name: "x" } });
    await ask(`DELETE /ports/${id}`);
  },
  "a router's life": async (at) => {
    const ask = at("network");
    const { subnet_id } = await place(at);
    const network_id = await externalId(at);
    const router = { name: at.run, description: "one", external_gateway_info: { network_id } };
    const { id } = await ask("POST /routers", { router });
    await ask(`GET /routers?name=${at.run}`);
    await ask(`PUT /routers/${id}/add_router_interface`, { subnet_id });
    const port = await ask(`GET /ports?device_id=${id}&device_owner=network%3Arouter_interface`, undefined, {
      show: (body) => (body as { ports: { device_owner: string }[] }).ports.map((one) => one.device_owner),
    });
    const off = () => ask(`PUT /routers/${id}/remove_router_interface`, { port_id: port.id });
    at.undoing(off);
    await ask(`PUT /routers/${id}/add_router_interface`, { subnet_id });
    await ask(`DELETE /routers/${id}`);
    await ask(`DELETE /ports/${port.id}`);
    await off();
    await off();
    await ask(`PUT /routers/${id}`, { router: { external_gateway_info: {} } });
    await ask(`PUT /routers/${id}`, { router: { external_gateway_info: { network_id: NOBODY } } });
    await ask(`GET /routers/${id}`);
    await ask(`DELETE /routers/${id}`);
    await ask(`GET /routers/${id}`);
    await ask(`PUT /routers/${id}`, { router: { name: "x" } });
    await ask(`DELETE /routers/${id}`);
    await ask(`PUT /routers/${id}/add_router_interface`, { subnet_id });
  },
  "a floating IP's life": async (at) => {
    const ask = at("network");
    const { network_id, subnet_id } = await place(at);
    const floating_network_id = await externalId(at);
    const { id: port_id } = await ask("POST /ports", { port: { network_id } }, { show: () => 0 });
    const { id } = await ask("POST /floatingips", { floatingip: { floating_network_id, description: at.run } });
    await ask(`GET /floatingips/${id}`);
    await ask(`GET /floatingips?description=${at.run}`);
    await ask(`PUT /floatingips/${id}`, { floatingip: { port_id } });
    const external_gateway_info = { network_id: floating_network_id };
    const router = await ask("POST /routers", { router: { external_gateway_info } }, { show: () => 0 });
    await ask(`PUT /routers/${router.id}/add_router_interface`, { subnet_id });
    at.undoing(() => ask(`PUT /routers/${router.id}/remove_router_interface`, { subnet_id }));
    await ask(`PUT /floatingips/${id}`, { floatingip: { port_id } });
    const active = { until: (answer: { body: unknown }) => JSON.stringify(answer.body).includes("ACTIVE") };
    await ask(`GET /floatingips/${id}`, undefined, { ...active, show: () => 0 });
    await ask("POST /floatingips", { floatingip: { floating_network_id, port_id } });
    await ask(`PUT /routers/${router.id}/remove_router_interface`, { subnet_id });
    await ask(`PUT /routers/${router.id}`, { router: { external_gateway_info: {} } });
    await ask(`PUT /floatingips/${id}`, { floatingip: { port_id: null } });
    await ask(`DELETE /floatingips/${id}`);
    await ask(`GET /floatingips/${id}`);
    await ask(`PUT /floatingips/${id}`, { floatingip: { port_id } });
    await ask(`DELETE /floatingips/${id}`);
  },
  "a security group's life": async (at) => {
    const ask = at("network");
    const { id } = await ask("POST /security-groups", { security_group: { name: at.run, description: "one" } });
    await ask(`GET /security-groups?name=${at.run}`);
    await ask(`PUT /security-groups/${id}`, { security_group: { name: `${at.run}-2`, description: "two" } });
    const rule = { security_group_id: id, direction: "ingress", ethertype: "IPv4", protocol: "tcp" };
    const port = { port_range_min: 80, port_range_max: 80 };
    const rules = [
      { ...rule, ...port, description: "a" },
      { ...rule, protocol: "udp" },
    ];
    const made = await ask("POST /security-group-rules", { security_group_rules: rules });
    await ask("POST /security-group-rules", { security_group_rule: { ...rule, ...port, description: "b" } });
    await ask("POST /security-group-rules", {
      security_group_rules: [
        { ...rule, ...port },
        { ...rule, protocol: "icmp" },
      ],
    });
    await ask(`DELETE /security-group-rules/${made.id}`);
    await ask(`DELETE /security-group-rules/${made.id}`);
    await ask(`GET /security-groups/${id}`, undefined, { show: () => 0 });
    await ask(`DELETE /security-groups/${id}`);
    await ask(`GET /security-groups/${id}`);
    await ask(`PUT /security-groups/${id}`, { security_group: { name: "x" } });
    await ask(`DELETE /security-groups/${id}`);
    await ask("POST /security-group-rules", { security_group_rule: rule });
  },
};
