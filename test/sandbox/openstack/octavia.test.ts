import { all, one } from "./api.ts";
import { forbidden, GONE, input, invalid, LB, openOctavia, refusal } from "./octavia-world.ts";

// Goal: Octavia's API answers as the lab's does: statuses, words, fields, pages, filters, quotas and whose is whose.
const VIP = "VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.";
const unsupported = (why: string) => refusal(501, `Provider 'ovn' does not support a requested option: ${why}`);
const reports = (why: string) => refusal(500, `Provider 'ovn' reports error: ${why}`);
const only = ({ status, body }: { readonly status: number; readonly body: unknown }) => ({ status, body });

test("what is there: versions, providers, no limits", async () => {
  const { call, sandbox } = await openOctavia();
  const root = await call("GET", "/");
  expect(all(root, "versions", "id")).toHaveLength(28);
  expect(all(root, "versions", "status").filter((status) => status === "CURRENT")).toHaveLength(1);
  expect(all(await call("GET", "/v2/lbaas/providers"), "providers")).toEqual(["amphora", "octavia", "ovn"]);
  expect(one(await call("GET", `/v2/lbaas/quotas/${sandbox.project("team-a").id}`), "quota")).toMatchObject({
    load_balancer: -1,
    listener: -1,
    pool: -1,
    member: -1,
    health_monitor: -1,
  });
  expect(only(await call("GET", `/v2/lbaas/quotas/${sandbox.project("team-b").id}`))).toEqual(forbidden);
  expect(only(await call("GET", "/v2/lbaas/nowhere"))).toEqual({
    status: 404,
    body: { code: 404, title: "Not Found", description: "" },
  });
});

describe("a load balancer is refused", () => {
  test.each<[string, object | string | undefined, object]>([
    ["without a body", undefined, refusal(400, 'Missing argument: "load_balancer"')],
    ["that is no JSON", "{x", refusal(400, "Request is not in valid JSON format")],
    ["of an empty body", {}, refusal(500, "'UnsetType' object has no attribute 'project_id'")],
    ["of null", { loadbalancer: null }, refusal(500, "'NoneType' object has no attribute 'project_id'")],
    ["of a text", { loadbalancer: "x" }, refusal(500, "'str' object has no attribute 'keys'")],
    [
      "with more beside it",
      { loadbalancer: {}, x: 1 },
      refusal(400, "Unknown attribute for argument load_balancer: x"),
    ],
    ["without a VIP", { loadbalancer: { name: "x" } }, invalid(VIP)],
    ["in no known subnet", { loadbalancer: { vip_subnet_id: GONE } }, refusal(400, `Subnet ${GONE} not found.`)],
    ["in no known network", { loadbalancer: { vip_network_id: GONE } }, refusal(400, `Network ${GONE} not found.`)],
    ["on no known port", { loadbalancer: { vip_port_id: GONE } }, refusal(400, `Port ${GONE} not found.`)],
    [
      "with an id that is none",
      { loadbalancer: { vip_subnet_id: "x" } },
      input("vip_subnet_id", "x", "Value should be UUID format"),
    ],
    ["with a number for a name", { loadbalancer: { name: 5 } }, input("name", "5", "Value should be string")],
    [
      "with a text for tags",
      { loadbalancer: { tags: "x" } },
      input("load_balancer", "{'loadbalancer': {'tags': 'x'}}", "Value not a valid list: x"),
    ],
    [
      "with attributes that it has not",
      { loadbalancer: { foo: 1, bar: 2 } },
      refusal(400, "Unknown attributes for argument load_balancer.loadbalancer: bar, foo"),
    ],
  ])("%s", async (_why, body, expected) => {
    const { call, portNames } = await openOctavia();
    const before = await portNames();
    expect(only(await call("POST", LB, body))).toEqual(expected);
    expect(all(await call("GET", LB), "loadbalancers")).toEqual([]);
    expect(await portNames()).toEqual(before);
  });

  test("by what its subnet allows", async () => {
    const { call, asked } = await openOctavia();
    expect(only(await call("POST", LB, asked("nosuch")))).toEqual(refusal(400, "Provider 'nosuch' is not enabled."));
    expect(only(await call("POST", LB, asked("ovn", { flavor_id: GONE })))).toEqual(invalid("Invalid flavor_id."));
    const outside = { vip_address: "10.99.0.5" };
    expect(only(await call("POST", LB, asked("ovn", outside)))).toEqual(
      reports("IP address 10.99.0.5 is not a valid IP for the specified subnet."),
    );
    expect(only(await call("POST", LB, asked("amphora", outside)))).toEqual(
      refusal(500, "Provider 'amphora' reports error: BadRequestException: 400"),
    );
    expect((await call("POST", LB, asked("ovn", { vip_address: "10.9.0.77" }))).status).toBe(201);
    const taken = await call("POST", LB, asked("amphora", { vip_address: "10.9.0.77" }));
    expect(only(taken)).toEqual(refusal(500, "Provider 'amphora' reports error: ConflictException: 409"));
  });
});

