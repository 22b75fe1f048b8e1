import { bad, NIL, openSubnet as open, refusal } from "./neutron-api.ts";

// Goal: subnets have the lab's rules for ranges, gateways, pools and what is in use.
const invalid = (why: string) => bad(`Invalid input for operation: ${why}`, "InvalidInput");

describe("subnets", () => {
  test.each<[string, object, object]>([
    [
      "no range",
      {},
      bad("Bad subnets request: a subnetpool must be specified in the absence of a cidr.", "BadRequest"),
    ],
    ["no range at all", { cidr: "x" }, invalid("x is not in a CIDR format.")],
    [
      "a range too small",
      { cidr: "10.1.0.0/31" },
      invalid("Subnet has a prefix length that is incompatible with DHCP service enabled."),
    ],
    [
      "another version",
      { cidr: "10.1.0.0/24", ip_version: 5 },
      bad("Invalid input for ip_version. Reason: 5 is not in valid_values."),
    ],
    [
      "its own address as gateway",
      { cidr: "10.1.0.0/24", gateway_ip: "10.1.0.0" },
      invalid("Gateway is not valid on subnet."),
    ],
    [
      "a word as gateway",
      { cidr: "10.1.0.0/24", gateway_ip: "x" },
      bad("Invalid input for gateway_ip. Reason: 'x' is not a valid IP address."),
    ],
    [
      "a word as name server",
      { cidr: "10.1.0.0/24", dns_nameservers: ["x"] },
      bad("Invalid input for dns_nameservers. Reason: 'x' is not a valid nameserver. 'x' is not a valid IP address."),
    ],
    [
      "a pool elsewhere",
      { cidr: "10.1.0.0/24", allocation_pools: [{ start: "10.2.0.5", end: "10.2.0.9" }] },
      bad(
        "The allocation pool 10.2.0.5-10.2.0.9 spans beyond the subnet cidr 10.1.0.0/24.",
        "OutOfBoundsAllocationPool",
      ),
    ],
    [
      "a network that there isn't",
      { cidr: "10.1.0.0/24", network_id: NIL },
      refusal(404, "NetworkNotFound", `Network ${NIL} could not be found.`),
    ],
  ])("%s is refused", async (_what, more, answer) => {
    const { post, net } = await open();
    expect(await post("subnet", { network_id: net, ip_version: 4, ...more })).toMatchObject(answer);
  });

  test("overlap in different networks only", async () => {
    const { make, post, net } = await open();
    const overlapping = { ip_version: 4, cidr: "10.9.0.128/25" };
    const where = `with cidr: 10.9.0.128/25 for network: ${net}`;
    const answer = await post("subnet", { ...overlapping, network_id: net });
    expect(answer).toMatchObject(invalid(`Requested subnet ${where} overlaps with another subnet.`));
    const other = (await make("network")).id;
    expect(await make("subnet", { ...overlapping, network_id: other })).toMatchObject({ cidr: "10.9.0.128/25" });
  });

  test.each<[object, object]>([
    [{}, { gateway_ip: "10.1.0.1", allocation_pools: [{ start: "10.1.0.2", end: "10.1.0.254" }] }],
    [{ cidr: "10.1.0.7/24" }, { cidr: "10.1.0.0/24", gateway_ip: "10.1.0.1" }],
    [{ gateway_ip: null }, { gateway_ip: null, allocation_pools: [{ start: "10.1.0.1", end: "10.1.0.254" }] }],
    [{ gateway_ip: "10.1.0.254" }, { allocation_pools: [{ start: "10.1.0.1", end: "10.1.0.253" }] }],
    [
      { gateway_ip: "10.2.0.1" },
      { gateway_ip: "10.2.0.1", allocation_pools: [{ start: "10.1.0.1", end: "10.1.0.254" }] },
    ],
  ])("asked for with %j has %j", async (more, shown) => {
    const { make, net } = await open();
    expect(await make("subnet", { network_id: net, ip_version: 4, cidr: "10.1.0.0/24", ...more })).toMatchObject(shown);
  });

  test("stay while ports have their addresses, and go with their network", async () => {
    const { make, remove, get, net, subnet } = await open();
    const port = (await make("port", { network_id: net })).id;
    const used = "One or more ports have an IP allocation from this subnet.";
    expect(await remove("subnet", subnet)).toMatchObject(
      refusal(409, "SubnetInUse", `Unable to complete operation on subnet ${subnet}: ${used}`),
    );
    const ports = `There are one or more ports still in use on the network, id for these ports is: ${port}.`;
    expect(await remove("network", net)).toMatchObject(
      refusal(409, "NetworkInUse", `Unable to complete operation on network ${net}. ${ports}`),
    );
    await remove("port", port);
    expect((await remove("network", net)).status).toBe(204);
    expect(await get("subnet", subnet)).toMatchObject(
      refusal(404, "SubnetNotFound", `Subnet ${subnet} could not be found.`),
    );
  });
});
