import { balancer, ready, settled, zero } from "./load-balancer.ts";
import { NOBODY } from "./network.ts";
import type { At, Cases } from "./suite.ts";

const keys = { show: (body: unknown) => Object.keys(Object.values(body as object)[0] as object).sort() };

/** A load balancer of this case with nothing under way. */
export async function calm(at: At, provider: string) {
  const made = await balancer(at, provider);
  await settled(made.ask, made.id);
  return made;
}

export const loadBalancersBySource: Cases = {
  "options of a listener": async (at) => {
    const { ask, id } = await calm(at, "amphora");
    const listener = { name: "l", protocol: "HTTP", protocol_port: 80, loadbalancer_id: id };
    const asks = (more: object) => ask("POST /lbaas/listeners", { listener: { ...listener, ...more } });
    const forwarded = { "X-Forwarded-For": "true" };
    await asks({ protocol: "TCP", insert_headers: forwarded });
    await asks({ protocol: "UDP", insert_headers: forwarded });
    await asks({ insert_headers: { "X-Nonsense": "true" } });
    await asks({ insert_headers: { "X-SSL-Client-Verify": "true" } });
    await asks({ protocol: "TERMINATED_HTTPS" });
    await asks({ default_tls_container_ref: "nonsense" });
    await asks({ client_authentication: "MANDATORY" });
    await asks({ client_authentication: "NONSENSE" });
    await asks({ timeout_client_data: -1 });
    await asks({ connection_limit: -2 });
    await asks({ allowed_cidrs: ["nonsense"] });
    await asks({ default_pool_id: NOBODY });
    const { id: made } = await asks({
      insert_headers: forwarded,
      timeout_member_data: 7,
      connection_limit: 9,
      tags: ["b", "a"],
    });
    const path = `/lbaas/listeners/${made}`;
    await ready(ask, id, path);
    const change = (more: object) => ask(`PUT ${path}`, { listener: more });
    await change({ insert_headers: { "X-Nonsense": "true" } });
    await change({ protocol_port: 81 });
    await change({ timeout_member_data: null, connection_limit: null, tags: [] });
    await ready(ask, id, path);
    await change({ allowed_cidrs: ["192.0.2.9/24", "198.51.100.7"] });
    await ready(ask, id, path);
    await ask(`GET ${path}`);
    await ask(`GET ${path}/stats`, undefined, keys);
  },
  "sessions that a pool keeps": async (at) => {
    const { ask, id } = await calm(at, "amphora");
    const pool = { name: "p", protocol: "HTTP", lb_algorithm: "ROUND_ROBIN", loadbalancer_id: id };
    const asks = (session_persistence: unknown, more: object = {}) =>
      ask("POST /lbaas/pools", { pool: { ...pool, session_persistence, ...more } });
    await asks({ type: "NONSENSE" });
    await asks({});
    await asks({ type: "SOURCE_IP", wheels: 4 });
    await asks({ type: "APP_COOKIE" });
    await asks({ type: "SOURCE_IP", cookie_name: "chocolate" });
    await asks({ type: "SOURCE_IP", persistence_timeout: 7 });
    await asks({ type: "HTTP_COOKIE" }, { protocol: "UDP" });
    const { id: made } = await asks({ type: "SOURCE_IP" });
    const path = `/lbaas/pools/${made}`;
    await ready(ask, id, path);
    const change = (session_persistence: unknown) => ask(`PUT ${path}`, { pool: { session_persistence } });
    await change({ type: "APP_COOKIE", cookie_name: "chocolate" });
    await ready(ask, id, path);
    await change(null);
    await ready(ask, id, path);
    await ask(`GET ${path}`);
    await ask(`PUT ${path}`, { pool: { protocol: "TCP" } });
    await ask(`PUT ${path}`, { pool: { lb_algorithm: "NONSENSE" } });
  },
  "probes over HTTP": async (at) => {
    const { ask, id } = await calm(at, "amphora");
    const pool = { name: "p", protocol: "HTTP", lb_algorithm: "ROUND_ROBIN", loadbalancer_id: id };
    const { id: pool_id } = await ask("POST /lbaas/pools", { pool }, zero);
    await ready(ask, id, `/lbaas/pools/${pool_id}`);
    const probe = { name: "m", pool_id, type: "HTTP", delay: 5, timeout: 3, max_retries: 2 };
    const asks = (more: object) => ask("POST /lbaas/healthmonitors", { healthmonitor: { ...probe, ...more } });
    await asks({ http_method: "NONSENSE" });
    await asks({ url_path: "no-slash" });
    await asks({ url_path: "http://elsewhere.example.org/" });
    await asks({ expected_codes: "two hundred" });
    await asks({ http_version: 2 });
    await asks({ domain_name: "shop.example.org" });
    await asks({ domain_name: "shop.example.org", http_version: 1 });
    await asks({ type: "TCP", url_path: "/healthz" });
    await asks({ type: "UDP-CONNECT" });
    const { id: made } = await asks({});
    const path = `/lbaas/healthmonitors/${made}`;
    await ready(ask, id, path);
    const change = (more: object) => ask(`PUT ${path}`, { healthmonitor: more });
    await change({ type: "TCP" });
    await change({ delay: null });
    await change({ url_path: "/healthz", expected_codes: "200-299", http_method: "HEAD", max_retries_down: 4 });
    await ready(ask, id, path);
    await change({ url_path: null, expected_codes: null, http_method: null, max_retries_down: null });
    await ready(ask, id, path);
    await ask(`GET ${path}`);
  },
  "members, all at once": async (at) => {
    const { ask, id, subnet_id } = await calm(at, "amphora");
    const pool = { name: "p", protocol: "TCP", lb_algorithm: "ROUND_ROBIN", loadbalancer_id: id };
    const { id: pool_id } = await ask("POST /lbaas/pools", { pool }, zero);
    await ready(ask, id, `/lbaas/pools/${pool_id}`);
    const path = `/lbaas/pools/${pool_id}/members`;
    const member = (last: number, more: object = {}) => ({
      name: `m${last}`,
      address: `10.62.0.${last}`,
      protocol_port: 80,
      subnet_id,
      ...more,
    });
    const put = (members: unknown, query = "") => ask(`PUT ${path}${query}`, { members });
    const names = async () => {
      await settled(ask, id);
      await ask(`GET ${path}`, undefined, {
        until: ({ body }) => !JSON.stringify(body).includes("PENDING"),
        show: (body) =>
          (body as { members: { name: string; weight: number; backup: boolean }[] }).members
            .map(({ name, weight, backup }) => ({ name, weight, backup }))
            .sort((a, b) => (a.name < b.name ? -1 : 1)),
      });
    };
    await put([member(201), member(202, { weight: 0, backup: true })]);
    await put([]);
    await names();
    await put([member(203)], "?additive_only=true");
    await names();
    await put([member(201, { weight: 7 }), member(201)]);
    await put([member(204), member(204)]);
    await put([member(204, { weight: -1 })]);
    await put([member(201, { weight: 7 })]);
    await names();
    await put([]);
    await names();
  },
  "a load balancer's changes": async (at) => {
    const { ask, id } = await calm(at, "ovn");
    const path = `/lbaas/loadbalancers/${id}`;
    const change = (more: object) => ask(`PUT ${path}`, { loadbalancer: more });
    await change({ provider: "amphora" });
    await change({ vip_address: "10.62.0.9" });
    await change({ admin_state_up: "perhaps" });
    await change({ description: "", tags: ["b", "a"] });
    await settled(ask, id);
    await change({ name: at.run, description: "two" });
    await settled(ask, id);
    await ask(`GET ${path}?fields=name&fields=description&fields=tags`);
    await ask(`GET /lbaas/loadbalancers?name=${at.run}&provider=ovn&fields=name`);
    await ask(`GET /lbaas/loadbalancers?name=${at.run}&provider=amphora&fields=name`);
    await ask(`GET /lbaas/loadbalancers?name=${at.run}&admin_state_up=true&fields=name`);
    await ask(`GET /lbaas/loadbalancers?tags-any=a,z&name=${at.run}&fields=name`);
    await ask(`GET /lbaas/loadbalancers?not-tags-any=a,z&name=${at.run}&fields=name`);
    await ask(`GET ${path}/stats`, undefined, keys);
    await ask(`PUT ${path}/failover`);
    await ask(`GET /lbaas/loadbalancers/${NOBODY}/stats`);
    await ask(`GET /lbaas/quotas/${at.project}/default`, undefined, keys);
  },
};
