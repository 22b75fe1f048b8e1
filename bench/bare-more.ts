import { controllersRules, storageRules } from "../shared/resources/access-rules.ts";
import { type Ids, type Item, idIn, machines, NETWORK, networking, neutron, part, TRAFFIC } from "./bare.ts";
import { type Plain, type Row, SHARES } from "./cloud.ts";
import { RWX_GIB } from "./graph.ts";
import type { Ground } from "./ground.ts";

const BALANCER = ["load-balancer"];
const DNS = ["dns"];
const KEYS = ["key-manager"];

function entrance(cloud: Plain, name: string, ground: Ground): readonly Item[] {
  const look = (id: string) => cloud.ask(BALANCER, "GET", `/v2/lbaas/loadbalancers/${id}/status`);
  const address = async (id: string | undefined) =>
    String(part(await cloud.ask(NETWORK, "GET", `/v2.0/floatingips/${id}`), "floatingip", "floating_ip_address"));
  const fip = neutron(cloud, name);
  const addressed = (which: string) =>
    fip(`fip-${which}`, "floatingip", [], () => ({ floating_network_id: ground.external }));
  const balancer: Item = {
    step: "balancer",
    needs: ["subnet", "port-control-plane-1"],
    async make(ids) {
      const port = await cloud.ask(NETWORK, "GET", `/v2.0/ports/${ids["port-control-plane-1"]}`);
      const [fixed] = part(port, "port", "fixed_ips") as readonly Row[];
      const members = [{ address: fixed?.["ip_address"], protocol_port: 6443 }];
      const healthmonitor = { type: "TCP", delay: 5, timeout: 3, max_retries: 3 };
      const pool = { name: "pool", protocol: "TCP", lb_algorithm: "SOURCE_IP_PORT", members, healthmonitor };
      const listeners = [{ name: "listener", protocol: "TCP", protocol_port: 6443, default_pool: pool }];
      const loadbalancer = { name, vip_subnet_id: ids["subnet"], provider: "ovn", listeners };
      return idIn(await cloud.ask(BALANCER, "POST", "/v2/lbaas/loadbalancers", { loadbalancer }), "loadbalancer", "id");
    },
    ready: async (id) => !/PENDING/.test(JSON.stringify(await look(id))),
    drop: (ids) => cloud.ask(BALANCER, "DELETE", `/v2/lbaas/loadbalancers/${ids["balancer"]}?cascade=true`),
    gone: async (id) => (await cloud.ask(BALANCER, "GET", `/v2/lbaas/loadbalancers/${id}`)) === undefined,
  };
  const attach = async (ids: Ids) => {
    const lb = await cloud.ask(BALANCER, "GET", `/v2/lbaas/loadbalancers/${ids["balancer"]}`);
    const floatingip = { port_id: part(lb, "loadbalancer", "vip_port_id") };
    return cloud.ask(NETWORK, "PUT", `/v2.0/floatingips/${ids["fip-api"]}`, { floatingip });
  };
  const sets = `/v2/zones/${ground.zone.id}/recordsets`;
  const names = { api: `api.${name}.${ground.zone.name}`, apps: `*.apps.${name}.${ground.zone.name}` };
  const recordset = (which: "api" | "apps"): Item => ({
    step: `dns-${which}`,
    needs: [`fip-${which}`],
    async make(ids) {
      const body = { name: names[which], type: "A", ttl: 60, records: [await address(ids[`fip-${which}`])] };
      return idIn(await cloud.ask(DNS, "POST", sets, body), "id");
    },
    ready: async (id) => part(await cloud.ask(DNS, "GET", `${sets}/${id}`), "status") === "ACTIVE",
    drop: (ids) => cloud.ask(DNS, "DELETE", `${sets}/${ids[`dns-${which}`]}`),
    gone: async (id) => (await cloud.ask(DNS, "GET", `${sets}/${id}`)) === undefined,
  });
  const pointer = (ids: Ids) => `/v2/reverse/floatingips/${ground.region}:${ids["fip-api"]}`;
  return [
    balancer,
    { ...addressed("api"), finish: { needs: ["router", "balancer"], run: attach } },
    addressed("apps"),
    recordset("api"),
    recordset("apps"),
    {
      step: "ptr",
      needs: ["fip-api"],
      make: async (ids) => idIn(await cloud.ask(DNS, "PATCH", pointer(ids), { ptrdname: names.api, ttl: 60 }), "id"),
      ready: async (id) => part(await cloud.ask(DNS, "GET", `/v2/reverse/floatingips/${id}`), "status") === "ACTIVE",
      drop: (ids) => cloud.ask(DNS, "PATCH", pointer(ids), { ptrdname: null }),
    },
  ];
}

