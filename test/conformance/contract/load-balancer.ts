import type { Ask } from "./exchange.ts";
import { place } from "./network.ts";
import type { At, Cases } from "./suite.ts";

export const zero = { show: () => 0 };

/** Until nothing is under way, as everything asks for. */
export const settled = (ask: Ask, id: string) =>
  ask(`GET /lbaas/loadbalancers/${id}`, undefined, {
    until: ({ body }) =>
      ["ACTIVE", "ERROR"].includes(
        (body as { loadbalancer: { provisioning_status: string } }).loadbalancer.provisioning_status,
      ),
    ...zero,
  });

/** Until the part itself is ACTIVE too, as OVN's are later than what they hang on. */
export const ready = async (ask: Ask, id: string, path: string) => {
  await ask(`GET ${path}`, undefined, {
    until: ({ body }) => /"provisioning_status":"(ACTIVE|ERROR)"/.test(JSON.stringify(body)),
    ...zero,
  });
  await settled(ask, id);
};

export const probe = { type: "TCP", delay: 5, timeout: 3, max_retries: 2, max_retries_down: 2 };

export async function balancer(at: At, provider: string) {
  const ask = at("load-balancer");
  const { subnet_id: vip_subnet_id } = await place(at);
  const asked = { name: at.run, description: "one", tags: [at.run], vip_subnet_id, provider };
  const { id } = await ask("POST /lbaas/loadbalancers", { loadbalancer: asked });
  return { ask, id, subnet_id: vip_subnet_id };
}

const life = (provider: string, lb_algorithm: string) => async (at: At) => {
  const { ask, id, subnet_id } = await balancer(at, provider);
  const listening = { name: "l", protocol: "TCP", protocol_port: 80, loadbalancer_id: id };
  await ask("POST /lbaas/listeners", { listener: listening });
  await ask(`DELETE /lbaas/loadbalancers/${id}`);
  await settled(ask, id);
  await ask(`GET /lbaas/loadbalancers/${id}`);
  const { id: listener_id } = await ask("POST /lbaas/listeners", { listener: listening });
  await ready(ask, id, `/lbaas/listeners/${listener_id}`);
  await ask("POST /lbaas/listeners", { listener: listening });
  const pooled = { name: "p", protocol: "TCP", lb_algorithm, listener_id };
  const { id: pool } = await ask("POST /lbaas/pools", { pool: pooled });
  await ready(ask, id, `/lbaas/pools/${pool}`);
  await ask("POST /lbaas/pools", { pool: pooled });
  const { id: monitor } = await ask("POST /lbaas/healthmonitors", {
    healthmonitor: { name: "m", pool_id: pool, ...probe },
  });
  await ready(ask, id, `/lbaas/healthmonitors/${monitor}`);
  await ask("POST /lbaas/healthmonitors", { healthmonitor: { name: "m", pool_id: pool, ...probe } });
  const member = { name: "a", address: "10.62.0.201", protocol_port: 80, subnet_id };
  const { id: first } = await ask(`POST /lbaas/pools/${pool}/members`, { member });
  await ready(ask, id, `/lbaas/pools/${pool}/members/${first}`);
  await ask(`POST /lbaas/pools/${pool}/members`, { member });
  await ask(`PUT /lbaas/pools/${pool}/members`, {
    members: [member, { ...member, name: "b", address: "10.62.0.202" }],
  });
  await settled(ask, id);
  await ask(`GET /lbaas/pools/${pool}/members`, undefined, {
    until: ({ body }) => !JSON.stringify(body).includes("PENDING"),
    show: (body) => (body as { members: { name: string }[] }).members.map(({ name }) => name).sort(),
  });
  await settled(ask, id);
  await ask(`PUT /lbaas/pools/${pool}/members/${first}`, { member: { name: "c" } }, zero);
  await ready(ask, id, `/lbaas/pools/${pool}/members/${first}`);
  await ask(`PUT /lbaas/healthmonitors/${monitor}`, { healthmonitor: { delay: 6 } }, zero);
  await ready(ask, id, `/lbaas/healthmonitors/${monitor}`);
  await ask(`PUT /lbaas/pools/${pool}`, { pool: { name: "q" } }, zero);
  await ready(ask, id, `/lbaas/pools/${pool}`);
  await ask(`PUT /lbaas/listeners/${listener_id}`, { listener: { name: "k" } }, zero);
  await ready(ask, id, `/lbaas/listeners/${listener_id}`);
  await ask(`GET /lbaas/loadbalancers?project_id=${at.project}&description=one&name=${at.run}`, undefined, zero);
  const links = (body: unknown) => (body as { loadbalancers_links?: unknown }).loadbalancers_links;
  await ask(`GET /lbaas/loadbalancers?tags=${at.run}&limit=1`, undefined, { show: links });
  await ask(`GET /lbaas/loadbalancers?tags=${at.run}&limit=1&marker=${id}`);
  await ask(`GET /lbaas/loadbalancers?tags=${at.run}&limit=2`, undefined, { show: links });
  await ask("GET /lbaas/loadbalancers?tags=nobody-has-this-tag");
  await ask(`GET /lbaas/listeners?loadbalancer_id=${id}`, undefined, zero);
  await ask(`GET /lbaas/pools?loadbalancer_id=${id}`, undefined, zero);
  await ask(`GET /lbaas/healthmonitors?pool_id=${pool}`, undefined, zero);
  await ask(`GET /lbaas/loadbalancers/${id}/status`, undefined, {
    show: (body) => Object.keys((body as { statuses: { loadbalancer: object } }).statuses.loadbalancer).sort(),
  });
  await ask(`DELETE /lbaas/loadbalancers/${id}`);
  await ask(`DELETE /lbaas/pools/${pool}/members/${first}`);
  await settled(ask, id);
  await ask(`DELETE /lbaas/healthmonitors/${monitor}`);
  await settled(ask, id);
  await ask(`GET /lbaas/healthmonitors/${monitor}`, undefined, { until: ({ status }) => status === 404 });
  await ask(`DELETE /lbaas/pools/${pool}`);
  await ask(`GET /lbaas/pools/${pool}`, undefined, { until: ({ status }) => status === 404 });
  await settled(ask, id);
  await ask(`DELETE /lbaas/listeners/${listener_id}`);
  await ask(`GET /lbaas/listeners/${listener_id}`, undefined, { until: ({ status }) => status === 404 });
  await settled(ask, id);
  await ask(`DELETE /lbaas/loadbalancers/${id}?cascade=true`);
  await ask(`DELETE /lbaas/loadbalancers/${id}?cascade=true`);
  await ask(`GET /lbaas/loadbalancers/${id}`, undefined, { until: ({ status }) => status === 404 });
  await ask(`GET /lbaas/loadbalancers/${id}/status`);
  await ask(`PUT /lbaas/loadbalancers/${id}`, { loadbalancer: { name: "x" } });
  await ask(`DELETE /lbaas/loadbalancers/${id}?cascade=true`);
};

export const loadBalancerCases: Cases = {
  "a life of OVN's": life("ovn", "SOURCE_IP_PORT"),
  "a life of an amphora's": life("amphora", "ROUND_ROBIN"),
};
