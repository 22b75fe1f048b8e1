import { TAKES } from "../../../sandbox/openstack/timing.ts";
import { all, leastOf, mostOf, one } from "./api.ts";
import { GONE, immutable, input, invalid, LB, openOctavia, refusal } from "./octavia-world.ts";

// Goal: load balancers change as the lab's do: how long it takes, what is refused meanwhile, how members fare.
const PARTS = ["l", "p", "h", "m1", "m2"];
const only = ({ status, body }: { readonly status: number; readonly body: unknown }) => ({ status, body });
const PENDING = /^PENDING/;

describe("made at once", () => {
  test("OVN's is ACTIVE first, and its parts come one after the other", async () => {
    const { call, whole, watch } = await openOctavia();
    const { id } = one(await call("POST", LB, whole("ovn", "10.9.0.201", "10.9.0.202")), "loadbalancer");
    const seen = await watch(id);
    const since = (name: string) => seen.find(({ now }) => !PENDING.test(now[name] ?? ""))?.ms ?? 0;
    expect(since("lb")).toBeGreaterThanOrEqual(500);
    expect(since("lb")).toBeLessThanOrEqual(1900);
    const times = ["lb", ...PARTS].map(since);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
    // Nobody's port has these addresses.
    expect(seen.at(-1)?.now).toEqual({
      lb: "ACTIVE/ERROR",
      l: "ACTIVE/ERROR",
      p: "ACTIVE/ERROR",
      h: "ACTIVE/ONLINE",
      m1: "ACTIVE/ERROR",
      m2: "ACTIVE/ERROR",
    });
  });

  test("an amphora has everything at once, and reports later", async () => {
    const { call, whole, watch } = await openOctavia();
    const { id } = one(await call("POST", LB, whole("amphora", "10.9.0.201", "10.9.0.202")), "loadbalancer");
    const seen = await watch(id);
    expect(seen.map(({ now }) => now["lb"])).toEqual(["PENDING_CREATE/OFFLINE", "ACTIVE/OFFLINE"]);
    expect(seen.at(-1)?.ms).toBeGreaterThanOrEqual(3000);
    expect(seen.at(-1)?.ms).toBeLessThanOrEqual(8600);
    expect(seen.at(-1)?.now).toEqual({
      lb: "ACTIVE/OFFLINE",
      l: "ACTIVE/OFFLINE",
      p: "ACTIVE/OFFLINE",
      h: "ACTIVE/ONLINE",
      m1: "ACTIVE/NO_MONITOR",
      m2: "ACTIVE/NO_MONITOR",
    });
  });
});

