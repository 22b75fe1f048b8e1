import { externalId, NOBODY } from "./network.ts";
import { fixedPlace, zero } from "./source-network.ts";
import type { Cases } from "./suite.ts";

export const portsBySource: Cases = {
  "a port's settings": async (at) => {
    const { ask, network_id, subnet_id } = await fixedPlace(at);
    const fixed_ips = [{ subnet_id, ip_address: "10.63.0.5" }];
    const port = { network_id, fixed_ips, name: at.run, security_groups: [], admin_state_up: false };
    const { id } = await ask("POST /ports", { port });
    const change = (asked: object) => ask(`PUT /ports/${id}`, { port: asked });
    await change({ admin_state_up: true, device_id: "mine", device_owner: "mine:all" });
    await change({ dns_name: "shop" });
    await change({ extra_dhcp_opts: [{ opt_name: "mtu", opt_value: "1400" }] });
    await change({ mac_address: "fa:16:3e:00:00:01" });
    await change({ "binding:host_id": "compute-1" });
    await change({ network_id: NOBODY });
    await change({ status: "ACTIVE" });
    await ask("POST /ports", { port: { network_id, "binding:profile": { trusted: true } } });
    await ask(`GET /ports?fixed_ips=ip_address%3D10.63.0.5&network_id=${network_id}&fields=name`);
    await ask(`GET /ports?fixed_ips=subnet_id%3D${subnet_id}&fields=name`);
    await ask(`GET /ports?fixed_ips=ip_address%3D10.63.0.6&fields=name`);
  },
  "a port without security": async (at) => {
    const { ask, network_id } = await fixedPlace(at);
    const { id: group } = await ask("POST /security-groups", { security_group: { name: at.run } }, zero);
    const { id } = await ask("POST /ports", { port: { network_id, security_groups: [group] } }, zero);
    const pair = { allowed_address_pairs: [{ ip_address: "10.63.0.200" }] };
    const change = (asked: object, how = {}) => ask(`PUT /ports/${id}`, { port: asked }, how);
    await change({ port_security_enabled: false });
    await change({ port_security_enabled: false, ...pair });
    await change({ port_security_enabled: false, security_groups: [] }, zero);
    await change(pair);
    await change({ security_groups: [group] });
    const open = { network_id, port_security_enabled: false };
    await ask("POST /ports", { port: { ...open, ...pair } });
    await ask("POST /ports", { port: { ...open, security_groups: [group] } });
  },
  "a network without port security": async (at) => {
    const ask = at("network");
    const network = { name: at.run, port_security_enabled: false };
    const { id: network_id } = await ask("POST /networks", { network }, zero);
    const secured = (body: unknown) => {
      const { port_security_enabled, security_groups } = (body as { port: Record<string, unknown> }).port;
      return { port_security_enabled, security_groups };
    };
    await ask("POST /ports", { port: { network_id } }, { show: secured });
  },
  "other addresses that a port may use": async (at) => {
    const { ask, network_id } = await fixedPlace(at);
    const { id } = await ask("POST /ports", { port: { network_id, name: at.run } }, zero);
    const shown = {
      show: (body: unknown) => (body as { port?: Record<string, unknown> }).port?.["allowed_address_pairs"] ?? body,
    };
    const pairs = (allowed_address_pairs: unknown) =>
      ask(`PUT /ports/${id}`, { port: { allowed_address_pairs } }, shown);
    await pairs([{ ip_address: "10.63.0.200" }]);
    await pairs([{ ip_address: "10.63.1.0/24", mac_address: "fa:16:3e:00:00:01" }]);
    await pairs([]);
    await pairs("nonsense");
    await pairs(["nonsense"]);
    await pairs([{}]);
    await pairs([{ ip_address: "nonsense" }]);
    await pairs([{ ip_address: "10.63.0.200/99" }]);
    await pairs([{ ip_address: "10.63.0.200", mac_address: "nonsense" }]);
    await pairs([{ ip_address: "10.63.0.200", wheels: 4 }]);
    await pairs([{ ip_address: "10.63.0.200" }, { ip_address: "10.63.0.200" }]);
    await pairs(Array.from({ length: 11 }, (_, last) => ({ ip_address: `10.63.0.${200 + last}` })));
  },
  "addresses of a port": async (at) => {
    const { ask, network_id, subnet_id } = await fixedPlace(at);
    const { ask: also, subnet_id: other } = await fixedPlace(at, "10.64.0.0/24");
    const { id } = await ask(
      "POST /ports",
      { port: { network_id, fixed_ips: [{ subnet_id, ip_address: "10.63.0.5" }] } },
      zero,
    );
    const shown = { show: (body: unknown) => (body as { port?: { fixed_ips: unknown } }).port?.fixed_ips ?? body };
    const move = (fixed_ips: unknown) => also(`PUT /ports/${id}`, { port: { fixed_ips } }, shown);
    await move([{ subnet_id }]);
    await move([{ ip_address: "10.63.0.6" }]);
    await move([]);
    await move([{ subnet_id, ip_address: "10.63.0.7" }]);
    await move([{ ip_address: "10.63.0.7" }, { ip_address: "10.63.0.7" }]);
    await move([{ subnet_id: other }]);
    await move([{ subnet_id, ip_address: "10.64.0.7" }]);
    await move([{ ip_address: "10.64.0.7" }]);
    await also("POST /ports", { port: { network_id, fixed_ips: [{}] } });
    await also("POST /ports", { port: { network_id, fixed_ips: [{ ip_address: "10.63.0.7" }] } });
  },
  "addresses where there is no subnet": async (at) => {
    const ask = at("network");
    const { id: network_id } = await ask("POST /networks", { network: { name: at.run } }, zero);
    await ask("POST /ports", { port: { network_id, fixed_ips: [{ ip_address: "10.63.0.5" }] } });
    const shown = { show: (body: unknown) => (body as { port: { fixed_ips: unknown } }).port.fixed_ips };
    await ask("POST /ports", { port: { network_id } }, shown);
  },
  "routes of a router": async (at) => {
    const { ask, network_id, subnet_id } = await fixedPlace(at);
    const { id } = await ask("POST /routers", { router: { name: at.run, admin_state_up: false } }, zero);
    await ask(`PUT /routers/${id}/add_router_interface`, { subnet_id }, zero);
    at.undoing(async () => {
      await ask(`PUT /routers/${id}`, { router: { routes: [] } }, zero);
      await ask(`PUT /routers/${id}/remove_router_interface`, { subnet_id }, zero);
    });
    const route = { destination: "10.99.0.0/16", nexthop: "10.63.0.9" };
    const routes = (some: unknown) => ask(`PUT /routers/${id}`, { router: { routes: some } });
    await routes([route]);
    await routes([{ ...route, nexthop: "10.65.0.9" }]);
    await routes([{ ...route, nexthop: "10.63.0.1" }]);
    await routes([route, route]);
    await routes([{ ...route, destination: "10.99.0.5/16" }]);
    await routes("nonsense");
    await ask(`PUT /routers/${id}/remove_router_interface`, { subnet_id });
    await ask(`PUT /routers/${id}/add_extraroutes`, { router: { routes: [route] } }, zero);
    await routes(null);
    await ask("POST /routers", { router: { name: at.run, routes: [route] } });
    await ask(`PUT /routers/${id}`, { router: { admin_state_up: true } });
    await ask(`GET /ports?network_id=${network_id}&device_owner=network%3Arouter_interface&fields=device_owner`);
  },
  "an interface by its port": async (at) => {
    const { ask, network_id, subnet_id } = await fixedPlace(at);
    const { id } = await ask("POST /routers", { router: { name: at.run } }, zero);
    const portAt = async (more: object) => (await ask("POST /ports", { port: { network_id, ...more } }, zero)).id;
    const port_id = await portAt({ fixed_ips: [{ subnet_id, ip_address: "10.63.0.5" }] });
    const add = (body: object) => ask(`PUT /routers/${id}/add_router_interface`, body);
    await add({ port_id, subnet_id });
    await add({ port_id: await portAt({ fixed_ips: [] }) });
    await add({ port_id: await portAt({ device_id: "mine" }) });
    await add({ port_id: NOBODY });
    await add({ port_id });
    at.undoing(() => ask(`PUT /routers/${id}/remove_router_interface`, { port_id }, zero));
    await add({ port_id });
    await ask(`GET /ports/${port_id}?fields=device_owner&fields=device_id`);
    await ask(`DELETE /ports/${port_id}`);
    await ask(`PUT /routers/${id}/remove_router_interface`, { port_id });
    await ask(`GET /ports/${port_id}`);
  },
  "what of a router is its cloud's": async (at) => {
    const ask = at("network");
    const network_id = await externalId(at);
    const gateway = (more: object) => ({ router: { name: at.run, external_gateway_info: { network_id, ...more } } });
    await ask("POST /routers", gateway({ enable_snat: false }), zero);
    await ask("POST /routers", gateway({ external_fixed_ips: [{ ip_address: "203.0.113.9" }] }), zero);
    await ask("POST /routers", { router: { name: at.run, external_gateway_info: { enable_snat: true } } });
    await ask("POST /routers", { router: { name: at.run, distributed: true } });
    await ask("POST /routers", { router: { name: at.run, ha: true } });
  },
  "a floating IP to one address of several": async (at) => {
    const { ask, network_id, subnet_id } = await fixedPlace(at);
    const floating_network_id = await externalId(at);
    const router = { external_gateway_info: { network_id: floating_network_id } };
    const { id: router_id } = await ask("POST /routers", { router }, zero);
    await ask(`PUT /routers/${router_id}/add_router_interface`, { subnet_id }, zero);
    at.undoing(() => ask(`PUT /routers/${router_id}/remove_router_interface`, { subnet_id }, zero));
    const fixed_ips = ["10.63.0.5", "10.63.0.6"].map((ip_address) => ({ subnet_id, ip_address }));
    const { id: port_id } = await ask("POST /ports", { port: { network_id, fixed_ips } }, zero);
    const { id } = await ask("POST /floatingips", { floatingip: { floating_network_id } }, zero);
    const shown = {
      show: (body: unknown) =>
        (body as { floatingip?: { fixed_ip_address: unknown } }).floatingip?.fixed_ip_address ?? body,
    };
    const change = (floatingip: object) => ask(`PUT /floatingips/${id}`, { floatingip }, shown);
    await change({ port_id });
    await change({ port_id, fixed_ip_address: "10.63.0.7" });
    await change({ fixed_ip_address: "10.63.0.5" });
    await change({ port_id, fixed_ip_address: "10.63.0.5" });
    await change({ port_id, fixed_ip_address: "10.63.0.6" });
    await change({ description: "two" });
    await ask(`PUT /ports/${port_id}`, { port: { fixed_ips: [{ ip_address: "10.63.0.5" }] } });
    await ask(`GET /floatingips?port_id=${port_id}&fields=fixed_ip_address`);
    await ask(`GET /floatingips?router_id=${router_id}&fields=fixed_ip_address`);
    await ask(`DELETE /ports/${port_id}`);
    await ask(`GET /floatingips/${id}?fields=port_id&fields=router_id`);
  },
  "floating IPs that a member can't choose": async (at) => {
    const { ask, subnet_id } = await fixedPlace(at);
    const floating_network_id = await externalId(at);
    const refused = (more: object) => ask("POST /floatingips", { floatingip: { floating_network_id, ...more } });
    await refused({ floating_ip_address: "203.0.113.9" });
    await refused({ floating_ip_address: "nonsense" });
    await refused({ subnet_id: NOBODY });
    await refused({ subnet_id });
    await refused({ router_id: NOBODY });
    await refused({ fixed_ip_address: "10.63.0.5" });
  },
};