const SECRET = { payload: "x".repeat(48), payload_content_type: "text/plain", secret_type: "opaque" };

function secrets(cloud: Plain, name: string, ground: Ground): readonly Item[] {
  const look = (id: string) => cloud.ask(KEYS, "GET", `/v1/orders/${id}`);
  const meta = { algorithm: "aes", bit_length: 256, mode: "cbc", payload_content_type: "application/octet-stream" };
  const order: Item = {
    step: "key",
    needs: [],
    make: async () => {
      const body = { type: "key", meta: { ...meta, name: `${name}-key` } };
      return idIn(await cloud.ask(KEYS, "POST", "/v1/orders", body), "order_ref");
    },
    ready: async (id) => part(await look(id), "status") === "ACTIVE",
    async drop(ids) {
      const secret = idIn(await look(ids["key"] ?? ""), "secret_ref");
      await cloud.ask(KEYS, "DELETE", `/v1/secrets/${secret}`);
      await cloud.ask(KEYS, "DELETE", `/v1/orders/${ids["key"]}`);
    },
  };
  const rules = {
    controllers: controllersRules(ground.prefixes),
    storage: storageRules(ground.prefixes, ground.shares),
  };
  const users = `/v3/users/${cloud.login.user}`;
  const logins = (["controllers", "storage"] as const).flatMap((user): readonly Item[] => [
    {
      step: `secret-${user}`,
      needs: [],
      make: async () =>
        idIn(await cloud.ask(KEYS, "POST", "/v1/secrets", { ...SECRET, name: `${name}-${user}` }), "secret_ref"),
      drop: (ids) => cloud.ask(KEYS, "DELETE", `/v1/secrets/${ids[`secret-${user}`]}`),
    },
    {
      step: `login-${user}`,
      needs: [`secret-${user}`],
      async make() {
        const fields = { name: `${name}-${user}`, roles: ground.roles, access_rules: rules[user], unrestricted: false };
        const body = { application_credential: { ...fields, secret: SECRET.payload } };
        const made = await cloud.ask(["identity"], "POST", `${users}/application_credentials`, body);
        return idIn(made, "application_credential", "id");
      },
      async drop(ids) {
        const path = `${users}/application_credentials/${ids[`login-${user}`]}`;
        const rows = part(await cloud.ask(["identity"], "GET", path), "application_credential", "access_rules");
        await cloud.ask(["identity"], "DELETE", path);
        const drop = ({ id }: Row) => cloud.ask(["identity"], "DELETE", `${users}/access_rules/${String(id)}`);
        // Another cluster's credential may use the same rule.
        await Promise.all((rows as readonly Row[]).map((rule) => drop(rule).catch(() => undefined)));
      },
    },
  ]);
  return [order, ...logins];
}

function storage(cloud: Plain, name: string): readonly Item[] {
  const look = (id: string) => cloud.ask(SHARES, "GET", `/shares/${id}`);
  const act = (ids: Ids, body: object) => cloud.ask(SHARES, "POST", `/shares/${ids["share"]}/action`, body);
  return [
    {
      step: "share",
      needs: [],
      async make() {
        const share = { name, share_proto: "NFS", size: RWX_GIB, share_type: "rwx" };
        return idIn(await cloud.ask(SHARES, "POST", "/shares", { share }), "share", "id");
      },
      ready: async (id) => part(await look(id), "share", "status") === "available",
      drop: (ids) => cloud.ask(SHARES, "DELETE", `/shares/${ids["share"]}`),
      gone: async (id) => (await look(id)) === undefined,
    },
    {
      step: "access",
      needs: ["share"],
      async make(ids) {
        const allow_access = { access_type: "ip", access_to: TRAFFIC.nodeCidr, access_level: "rw" };
        return idIn(await act(ids, { allow_access }), "access", "id");
      },
      ready: async (id) =>
        part(await cloud.ask(SHARES, "GET", `/share-access-rules/${id}`), "access", "state") === "active",
      drop: (ids) => act(ids, { deny_access: { access_id: ids["access"] } }),
    },
  ];
}

/** All that a cluster of the example's template has: one control plane, two workers, shared storage. */
export const recipe = (cloud: Plain, name: string, ground: Ground): readonly Item[] => [
  ...networking(cloud, name, ground),
  ...machines(cloud, name, ground),
  ...entrance(cloud, name, ground),
  ...secrets(cloud, name, ground),
  ...storage(cloud, name),
];
