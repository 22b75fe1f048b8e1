import type { Ask } from "./exchange.ts";
import { NOBODY, place } from "./network.ts";
import type { At, Cases } from "./suite.ts";

export const zero = { show: () => 0 };
/** Addresses that are asked for are outside of the range that stands for drawn ones. */
const CIDR = "10.63.0.0/24";
const ALIASES = [
  ...["router", "extraroute", "extraroute-atomic", "allowed-address-pairs", "trunk", "revision-if-match", "dvr"],
  ...["standard-attr-tag", "port-security", "dns-integration", "security-group", "subnet-service-types", "l3-ha"],
  ...["ext-gw-mode", "fip-port-details", "binding", "provider", "net-mtu-writable", "quota_details", "qos"],
  ...[
    "router_availability_zone",
    "availability_zone",
    "stateful-security-group",
    "network-ip-availability",
    "metering",
  ],
];

const networkOf = async (ask: Ask, name: string, more: object = {}) =>
  (await ask("POST /networks", { network: { name, ...more } }, zero)).id;

/** A subnet whose addresses every run knows. */
export async function fixedPlace(at: At, cidr = CIDR) {
  const ask = at("network");
  const network_id = await networkOf(ask, at.run);
  const { id: subnet_id } = await ask("POST /subnets", { subnet: { network_id, cidr, ip_version: 4 } }, zero);
  return { ask, network_id, subnet_id };
}

