import { all, one } from "./api.ts";
import { bad, full, NIL, openNeutron, openSubnet, refusal } from "./neutron-api.ts";

// Goal: routers, their interfaces and floating IPs hold each other as on the lab.
const WIRED_MS = 5000;
const wrong = (why: string) => bad(`Bad router request: ${why}`, "BadRequest");
const neededBy = (router: string, net: string) =>
  refusal(
    409,
    "RouterExternalGatewayInUseByFloatingIp",
    `Gateway cannot be updated for router ${router}, since a gateway to external network ${net} is required by one or more floating IPs.`,
  );

/** A subnet behind a router with a gateway, or without the interface. */
async function open(wired = true) {
  const api = await openSubnet();
  const pub = await api.external();
  const router = (await api.make("router", { name: "r", external_gateway_info: { network_id: pub } })).id;
  const wire = (verb: "add" | "remove", body: object, who?: string) =>
    api.neutron("PUT", `/v2.0/routers/${router}/${verb}_router_interface`, body, who);
  if (wired) await wire("add", { subnet_id: api.subnet });
  return { ...api, pub, router, wire };
}

test.each<[string, object]>([
  ["x", bad("Invalid input for external_gateway_info. Reason: 'x' is not a valid UUID.")],
  [NIL, refusal(404, "NetworkNotFound", `Network ${NIL} could not be found.`)],
])("a gateway to %s is refused", async (network_id, answer) => {
  const { post, names } = openNeutron();
  expect(await post("router", { external_gateway_info: { network_id } })).toMatchObject(answer);
  expect(await names("router")).toEqual([]);
});

test("a gateway leads to an external network, and comes off", async () => {
  const { get, put, post, net, pub, router } = await open(false);
  const info = async () => one(await get("router", router), "router")["external_gateway_info"];
  const fixed = [{ subnet_id: expect.any(String), ip_address: expect.stringMatching(/^203\.0\.113\./) }];
  expect(await info()).toEqual({ network_id: pub, external_fixed_ips: fixed, enable_snat: true });
  const inner = await post("router", { external_gateway_info: { network_id: net } });
  expect(inner).toMatchObject(wrong(`Network ${net} is not an external network.`));
  for (const off of [null, {}]) {
    expect((await put("router", router, { external_gateway_info: off })).status).toBe(200);
    expect(await info()).toBeNull();
    await put("router", router, { external_gateway_info: { network_id: pub } });
  }
});