describe.each(["ovn", "amphora"] as const)("part by part with %s", (provider) => {
  test("a change of one holds the others up", async () => {
    const { call, chain, member, tree, watch } = await openOctavia();
    const { lb, l, p } = await chain(provider);
    const add = (name: string, address: string) =>
      call("POST", `/v2/lbaas/pools/${p}/members`, { member: member(name, address) });
    expect((await add("m1", "10.9.0.201")).status).toBe(201);
    expect(await tree(lb)).toMatchObject({
      lb: expect.stringMatching(/^PENDING_UPDATE/),
      l: expect.stringMatching(/^PENDING_UPDATE/),
      p: expect.stringMatching(/^PENDING_UPDATE/),
      m1: "PENDING_CREATE/NO_MONITOR",
    });
    const state = refusal(409, `Invalid state PENDING_UPDATE of loadbalancer resource ${lb}`);
    expect(only(await call("PUT", `${LB}/${lb}`, { loadbalancer: { name: "x" } }))).toEqual(state);
    expect(only(await call("DELETE", `${LB}/${lb}?cascade=true`))).toEqual(state);
    expect(only(await add("m2", "10.9.0.202"))).toEqual(immutable("Pool", p));
    const rename = { name: "x" };
    expect(only(await call("PUT", `/v2/lbaas/pools/${p}`, { pool: rename }))).toEqual(immutable("Load Balancer", lb));
    expect(only(await call("PUT", `/v2/lbaas/listeners/${l}`, { listener: rename }))).toEqual(
      immutable("Load Balancer", lb),
    );
    expect(only(await call("DELETE", `/v2/lbaas/listeners/${l}`))).toEqual(immutable("Load Balancer", lb));
    await watch(lb);
    expect((await add("m2", "10.9.0.202")).status).toBe(201);
  });

  test("what is there already is refused", async () => {
    const { call, chain, add, listener, pool, member, monitor } = await openOctavia();
    const { lb, l, p } = await chain(provider);
    const taken = "Another Listener on this Load Balancer is already using protocol TCP and protocol_port 6443";
    const http = { listener: listener({ loadbalancer_id: lb, protocol: "HTTP" }) };
    expect(only(await call("POST", "/v2/lbaas/listeners", http))).toEqual(refusal(409, taken));
    expect(only(await call("POST", "/v2/lbaas/pools", { pool: pool(provider, { listener_id: l }) }))).toEqual(
      refusal(409, "This listener already has a default pool"),
    );
    const path = `/v2/lbaas/pools/${p}/members`;
    await add(lb, `pools/${p}/members`, "member", member("m1", "10.9.0.201"));
    expect(only(await call("POST", path, { member: member("m2", "10.9.0.201") }))).toEqual(
      refusal(409, "Another member on this pool is already using ip 10.9.0.201 on protocol_port 6443"),
    );
    await add(lb, "healthmonitors", "healthmonitor", monitor({ pool_id: p }));
    expect(only(await call("POST", "/v2/lbaas/healthmonitors", { healthmonitor: monitor({ pool_id: p }) }))).toEqual(
      refusal(409, "This pool already has a health monitor"),
    );
    expect(only(await call("DELETE", `${LB}/${lb}`))).toEqual(
      invalid(`Cannot delete Load Balancer ${lb} - it has children`),
    );
  });

  test("members are wrong in many ways", async () => {
    const { call, chain, member } = await openOctavia();
    const { p } = await chain(provider);
    const answer = async (more: object) =>
      only(await call("POST", `/v2/lbaas/pools/${p}/members`, { member: member("m", "10.9.0.5", more) }));
    expect(await answer({ subnet_id: GONE })).toEqual(refusal(400, `Subnet ${GONE} not found.`));
    expect(await answer({ address: "x" })).toEqual(input("address", "x", "Value should be IPv4 or IPv6 format"));
    expect(await answer({ weight: 300 })).toEqual(input("weight", "300", "Value should be lower or equal to 256"));
    expect(await answer({ address: "169.254.169.254" })).toEqual(
      refusal(400, "169.254.169.254 is not a valid option for member address"),
    );
    expect(await answer({ protocol_port: 0 })).toEqual(
      input("protocol_port", "0", "Value should be greater or equal to 1"),
    );
  });

  test("members are replaced together", async () => {
    const { call, chain, member, watch } = await openOctavia();
    const { lb, p } = await chain(provider);
    const path = `/v2/lbaas/pools/${p}/members`;
    const put = (query: string, ...hosts: readonly number[]) =>
      call("PUT", `${path}${query}`, { members: hosts.map((host) => member(`m${host}`, `10.9.0.${host}`)) });
    const names = async () =>
      all(await call("GET", path), "members")
        .map(String)
        .toSorted();
    expect((await put("", 211, 212)).status).toBe(202);
    await watch(lb);
    const kept = all(await call("GET", `${path}?name=m212`), "members", "id");
    expect((await put("", 212, 213)).status).toBe(202);
    expect(await names()).toEqual(expect.arrayContaining(["m211", "m212", "m213"]));
    expect(only(await put("", 214))).toEqual(immutable("Pool", p));
    await watch(lb);
    expect(await names()).toEqual(["m212", "m213"]);
    expect(all(await call("GET", `${path}?name=m212`), "members", "id")).toEqual(kept);
    await put("?additive_only=true", 214);
    await watch(lb);
    expect(await names()).toEqual(["m212", "m213", "m214"]);
    expect(only(await put("", 212, 212))).toEqual(invalid("Member must be updated only once in the same request."));
    await put("");
    await watch(lb);
    expect(await names()).toEqual([]);
  });

  test("a cascade takes everything but a floating IP", async () => {
    const { call, make, whole, watch, neutron, network, portNames, port } = await openOctavia();
    const before = await portNames();
    const lb = await make(whole(provider, "10.9.0.201"));
    expect((await portNames()).length - before.length).toBe(provider === "ovn" ? 1 : 2);
    expect((await call("DELETE", `${LB}/${lb}?cascade=true`)).status).toBe(204);
    expect(only(await call("DELETE", `${LB}/${lb}?cascade=true`))).toEqual(
      refusal(409, `Invalid state PENDING_DELETE of loadbalancer resource ${lb}`),
    );
    const seen = await watch(lb, (now) => now["lb"] === "404");
    expect(seen.at(-1)?.ms).toBeGreaterThanOrEqual(leastOf(TAKES[provider].remove));
    expect(seen.at(-1)?.ms).toBeLessThan(mostOf(TAKES[provider].remove) + 200);
    expect(only(await call("DELETE", `${LB}/${lb}`))).toEqual(refusal(404, `Load Balancer ${lb} not found.`));
    for (const path of ["listeners", "pools", "healthmonitors"])
      expect(all(await call("GET", `/v2/lbaas/${path}`), path)).toEqual([]);
    expect(await portNames()).toEqual(before);
    await neutron("DELETE", `/v2.0/ports/${port}`);
    expect((await neutron("DELETE", `/v2.0/networks/${network}`)).status).toBe(204);
  });

  test("one that is broken can only be deleted", async () => {
    const { call, sandbox, asked, listener, watch } = await openOctavia();
    sandbox.faults.break("load-balancer", "no reason", 1, /^lb$/);
    const { id } = one(await call("POST", LB, asked(provider, { listeners: [listener()] })), "loadbalancer");
    const seen = await watch(id, (now) => !PENDING.test(now["lb"] ?? ""));
    expect(seen.at(-1)?.now).toEqual({
      lb: provider === "ovn" ? "ERROR/ERROR" : "ERROR/OFFLINE",
      l: "PENDING_CREATE/OFFLINE",
    });
    const more = { listener: listener({ loadbalancer_id: id, protocol_port: 1 }) };
    expect(only(await call("POST", "/v2/lbaas/listeners", more))).toEqual(immutable("Load Balancer", id));
    expect((await call("DELETE", `${LB}/${id}?cascade=true`)).status).toBe(204);
    await watch(id, (now) => now["lb"] === "404");
  });

  test("a broken member leaves its load balancer ACTIVE", async () => {
    const { call, sandbox, chain, member, watch } = await openOctavia();
    const { lb, p } = await chain(provider);
    sandbox.faults.break("member", "no reason");
    await call("POST", `/v2/lbaas/pools/${p}/members`, { member: member("m1", "10.9.0.201") });
    expect((await watch(lb)).at(-1)?.now).toMatchObject({
      lb: expect.stringMatching(/^ACTIVE/),
      p: expect.stringMatching(/^ACTIVE/),
      m1: "ERROR/ERROR",
    });
  });

  test("members are as healthy as their servers, after as many probes as the monitor wants", async () => {
    const { sandbox, make, whole, running, tree, pass, call } = await openOctavia();
    const [a, b] = [await running(), await running()];
    const lb = await make(whole(provider, a.address, b.address));
    const healthy = { lb: "ACTIVE/ONLINE", p: "ACTIVE/ONLINE", m1: "ACTIVE/ONLINE", m2: "ACTIVE/ONLINE" };
    if (provider === "amphora") expect(await tree(lb)).toMatchObject({ m1: "ACTIVE/NO_MONITOR", p: "ACTIVE/OFFLINE" });
    pass(10_000);
    expect(await tree(lb)).toMatchObject(healthy);
    const end = sandbox.faults.sicken(/^m1$/);
    pass(20_000);
    expect(await tree(lb)).toMatchObject(healthy);
    pass(10_000);
    expect(await tree(lb)).toMatchObject({
      lb: "ACTIVE/DEGRADED",
      p: "ACTIVE/DEGRADED",
      m1: "ACTIVE/ERROR",
      m2: "ACTIVE/ONLINE",
    });
    end();
    pass(30_000);
    expect(await tree(lb)).toMatchObject(healthy);
    const [monitor] = all(await call("GET", "/v2/lbaas/healthmonitors"), "healthmonitors", "id");
    await call("DELETE", `/v2/lbaas/healthmonitors/${monitor}`);
    pass(5000);
    expect(await tree(lb)).toMatchObject({ m1: "ACTIVE/NO_MONITOR", m2: "ACTIVE/NO_MONITOR" });
  });
});