export const networkBySource: Cases = {
  "a network's settings": async (at) => {
    const ask = at("network");
    const asked = { name: at.run, mtu: 1400, admin_state_up: false, port_security_enabled: false };
    const { id } = await ask("POST /networks", { network: asked });
    await ask(`GET /networks?name=${at.run}&admin_state_up=false&fields=name&fields=mtu&fields=admin_state_up`);
    await ask(`GET /networks?name=${at.run}&admin_state_up=true`);
    await ask(`PUT /networks/${id}`, { network: { admin_state_up: "true", mtu: 1300 } });
    await ask(`PUT /networks/${id}`, { network: { mtu: 9000 } });
    await ask("POST /networks", { network: { name: at.run, mtu: 9000 } });
    await ask("POST /networks", { network: { name: at.run, mtu: "wide" } });
    await ask(`GET /networks/${id}`);
  },
  "what of a network is its cloud's": async (at) => {
    const ask = at("network");
    const id = await networkOf(ask, at.run);
    await ask(`PUT /networks/${id}`, { network: { shared: true } });
    await ask(`PUT /networks/${id}`, { network: { shared: false } });
    await ask(`PUT /networks/${id}`, { network: { "router:external": true } });
    await ask("POST /networks", { network: { name: at.run, "provider:network_type": "vlan" } });
    await ask("POST /networks", { network: { name: at.run, is_default: true } });
    await ask(`PUT /networks/${id}`, { network: { subnets: [] } });
  },
  "networks, several at once": async (at) => {
    const ask = at("network");
    const names = ["a", "b"].map((end) => ({ name: `${at.run}-${end}` }));
    await ask("POST /networks", { networks: names }, zero);
    await ask("POST /networks", { networks: [...names, { wheels: 4 }] });
    await ask(`GET /networks?name=${at.run}-a&name=${at.run}-b&sort_key=name&sort_dir=asc&fields=name`);
  },
  "tags that any has, and that none has": async (at) => {
    const ask = at("network");
    const names = ["a", "b"].map((end) => `${at.run}-${end}`);
    const [a, b] = [await networkOf(ask, names[0] ?? ""), await networkOf(ask, names[1] ?? "")];
    await ask(`PUT /networks/${a}/tags`, { tags: ["red", "round"] });
    await ask(`PUT /networks/${b}/tags`, { tags: ["red"] });
    const mine = `${names.map((name) => `name=${name}`).join("&")}&sort_key=name&sort_dir=desc&fields=name`;
    await ask(`GET /networks?${mine}&tags-any=round,square`);
    await ask(`GET /networks?${mine}&tags-any=red,round`);
    await ask(`GET /networks?${mine}&not-tags=red,round`);
    await ask(`GET /networks?${mine}&not-tags-any=round,square`);
    await ask(`GET /networks?${mine}&tags=red&not-tags=round`);
  },
  "tags that can't be": async (at) => {
    const ask = at("network");
    const id = await networkOf(ask, at.run);
    await ask(`PUT /networks/${id}/tags`, { tags: Array.from({ length: 51 }, (_, one) => `t${one}`) });
    await ask(`PUT /networks/${id}/tags`, { tags: ["t".repeat(256)] });
    await ask(`PUT /networks/${id}/tags/${"t".repeat(256)}`);
    await ask(`PUT /networks/${id}/tags`, { tags: ["twice", "once", "twice"] });
    await ask(`PUT /networks/${id}/tags`, { tags: [7] });
    await ask(`GET /networks/${id}/tags`);
  },
  "revisions that must match": async (at) => {
    const ask = at("network");
    const made = await ask("POST /networks", { network: { name: at.run } }, zero);
    const { revision_number } = (made.body as { network: { revision_number: number } }).network;
    const only = (revision: unknown) => ({ headers: { "if-match": `revision_number=${revision}` } });
    const path = `/networks/${made.id}`;
    await ask(`PUT ${path}`, { network: { name: "x" } }, { ...only(revision_number + 7), ...zero });
    await ask(`PUT ${path}`, { network: { name: "x" } }, { ...only("nonsense") });
    await ask(`PUT ${path}`, { network: { name: `${at.run}-2` } }, { ...only(revision_number), ...zero });
    await ask(`GET ${path}?fields=name`);
  },
  "sorts that can't be": async (at) => {
    const ask = at("network");
    await ask("GET /networks?sort_key=name&sort_dir=sideways");
    await ask("GET /networks?sort_key=name");
    await ask("GET /networks?sort_key=nonsense&sort_dir=asc");
    await ask("GET /ports?sort_key=fixed_ips&sort_dir=asc");
  },
  "extensions that clients ask for": async (at) => {
    for (const alias of ALIASES) await at("network")(`GET /extensions/${alias}`, undefined, zero);
  },
  "a subnet's settings": async (at) => {
    const ask = at("network");
    const network_id = await networkOf(ask, at.run);
    const host_routes = [{ destination: "10.99.0.0/16", nexthop: "10.63.0.9" }];
    const allocation_pools = [{ start: "10.63.0.10", end: "10.63.0.20" }];
    const more = {
      enable_dhcp: false,
      gateway_ip: null,
      host_routes,
      allocation_pools,
      dns_nameservers: ["192.0.2.53"],
    };
    const subnet = { name: at.run, network_id, cidr: CIDR, ip_version: 4, ...more };
    const { id } = await ask("POST /subnets", { subnet });
    const change = (asked: object) => ask(`PUT /subnets/${id}`, { subnet: asked });
    await change({ gateway_ip: "10.63.0.15" });
    await change({ gateway_ip: "10.63.0.255" });
    await change({ gateway_ip: "10.63.0.1", enable_dhcp: true });
    await change({ allocation_pools: [{ start: "10.63.0.1", end: "10.63.0.20" }] });
    await change({ allocation_pools: [{ start: "10.63.0.100", end: "10.63.0.200" }] });
    await change({ host_routes: [], dns_nameservers: null });
    await change({ network_id: NOBODY });
    await change({ ip_version: 6 });
    await ask(`GET /subnets/${id}`);
  },
  "subnets that overreach": async (at) => {
    const ask = at("network");
    const network_id = await networkOf(ask, at.run);
    const refused = (more: object) =>
      ask("POST /subnets", { subnet: { network_id, ip_version: 4, cidr: CIDR, name: at.run, ...more } });
    const pools = (...spans: readonly (readonly [string, string])[]) =>
      refused({ allocation_pools: spans.map(([start, end]) => ({ start, end })) });
    await pools(["10.63.0.10", "10.63.1.20"]);
    await pools(["10.63.0.20", "10.63.0.10"]);
    await pools(["10.63.0.10", "10.63.0.30"], ["10.63.0.20", "10.63.0.40"]);
    await pools(["10.63.0.1", "10.63.0.20"]);
    await pools(["nonsense", "10.63.0.20"]);
    await refused({ allocation_pools: "nonsense" });
    await refused({ gateway_ip: "10.63.0.0" });
    await refused({ cidr: "224.0.1.0/24" });
    await refused({ cidr: "127.1.0.0/24" });
    await refused({ cidr: "10.63.0.0/31" });
    await refused({ dns_nameservers: [1, 2, 3, 4, 5, 6].map((last) => `192.0.2.${last}`) });
    await refused({ dns_nameservers: ["192.0.2.1", "192.0.2.1"] });
    await refused({ host_routes: "nonsense" });
    await refused({ host_routes: [{ destination: "10.99.0.5/16", nexthop: "10.63.0.9" }] });
    await refused({ host_routes: [{ destination: "10.99.0.0/16", nexthop: "nonsense" }] });
  },
  "a gateway that a router holds": async (at) => {
    const { ask, subnet_id } = await fixedPlace(at);
    const { id } = await ask("POST /routers", { router: { name: at.run } }, zero);
    await ask(`PUT /routers/${id}/add_router_interface`, { subnet_id }, zero);
    at.undoing(() => ask(`PUT /routers/${id}/remove_router_interface`, { subnet_id }, zero));
    await ask(`PUT /subnets/${subnet_id}`, { subnet: { gateway_ip: "10.63.0.254" } });
    await ask(`PUT /subnets/${subnet_id}`, { subnet: { gateway_ip: "10.63.0.1" } }, zero);
    await ask(`DELETE /subnets/${subnet_id}`);
  },
  "groups with and without state": async (at) => {
    const ask = at("network");
    const { network_id } = await place(at);
    const { id } = await ask("POST /security-groups", { security_group: { name: at.run, stateful: false } });
    await ask(`PUT /security-groups/${id}`, { security_group: { stateful: true } }, zero);
    await ask("POST /ports", { port: { network_id, security_groups: [id] } }, zero);
    await ask(`PUT /security-groups/${id}`, { security_group: { stateful: false } });
    await ask(`PUT /security-groups/${id}`, { security_group: { stateful: true, name: "default" } });
    const fallback = await ask("GET /security-groups?name=default&fields=id", undefined, zero);
    await ask(`PUT /security-groups/${fallback.id}`, { security_group: { name: "mine" } });
  },
};
