import { ready, settled, zero } from "./load-balancer.ts";
import { NOBODY } from "./network.ts";
import { calm } from "./source-load-balancer.ts";
import type { Cases } from "./suite.ts";

export const policiesBySource: Cases = {
  "policies of a listener": async (at) => {
    const { ask, id } = await calm(at, "amphora");
    const pooled = { name: "p", protocol: "HTTP", lb_algorithm: "ROUND_ROBIN", loadbalancer_id: id };
    const pool = await ask("POST /lbaas/pools", { pool: pooled }, zero);
    await ready(ask, id, `/lbaas/pools/${pool.id}`);
    const listening = { name: "l", protocol: "HTTP", protocol_port: 80, loadbalancer_id: id };
    const { id: listener_id } = await ask("POST /lbaas/listeners", { listener: listening }, zero);
    await ready(ask, id, `/lbaas/listeners/${listener_id}`);
    const asks = (more: object) => ask("POST /lbaas/l7policies", { l7policy: { name: "a", listener_id, ...more } });
    await asks({});
    await asks({ action: "NONSENSE" });
    await asks({ action: "REDIRECT_TO_POOL" });
    await asks({ action: "REDIRECT_TO_URL", redirect_url: "nonsense" });
    await asks({ action: "REDIRECT_TO_POOL", redirect_pool_id: NOBODY });
    await asks({ action: "REJECT", listener_id: NOBODY });
    await asks({ action: "REJECT", position: 0 });
    const { id: made } = await asks({ action: "REDIRECT_TO_POOL", redirect_pool_id: pool.id });
    const path = `/lbaas/l7policies/${made}`;
    await ready(ask, id, path);
    const second = await asks({
      name: "b",
      action: "REDIRECT_TO_URL",
      redirect_url: "https://shop.example.org/",
      position: 1,
    });
    await ready(ask, id, `/lbaas/l7policies/${second.id}`);
    await ask(`GET ${path}`);
    await ask(`GET /lbaas/listeners/${listener_id}?fields=l7policies`);
    await ask(`DELETE /lbaas/pools/${pool.id}`);
    const rules = (more: object) =>
      ask(`POST ${path}/rules`, { rule: { type: "PATH", compare_type: "STARTS_WITH", value: "/shop", ...more } });
    await rules({ type: "NONSENSE" });
    await rules({ value: undefined });
    await rules({ type: "HEADER" });
    await rules({ type: "FILE_TYPE" });
    const rule = await rules({});
    await ready(ask, id, `${path}/rules/${rule.id}`);
    await ask(`PUT ${path}/rules/${rule.id}`, { rule: { value: "/store", invert: true } });
    await ready(ask, id, `${path}/rules/${rule.id}`);
    await ask(`GET ${path}/rules`);
    await ask(`PUT ${path}`, { l7policy: { name: "c", action: "REJECT" } });
    await ready(ask, id, path);
    await ask(`DELETE ${path}/rules/${rule.id}`);
    await ask(`GET ${path}/rules/${rule.id}`, undefined, { until: ({ status }) => status === 404 });
    await settled(ask, id);
    await ask(`DELETE ${path}`);
    await ask(`GET ${path}`, undefined, { until: ({ status }) => status === 404 });
    await ask(`GET ${path}/rules`);
  },
  "policies that OVN has none of": async (at) => {
    const { ask, id } = await calm(at, "ovn");
    const listening = { name: "l", protocol: "TCP", protocol_port: 80, loadbalancer_id: id };
    const { id: listener_id } = await ask("POST /lbaas/listeners", { listener: listening }, zero);
    await ready(ask, id, `/lbaas/listeners/${listener_id}`);
    await ask("POST /lbaas/l7policies", { l7policy: { listener_id, action: "REJECT" } });
    await ask("GET /lbaas/l7policies?name=nobody-has-this-name");
  },
};