test("OVN probes from a port of its own in the subnet, until there is nothing to probe", async () => {
  const { call, make, whole, running, portNames, watch, subnet } = await openOctavia();
  const { address } = await running();
  const lb = await make(whole("ovn", address));
  expect(await portNames()).toContain(`ovn-lb-hm-${subnet}`);
  await call("DELETE", `${LB}/${lb}?cascade=true`);
  await watch(lb, (now) => now["lb"] === "404");
  expect(await portNames()).not.toContain(`ovn-lb-hm-${subnet}`);
});

test("switched off it is OFFLINE, and what it is not asked to change stays", async () => {
  const { call, make, asked, watch } = await openOctavia();
  const lb = await make(asked("ovn", { description: "d", tags: ["x"] }));
  const put = async (change: object) => {
    const answer = await call("PUT", `${LB}/${lb}`, { loadbalancer: change });
    await watch(lb);
    return one(answer, "loadbalancer");
  };
  expect(await put({ admin_state_up: false })).toMatchObject({ provisioning_status: "PENDING_UPDATE", tags: ["x"] });
  expect(one(await call("GET", `${LB}/${lb}`), "loadbalancer")).toMatchObject({
    provisioning_status: "ACTIVE",
    operating_status: "OFFLINE",
    description: "d",
  });
  await put({ admin_state_up: true, description: null });
  expect(one(await call("GET", `${LB}/${lb}`), "loadbalancer")).toMatchObject({
    operating_status: "ONLINE",
    description: "",
  });
});