describe("an interface", () => {
  test.each<[string, object, object]>([
    ["nothing", {}, wrong("Either subnet_id or port_id must be specified.")],
    ["both", { subnet_id: NIL, port_id: NIL }, wrong("Cannot specify both subnet-id and port-id.")],
    ["a word", { subnet_id: "x" }, wrong("'x' is not a valid UUID.")],
    ["what isn't there", { subnet_id: NIL }, refusal(404, "SubnetNotFound", `Subnet ${NIL} could not be found.`)],
  ])("to %s is refused", async (_what, body, answer) => {
    expect(await (await open(false)).wire("add", body)).toMatchObject(answer);
  });

  test("takes the gateway's address, and only once", async () => {
    const { list, wire, make, neutron, subnet, net, router, remove, pass } = await open();
    const ports = await list("port", `?device_id=${router}&device_owner=network:router_interface`);
    const [port] = all(ports, "ports", "id");
    expect(all(ports, "ports", "fixed_ips")).toEqual([[{ subnet_id: subnet, ip_address: "10.9.0.1" }]]);
    expect([all(ports, "ports", "security_groups"), all(ports, "ports", "status")]).toEqual([[[]], ["DOWN"]]);
    pass(WIRED_MS);
    expect(all(await list("port", `?network_id=${net}`), "ports", "status")).toEqual(["ACTIVE"]);
    const overlap = `Cidr 10.9.0.0/24 of subnet ${subnet} overlaps with cidr 10.9.0.0/24 of subnet ${subnet}.`;
    expect(await wire("add", { subnet_id: subnet })).toMatchObject(wrong(overlap));
    const other = (await make("router")).id;
    const again = await neutron("PUT", `/v2.0/routers/${other}/add_router_interface`, { subnet_id: subnet });
    const taken = `IP address 10.9.0.1 already allocated in subnet ${subnet}`;
    expect(again).toMatchObject(refusal(409, "IpAddressAlreadyAllocated", taken));
    const direct = `Port ${port} cannot be deleted directly via the port API: has device owner network:router_interface.`;
    expect(await remove("port", String(port))).toMatchObject(refusal(409, "ServicePortInUse", direct));
  });

  test("needs a gateway on the subnet, the subnet to be one's own, ranges apart, and a port's quota", async () => {
    const { wire, make, subnet, pub, get, net, limit } = await open();
    const without = await make("subnet", { network_id: net, ip_version: 4, cidr: "10.1.0.0/24", gateway_ip: null });
    const needs = "Subnet for router interface must have a gateway IP.";
    expect(await wire("add", { subnet_id: without.id })).toMatchObject(wrong(needs));
    const [outer] = one(await get("network", pub), "network")["subnets"] as readonly string[];
    const why = `subnet ${outer} is not owned by project making the request.`;
    expect(await wire("add", { subnet_id: outer })).toMatchObject(
      wrong(`Cannot add interface to router because ${why}`),
    );
    const elsewhere = (await make("network")).id;
    const within = (await make("subnet", { network_id: elsewhere, ip_version: 4, cidr: "10.9.0.0/25" })).id;
    const overlap = `Cidr 10.9.0.0/25 of subnet ${within} overlaps with cidr 10.9.0.0/24 of subnet ${subnet}.`;
    expect(await wire("add", { subnet_id: within })).toMatchObject(wrong(overlap));
    const free = (await make("subnet", { network_id: elsewhere, ip_version: 4, cidr: "10.2.0.0/24" })).id;
    limit("port", 1);
    expect(await wire("add", { subnet_id: free })).toMatchObject(full("port"));
  });

  test("is taken off once, by those whose router it is", async () => {
    const { wire, list, make, subnet, net, router } = await open();
    const theirs = refusal(404, "RouterNotFound", `Router ${router} could not be found`);
    for (const verb of ["add", "remove"] as const)
      expect(await wire(verb, { subnet_id: subnet }, "team-b")).toMatchObject(theirs);
    const { id } = await make("port", { network_id: net });
    const not = refusal(404, "RouterInterfaceNotFound", `Router ${router} does not have an interface with id ${id}`);
    expect(await wire("remove", { port_id: id })).toMatchObject(not);
    expect(await wire("remove", {})).toMatchObject(wrong("Either subnet_id or port_id must be specified."));
    expect(await wire("remove", { subnet_id: NIL })).toMatchObject({ status: 404 });
    const removed = await wire("remove", { subnet_id: subnet });
    expect(removed).toMatchObject({ status: 200, body: { id: router, subnet_id: subnet, network_id: net } });
    expect(all(await list("port", `?device_id=${router}`), "ports")).toEqual([]);
    const none = `Router ${router} has no interface on subnet ${subnet}`;
    expect(await wire("remove", { subnet_id: subnet })).toMatchObject(
      refusal(404, "RouterInterfaceNotFoundForSubnet", none),
    );
  });
});

test("a router in use stays, but loses its gateway", async () => {
  const { remove, get, list, wire, subnet, router } = await open();
  const [port] = all(await list("port", `?device_id=${router}`), "ports", "id");
  const held = refusal(409, "RouterInUse", `Router ${router} has ports still attached: ${port}`);
  expect(await remove("router", router)).toMatchObject(held);
  expect(one(await get("router", router), "router")["external_gateway_info"]).toBeNull();
  await wire("remove", { subnet_id: subnet });
  expect((await remove("router", router)).status).toBe(204);
  const gone = refusal(404, "RouterNotFound", `Router ${router} could not be found`);
  expect(await remove("router", router)).toMatchObject(gone);
});

