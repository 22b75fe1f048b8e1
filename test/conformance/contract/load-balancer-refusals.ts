import { balancer, probe, ready, settled, zero } from "./load-balancer.ts";
import { NOBODY, place } from "./network.ts";
import type { Cases } from "./suite.ts";

export const loadBalancerRefusals: Cases = {
  "load balancers that can't be": async (at) => {
    const { network_id, subnet_id: vip_subnet_id } = await place(at);
    const refused = (more: object) =>
      at("load-balancer")("POST /lbaas/loadbalancers", { loadbalancer: { name: at.run, vip_subnet_id, ...more } });
    const ask = at("load-balancer");
    await ask("POST /lbaas/loadbalancers");
    await ask("POST /lbaas/loadbalancers", "{");
    await ask("POST /lbaas/loadbalancers", {});
    await refused({ vip_subnet_id: undefined });
    await refused({ vip_subnet_id: NOBODY });
    await refused({ vip_subnet_id: "nonsense" });
    await refused({ name: "n".repeat(256) });
    await refused({ name: 7 });
    await refused({ description: "d".repeat(256) });
    await refused({ provider: "nonsense" });
    await refused({ tags: "nonsense" });
    await refused({ tags: ["t".repeat(256)] });
    await refused({ wheels: 4 });
    await refused({ vip_address: "192.0.2.1" });
    await refused({ vip_address: "nonsense" });
    await refused({ flavor_id: NOBODY });
    await refused({ provider: "ovn", listeners: [{ name: "l", protocol: "TCP" }] });
    await refused({ provider: "ovn", listeners: [{ name: "l", protocol: "HTTP", protocol_port: 80 }] });
    // What a refusal forgets to take away.
    const network = at("network");
    const left = await network(`GET /ports?network_id=${network_id}&fields=id&fields=name`);
    for (const { id } of (left.body as { ports: { id: string }[] }).ports)
      at.undoing(() => network(`DELETE /ports/${id}`));
  },
  "parts that are not there": async (at) => {
    const ask = at("load-balancer");
    for (const path of ["loadbalancers", "listeners", "pools", "healthmonitors", `pools/${NOBODY}/members`]) {
      await ask(`GET /lbaas/${path}/${NOBODY}`);
      await ask(`DELETE /lbaas/${path}/${NOBODY}`);
      await ask(`GET /lbaas/${path}/nonsense`);
    }
    const listener = { protocol: "TCP", protocol_port: 80, loadbalancer_id: NOBODY };
    await ask("POST /lbaas/listeners", { listener });
    await ask("POST /lbaas/pools", { pool: { protocol: "TCP", lb_algorithm: "ROUND_ROBIN", listener_id: NOBODY } });
    await ask("POST /lbaas/healthmonitors", { healthmonitor: { pool_id: NOBODY, ...probe } });
    await ask(`POST /lbaas/pools/${NOBODY}/members`, { member: { address: "10.62.0.201", protocol_port: 80 } });
    await ask(`PUT /lbaas/pools/${NOBODY}/members`, { members: [] });
    await ask(`GET /lbaas/pools/${NOBODY}/members`);
    await ask("GET /lbaas/loadbalancers?limit=nonsense");
    await ask("GET /lbaas/loadbalancers?limit=-1", undefined, zero);
    await ask(`GET /lbaas/loadbalancers?marker=${NOBODY}`, undefined, zero);
    await ask("GET /lbaas/loadbalancers?name=nobody-has-this-name&limit=1");
    await ask("GET /nonsense");
    await ask(`PATCH /lbaas/loadbalancers/${NOBODY}`, {});
    await ask("GET /lbaas/providers");
    await ask(`GET /lbaas/quotas/${at.project}`, undefined, {
      show: (body) => Object.keys((body as { quota: object }).quota).sort(),
    });
    await ask(`GET /lbaas/quotas/${NOBODY}`);
    await ask(`PUT /lbaas/quotas/${at.project}`, { quota: { load_balancer: 1 } });
  },
  "parts that can't be": async (at) => {
    const { ask, id, subnet_id } = await balancer(at, "ovn");
    await settled(ask, id);
    const listener = { protocol: "TCP", protocol_port: 80, loadbalancer_id: id };
    const listens = (more: object) => ask("POST /lbaas/listeners", { listener: { ...listener, ...more } });
    await listens({ protocol: undefined });
    await listens({ protocol: "NONSENSE" });
    await listens({ protocol: "HTTP" });
    await listens({ protocol_port: undefined });
    await listens({ protocol_port: 65_536 });
    await listens({ protocol_port: -1 });
    await listens({ protocol_port: "eighty" });
    await listens({ name: "n".repeat(256) });
    await listens({ loadbalancer_id: undefined });
    await listens({ allowed_cidrs: ["192.0.2.0/24"] });
    const pools = (more: object) =>
      ask("POST /lbaas/pools", {
        pool: { protocol: "TCP", lb_algorithm: "SOURCE_IP_PORT", loadbalancer_id: id, ...more },
      });
    await pools({ lb_algorithm: "ROUND_ROBIN" });
    await pools({ lb_algorithm: "NONSENSE" });
    await pools({ lb_algorithm: undefined });
    await pools({ protocol: "HTTP" });
    await pools({ protocol: undefined });
    await pools({ loadbalancer_id: undefined });
    const { id: pool } = await pools({ name: "p" });
    await ready(ask, id, `/lbaas/pools/${pool}`);
    const monitors = (more: object) =>
      ask("POST /lbaas/healthmonitors", { healthmonitor: { pool_id: pool, ...probe, ...more } });
    await monitors({ type: "HTTP" });
    await monitors({ type: "NONSENSE" });
    await monitors({ delay: undefined });
    await monitors({ delay: 2 });
    await monitors({ max_retries: 11 });
    await monitors({ pool_id: undefined });
    const member = { address: "10.62.0.201", protocol_port: 80, subnet_id };
    const joins = (more: object) => ask(`POST /lbaas/pools/${pool}/members`, { member: { ...member, ...more } });
    await joins({ address: undefined });
    await joins({ address: "nonsense" });
    await joins({ protocol_port: 0 });
    await joins({ protocol_port: "eighty" });
    await joins({ subnet_id: NOBODY });
    await joins({ subnet_id: "nonsense" });
    await joins({ weight: 257 });
    await ask(`PUT /lbaas/pools/${pool}/members`, { members: "nonsense" });
    await ask(`DELETE /lbaas/loadbalancers/${id}`);
    await ask(`GET /lbaas/loadbalancers/${id}`, undefined, {
      until: ({ status }) => status === 404 || status === 200,
      ...zero,
    });
  },
  quotas: async (at) => {
    const small = await at.small({
      "load-balancer": { load_balancer: 1, listener: 0, pool: 0, health_monitor: 0, member: 0 },
    });
    const ask = small("load-balancer");
    const network = small("network");
    const { id: network_id } = await network("POST /networks", { network: { name: at.run } }, zero);
    const subnet = { network_id, cidr: "10.62.0.0/24", ip_version: 4 };
    const { id: vip_subnet_id } = await network("POST /subnets", { subnet }, zero);
    const loadbalancer = { name: at.run, vip_subnet_id, provider: "ovn" };
    const { id } = await ask("POST /lbaas/loadbalancers", { loadbalancer }, zero);
    await ask("POST /lbaas/loadbalancers", { loadbalancer });
    await settled(ask, id);
    await ask("POST /lbaas/listeners", { listener: { protocol: "TCP", protocol_port: 80, loadbalancer_id: id } });
    await ask("POST /lbaas/pools", { pool: { protocol: "TCP", lb_algorithm: "SOURCE_IP_PORT", loadbalancer_id: id } });
  },
};