describe("with all its parts at once", () => {
  type Make = Awaited<ReturnType<typeof openOctavia>>;
  test.each<[string, (api: Make) => object, object]>([
    [
      "ROUND_ROBIN",
      ({ pool }) => ({ default_pool: pool("amphora") }),
      unsupported("OVN provider does not support ROUND_ROBIN algorithm"),
    ],
    ["HTTP", () => ({ protocol: "HTTP" }), unsupported("OVN provider does not support HTTP protocol")],
    [
      "cidrs",
      () => ({ allowed_cidrs: ["10.0.0.0/8"] }),
      unsupported("OVN provider does not support allowed_cidrs option"),
    ],
    [
      "an HTTP monitor",
      ({ pool, monitor }) => ({ default_pool: pool("ovn", { healthmonitor: monitor({ type: "HTTP" }) }) }),
      unsupported("OVN provider does not support HTTP health monitor type. Supported types: UDP-CONNECT, TCP"),
    ],
    [
      "a cookie",
      ({ pool }) => ({ default_pool: pool("ovn", { session_persistence: { type: "HTTP_COOKIE" } }) }),
      reports("'dict' object has no attribute 'type'"),
    ],
    [
      "a pool without a name",
      () => ({ default_pool: { protocol: "TCP" } }),
      invalid("Pools must be named when creating a fully populated loadbalancer."),
    ],
    [
      "a pool by name",
      () => ({ default_pool: { name: "q" } }),
      invalid("Pool 'q' was referenced but no full definition was found."),
    ],
    [
      "half a pool",
      () => ({ default_pool: { name: "q", protocol: "TCP" } }),
      invalid("Pool definition for 'q' missing required attribute: lb_algorithm"),
    ],
    [
      "a UDP pool",
      ({ pool }) => ({ default_pool: pool("ovn", { protocol: "UDP" }) }),
      invalid("The pool protocol 'UDP' is invalid while the listener protocol is 'TCP'."),
    ],
    [
      "one member twice",
      ({ pool, member }) => ({
        default_pool: pool("ovn", { members: [member("a", "10.9.0.5"), member("b", "10.9.0.5")] }),
      }),
      refusal(409, "Another member on this pool is already using ip 10.9.0.5 on protocol_port 6443"),
    ],
  ])("OVN refuses %s, and leaves its VIP's port behind", async (_what, more, expected) => {
    const api = await openOctavia();
    const listeners = [api.listener(more(api))];
    expect(only(await api.call("POST", LB, api.asked("ovn", { listeners })))).toEqual(expected);
    expect(all(await api.call("GET", LB), "loadbalancers")).toEqual([]);
    expect(all(await api.call("GET", "/v2/lbaas/listeners"), "listeners")).toEqual([]);
    expect((await api.portNames()).filter((name) => name.startsWith("ovn-lb-vip-"))).toHaveLength(1);
  });

  test("the answer has them in full, the listing by id", async () => {
    const { call, whole } = await openOctavia();
    const made = one(await call("POST", LB, whole("ovn", "10.9.0.201", "10.9.0.202")), "loadbalancer");
    expect(made).toMatchObject({
      provisioning_status: "PENDING_CREATE",
      operating_status: "OFFLINE",
      updated_at: null,
      listeners: [
        { name: "l", protocol_port: 6443, connection_limit: -1, timeout_client_data: 50_000, l7policies: [] },
      ],
      pools: [
        {
          name: "p",
          lb_algorithm: "SOURCE_IP_PORT",
          session_persistence: null,
          healthmonitor: { name: "h", type: "TCP", delay: 10, max_retries_down: 3, url_path: null },
          members: [
            { name: "m1", weight: 1, operating_status: "NO_MONITOR" },
            { name: "m2", address: "10.9.0.202" },
          ],
        },
      ],
    });
    expect(made["created_at"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    const [shown] = all(await call("GET", LB), "loadbalancers", "listeners");
    expect(shown).toEqual([{ id: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
  });
});

test("what is absent is 404, in the members' own shape below a pool", async () => {
  const { call } = await openOctavia();
  const titles = [
    ["loadbalancers", "Load Balancer"],
    ["listeners", "Listener"],
    ["pools", "Pool"],
    ["healthmonitors", "Health Monitor"],
  ] as const;
  for (const [path, title] of titles)
    for (const method of ["GET", "DELETE"])
      expect(only(await call(method, `/v2/lbaas/${path}/${GONE}`))).toEqual(
        refusal(404, `${title} ${GONE} not found.`),
      );
  expect(only(await call("GET", `/v2/lbaas/pools/${GONE}/members`))).toEqual({
    status: 404,
    body: { code: 404, title: "Bad Request", description: `Pool ${GONE} not found.` },
  });
});

test("another project is forbidden to see or touch it; an admin isn't", async () => {
  const { call, chain, sandbox, pool } = await openOctavia();
  const { lb, l, p } = await chain("ovn");
  for (const path of [
    `loadbalancers/${lb}`,
    `loadbalancers/${lb}/status`,
    `listeners/${l}`,
    `pools/${p}`,
    `pools/${p}/members`,
  ])
    expect([path, only(await call("GET", `/v2/lbaas/${path}`, undefined, "team-b"))]).toEqual([path, forbidden]);
  expect(only(await call("DELETE", `${LB}/${lb}?cascade=true`, undefined, "team-b"))).toEqual(forbidden);
  expect(only(await call("POST", "/v2/lbaas/pools", { pool: pool("ovn", { loadbalancer_id: lb }) }, "team-b"))).toEqual(
    forbidden,
  );
  expect(only(await call("GET", `${LB}?project_id=${sandbox.project("team-a").id}`, undefined, "team-b"))).toEqual(
    forbidden,
  );
  expect(all(await call("GET", LB, undefined, "team-b"), "loadbalancers")).toEqual([]);
  expect(one(await call("GET", `${LB}/${lb}`, undefined, "admin"), "loadbalancer").id).toBe(lb);
  expect(all(await call("GET", LB, undefined, "admin"), "loadbalancers", "id")).toEqual([lb]);
});

describe("listings", () => {
  test.each<[string, readonly string[]]>([
    ["name=lb-1", ["lb-1"]],
    ["name=lb", []],
    ["description=second", ["lb-2"]],
    ["tags=x", ["lb-1", "lb-2"]],
    ["tags=x,y", ["lb-2"]],
    ["tags-any=y,z", ["lb-2", "lb-3"]],
    ["not-tags=x", ["lb-3"]],
    ["not-tags-any=y,z", ["lb-1"]],
    ["provider=amphora", ["lb-3"]],
    ["provisioning_status=ACTIVE&admin_state_up=true", ["lb-1", "lb-2", "lb-3"]],
    ["sort=name:desc", ["lb-3", "lb-2", "lb-1"]],
    ["sort_key=name&sort_dir=desc&limit=1", ["lb-3"]],
    ["limit=0", ["lb-1", "lb-2", "lb-3"]],
  ])("%s", async (query, expected) => {
    const { call, make, asked, pass } = await openOctavia();
    await make(asked("ovn", { name: "lb-1", tags: ["x"] }));
    pass(1000);
    await make(asked("ovn", { name: "lb-2", tags: ["y", "x"], description: "second" }));
    pass(1000);
    await make(asked("amphora", { name: "lb-3", tags: ["z"] }));
    expect(all(await call("GET", `${LB}?${query}`), "loadbalancers")).toEqual(expected);
  });

  test("pages are linked, with a full last one linking on", async () => {
    const { call, make, asked } = await openOctavia();
    for (const name of ["a", "b", "c"]) await make(asked("ovn", { name }));
    const ids = all(await call("GET", LB), "loadbalancers", "id");
    const first = await call("GET", `${LB}?limit=2`);
    const url = `http://openstack.sandbox/load-balancer${LB}`;
    expect(all(first, "loadbalancers", "id")).toEqual(ids.slice(0, 2));
    expect(all(first, "loadbalancers_links", "href")).toEqual([`${url}?limit=2&marker=${ids[1]}`]);
    const second = await call("GET", `${LB}?limit=2&marker=${ids[1]}`);
    expect(all(second, "loadbalancers", "id")).toEqual(ids.slice(2));
    expect(all(second, "loadbalancers_links", "rel")).toEqual(["previous"]);
    expect(all(await call("GET", `${LB}?limit=3`), "loadbalancers_links", "rel")).toEqual(["next"]);
    expect((await call("GET", `${LB}?fields=name`)).body).toMatchObject({ loadbalancers: [{ name: "a" }, {}, {}] });
  });

  test.each([
    ["limit=x", { code: 400, title: "Bad Request", description: "Supplied pagination limit 'x' is not valid." }],
    [`marker=${GONE}`, refusal(400, `Supplied pagination marker '${GONE}' is not valid.`).body],
    ["foo=1", refusal(400, "One or more arguments are either duplicate or invalid").body],
    ["sort_key=foo", refusal(400, "Supplied sort key 'foo' is not valid.").body],
  ])("%s is refused", async (query, body) => {
    const { call, make, asked } = await openOctavia();
    await make(asked("ovn"));
    expect(only(await call("GET", `${LB}?${query}`))).toEqual({ status: 400, body });
  });
});

test.each([
  ["load_balancer", "Load Balancer"],
  ["listener", "Listener"],
  ["pool", "Pool"],
  ["member", "Member"],
  ["health_monitor", "Health Monitor"],
])("a quota of %s is met", async (resource, title) => {
  const { call, whole, sandbox } = await openOctavia();
  const { id } = sandbox.project("team-a");
  const body = { quota: { [resource]: 0 } };
  expect(only(await call("PUT", `/v2/lbaas/quotas/${id}`, body))).toEqual(forbidden);
  expect((await call("PUT", `/v2/lbaas/quotas/${id}`, body, "admin")).status).toBe(202);
  expect(only(await call("POST", LB, whole("amphora", "10.9.0.201")))).toEqual(
    refusal(403, `Quota has been met for resources: ${title}`),
  );
  sandbox.quotas.set(id, "load-balancer", resource, 1);
  expect((await call("POST", LB, whole("amphora", "10.9.0.201"))).status).toBe(201);
});