describe("a floating IP", () => {
  test("needs an external network, and a port that it can reach", async () => {
    const { post, make, net, pub, subnet } = await open(false);
    const port = (await make("port", { network_id: net })).id;
    const on = (floating_network_id: string, port_id?: string) => post("floatingip", { floating_network_id, port_id });
    const inner = `Bad floatingip request: Network ${net} is not a valid external network.`;
    expect(await post("floatingip", { floating_network_id: net })).toMatchObject(bad(inner, "BadRequest"));
    const why = `External network ${pub} is not reachable from subnet ${subnet}.`;
    const unreachable = `${why}  Therefore, cannot associate Port ${port} with a Floating IP.`;
    expect(await on(pub, port)).toMatchObject(refusal(404, "ExternalGatewayForFloatingIPNotFound", unreachable));
    expect(await on(pub, NIL)).toMatchObject(refusal(404, "PortNotFound", `Port ${NIL} could not be found.`));
    expect(await on(pub, "x")).toMatchObject(bad("Invalid input for port_id. Reason: 'x' is not a valid UUID."));
    const bare = (await make("port", { network_id: net, fixed_ips: [] })).id;
    const no = `Bad floatingip request: Cannot add floating IP to port ${bare} that has no fixed IPv4 addresses.`;
    expect(await on(pub, bare)).toMatchObject(bad(no, "BadRequest"));
  });

  test("holds the interface and the gateway that it goes through, until it is off its port", async () => {
    const { make, get, put, wire, remove, pass, net, pub, subnet, router } = await open();
    const port = await make("port", { name: "p", network_id: net });
    const asked = { floating_network_id: pub, port_id: port.id };
    const ip = await make("floatingip", asked);
    const [fixed] = port["fixed_ips"] as readonly { readonly ip_address: string }[];
    expect(ip).toMatchObject({
      port_id: port.id,
      fixed_ip_address: fixed?.ip_address,
      router_id: router,
      status: "DOWN",
    });
    pass(WIRED_MS);
    const shown = one(await get("floatingip", ip.id), "floatingip");
    expect(shown).toMatchObject({ status: "ACTIVE", port_details: { name: "p", network_id: net } });
    const other = await make("floatingip", { floating_network_id: pub });
    const what = `Cannot associate floating IP ${other["floating_ip_address"]} (${other.id}) with port ${port.id}`;
    const why = `as that fixed IP already has a floating IP on external network ${pub}.`;
    expect(await put("floatingip", other.id, { port_id: port.id })).toMatchObject(
      refusal(409, "FloatingIPPortAlreadyAssociated", `${what} using fixed IP ${fixed?.ip_address}, ${why}`),
    );
    const needed = `Router interface for subnet ${subnet} on router ${router} cannot be deleted, as it is required by one or more floating IPs.`;
    expect(await wire("remove", { subnet_id: subnet })).toMatchObject(
      refusal(409, "RouterInterfaceInUseByFloatingIP", needed),
    );
    expect(await put("router", router, { external_gateway_info: null })).toMatchObject(neededBy(router, pub));
    expect(await remove("router", router)).toMatchObject(neededBy(router, pub));
    expect(one(await get("router", router), "router")["external_gateway_info"]).toMatchObject({ network_id: pub });
    const off = { port_id: null, fixed_ip_address: null, router_id: null };
    expect(one(await put("floatingip", ip.id, { port_id: null }), "floatingip")).toMatchObject(off);
    await put("floatingip", other.id, { port_id: port.id });
    await remove("port", port.id);
    expect(one(await get("floatingip", other.id), "floatingip")).toMatchObject(off);
    expect((await wire("remove", { subnet_id: subnet })).status).toBe(200);
  });

  test("counts, belongs to its project, and leaves its address", async () => {
    const { make, post, get, list, remove, pub, limit } = await open(false);
    const { id } = await make("floatingip", { floating_network_id: pub });
    limit("floatingip", 1);
    expect(await post("floatingip", { floating_network_id: pub })).toMatchObject(full("floatingip"));
    const missing = refusal(404, "FloatingIPNotFound", `Floating IP ${id} could not be found`);
    expect(await get("floatingip", id, "team-b")).toMatchObject(missing);
    const outer = async () =>
      all(await list("port", `?network_id=${pub}&device_owner=network:floatingip`, "admin"), "ports");
    expect(await outer()).toHaveLength(1);
    expect((await remove("floatingip", id)).status).toBe(204);
    expect(await outer()).toHaveLength(0);
    expect(await remove("floatingip", id)).toMatchObject(missing);
  });
});
