import type { Options } from "../../../sandbox/openstack/core.ts";
import { isJson, type Json, jsonAt, listAt } from "../../../sandbox/openstack/json.ts";
import { all, one } from "./api.ts";
import { openNova, SETTLED_MS } from "./nova-world.ts";

export const GONE = "11111111-2222-3333-4444-555555555555";
export const LB = "/v2/lbaas/loadbalancers";
const STEP_MS = 100;
const STEPS_MAX = 400;

export const refusal = (status: number, faultstring: string) => ({
  status,
  body: { faultcode: status < 500 ? "Client" : "Server", faultstring, debuginfo: null },
});
export const invalid = (why: string) => refusal(400, `Validation failure: ${why}`);
export const input = (field: string, value: string, why: string) =>
  refusal(400, `Invalid input for field/attribute ${field}. Value: '${value}'. ${why}`);
export const immutable = (what: string, id: string) =>
  refusal(409, `${what} ${id} is immutable and cannot be updated.`);
export const forbidden = refusal(403, "Policy does not allow this request to be performed.");

const states = (item: Json): string => `${item["provisioning_status"]}/${item["operating_status"]}`;
const below = (item: Json, key: string): readonly Json[] => (listAt(item, key) ?? []).filter(isJson);

/** `{ lb: "ACTIVE/ONLINE", l: …, p: …, h: …, m1: … }`: every object of a status tree by its name. */
function flat(tree: Json): Readonly<Record<string, string>> {
  const found: Record<string, string> = { lb: states(tree) };
  for (const listener of below(tree, "listeners")) {
    found[String(listener["name"])] = states(listener);
    for (const pool of below(listener, "pools")) {
      const monitor = jsonAt(pool, "health_monitor");
      for (const item of [pool, ...(monitor === undefined ? [] : [monitor]), ...below(pool, "members")])
        found[String(item["name"])] = states(item);
    }
  }
  return found;
}

/** A project with a subnet, and what hangs load balancers into it. */
export async function openOctavia(options: Options = {}) {
  const nova = await openNova(options);
  const { neutron, network, pass } = nova;
  const call = nova.at("load-balancer");
  const subnet = String(all(await neutron("GET", `/v2.0/subnets?network_id=${network}`), "subnets", "id")[0]);
  const asked = (provider: string, more: object = {}) => ({
    loadbalancer: { name: "lb", vip_subnet_id: subnet, provider, ...more },
  });
  const algorithm = (provider: string) => (provider === "ovn" ? "SOURCE_IP_PORT" : "ROUND_ROBIN");
  const member = (name: string, address: string, more: object = {}) => ({
    name,
    address,
    protocol_port: 6443,
    subnet_id: subnet,
    ...more,
  });
  const monitor = (more: object = {}) => ({ name: "h", type: "TCP", delay: 10, timeout: 5, max_retries: 3, ...more });
  const pool = (provider: string, more: object = {}) => ({
    name: "p",
    protocol: "TCP",
    lb_algorithm: algorithm(provider),
    ...more,
  });
  const listener = (more: object = {}) => ({ name: "l", protocol: "TCP", protocol_port: 6443, ...more });
  /** A load balancer with all that it can have, its two members at these addresses. */
  const whole = (provider: string, ...addresses: readonly string[]) => {
    const members = addresses.map((address, at) => member(`m${at + 1}`, address));
    return asked(provider, {
      listeners: [listener({ default_pool: pool(provider, { healthmonitor: monitor(), members }) })],
    });
  };
  const tree = async (id: string) => {
    const answer = await call("GET", `${LB}/${id}/status`);
    const found = jsonAt(jsonAt(answer.body, "statuses"), "loadbalancer");
    return found === undefined ? { lb: String(answer.status) } : flat(found);
  };
  /** Every change that the tree goes through, until `done` or until nothing is pending. Its time is in ms. */
  const watch = async (
    id: string,
    done = (now: Readonly<Record<string, string>>) => !/PENDING/.test(JSON.stringify(now)),
  ) => {
    const seen: { readonly ms: number; readonly now: Readonly<Record<string, string>> }[] = [];
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const now = await tree(id);
      if (JSON.stringify(now) !== JSON.stringify(seen.at(-1)?.now)) seen.push({ ms: step * STEP_MS, now });
      if (done(now)) return seen;
      pass(STEP_MS);
    }
    throw new Error(`waited too long: ${JSON.stringify(seen.at(-1))}`);
  };
  const make = async (body: unknown, who?: string) => {
    const { id } = one(await call("POST", LB, body, who), "loadbalancer");
    await watch(id);
    return id;
  };
  /** Makes a part and waits for it. */
  const add = async (lb: string, path: string, key: string, body: object) => {
    const { id } = one(await call("POST", `/v2/lbaas/${path}`, { [key]: body }), key);
    await watch(lb);
    return id;
  };
  /** A load balancer with listener, pool and no monitor, made part by part. */
  const chain = async (provider: string) => {
    const lb = await make(asked(provider));
    const l = await add(lb, "listeners", "listener", listener({ loadbalancer_id: lb }));
    const p = await add(lb, "pools", "pool", pool(provider, { listener_id: l }));
    return { lb, l, p };
  };
  const portNames = async () =>
    all(await neutron("GET", `/v2.0/ports?network_id=${network}`, undefined, "admin"), "ports").map(String);
  /** The address of a server that runs. */
  const running = async () => {
    const id = await nova.makePort();
    await nova.make({ networks: [{ port: id }] });
    pass(SETTLED_MS);
    const ip = (listAt(await nova.showPort(id), "fixed_ips") ?? [])[0];
    return { port: id, address: String(isJson(ip) ? ip["ip_address"] : "") };
  };
  return {
    ...nova,
    call,
    subnet,
    asked,
    member,
    monitor,
    pool,
    listener,
    whole,
    tree,
    watch,
    make,
    add,
    chain,
    portNames,
    running,
  };
}
