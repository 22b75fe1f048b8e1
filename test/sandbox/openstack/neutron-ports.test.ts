import { all, one } from "./api.ts";
import { bad, full, NIL, openSubnet as open, refusal } from "./neutron-api.ts";

// Goal: ports have the lab's rules for addresses, security groups and filters.

describe("ports", () => {
  const at = (ip_address: string, subnet_id?: string) => ({
    fixed_ips: [{ ip_address, ...(subnet_id === undefined ? {} : { subnet_id }) }],
  });

  test("take an address of the subnet, the one that they ask for, or none", async () => {
    const { make, net, subnet } = await open();
    const fixed = async (more: object) => (await make("port", { network_id: net, ...more }))["fixed_ips"];
    expect(await fixed({})).toEqual([{ subnet_id: subnet, ip_address: expect.stringMatching(/^10\.9\.0\.\d+$/) }]);
    expect(await fixed(at("10.9.0.200"))).toEqual([{ subnet_id: subnet, ip_address: "10.9.0.200" }]);
    expect(await fixed(at("10.9.0.1", subnet))).toEqual([{ subnet_id: subnet, ip_address: "10.9.0.1" }]);
    expect(await fixed({ fixed_ips: [] })).toEqual([]);
  });

  test.each<[string, string | undefined, string, string]>([
    ["10.8.0.5", undefined, "any of the subnets on the specified network", "InvalidIpForNetwork"],
    ["10.8.0.5", "its", "the specified subnet", "InvalidIpForSubnet"],
    ["10.9.0.0", "its", "the specified subnet", "InvalidIpForSubnet"],
    ["10.9.0.255", "its", "the specified subnet", "InvalidIpForSubnet"],
  ])("don't get %s of %s subnet", async (address, which, where, type) => {
    const { post, net, subnet } = await open();
    const answer = await post("port", { network_id: net, ...at(address, which === undefined ? undefined : subnet) });
    expect(answer).toMatchObject(bad(`IP address ${address} is not a valid IP for ${where}.`, type));
  });

  test("don't share addresses, nor MACs", async () => {
    const { make, post, put, net, subnet } = await open();
    const port = await make("port", { network_id: net, mac_address: "fa:16:3e:00:00:01", ...at("10.9.0.200") });
    const taken = refusal(
      409,
      "IpAddressAlreadyAllocated",
      `IP address 10.9.0.200 already allocated in subnet ${subnet}`,
    );
    expect(await post("port", { network_id: net, ...at("10.9.0.200") })).toMatchObject(taken);
    const mac = `Unable to complete operation for network ${net}. The mac address fa:16:3e:00:00:01 is in use.`;
    const same = await post("port", { network_id: net, mac_address: "fa:16:3e:00:00:01" });
    expect(same).toMatchObject(refusal(409, "MacAddressInUse", mac));
    const moved = await put("port", port.id, { fixed_ips: [{ subnet_id: subnet, ip_address: "10.9.0.201" }] });
    expect(one(moved, "port")["fixed_ips"]).toEqual([{ subnet_id: subnet, ip_address: "10.9.0.201" }]);
    await make("port", { network_id: net, ...at("10.9.0.200") });
    expect(await put("port", port.id, at("10.9.0.200"))).toMatchObject(taken);
  });

  test("use up a subnet, and never get its gateway unasked", async () => {
    const { make, post, net } = await open({ cidr: "10.9.0.0/29", gateway_ip: "10.9.0.6" });
    const seen: unknown[] = [];
    for (let at = 0; at < 5; at += 1) {
      const [fixed] = (await make("port", { network_id: net }))["fixed_ips"] as readonly {
        readonly ip_address: string;
      }[];
      seen.push(fixed?.ip_address);
    }
    expect(seen.toSorted()).toEqual(["10.9.0.1", "10.9.0.2", "10.9.0.3", "10.9.0.4", "10.9.0.5"]);
    const none = refusal(409, "IpAddressGenerationFailure", `No more IP addresses available on network ${net}.`);
    expect(await post("port", { network_id: net })).toMatchObject(none);
    const next = await make("subnet", { network_id: net, ip_version: 4, cidr: "10.10.0.0/24" });
    expect((await make("port", { network_id: net }))["fixed_ips"]).toMatchObject([{ subnet_id: next.id }]);
  });

  test("are in the default group unless told otherwise, and in none without port security", async () => {
    const { make, post, put, list, net } = await open();
    const [standard] = all(await list("security_group", "?name=default"), "security_groups", "id");
    const groups = async (more: object) => {
      const port = await make("port", { network_id: net, ...more });
      return [port["security_groups"], port["port_security_enabled"]];
    };
    expect(await groups({})).toEqual([[standard], true]);
    expect(await groups({ security_groups: [] })).toEqual([[], true]);
    expect(await groups({ port_security_enabled: false })).toEqual([[], false]);
    const both = await post("port", { network_id: net, port_security_enabled: false, security_groups: [standard] });
    expect(both).toMatchObject({
      status: 400,
      body: { NeutronError: { type: "PortSecurityAndIPRequiredForSecurityGroups" } },
    });
    const gone = refusal(404, "SecurityGroupNotFound", `Security group ${NIL} does not exist`);
    expect(await post("port", { network_id: net, security_groups: [NIL] })).toMatchObject(gone);
    const { id } = await make("port", { network_id: net });
    expect(await put("port", id, { security_groups: [NIL] })).toMatchObject(gone);
    expect(await put("port", id, { security_groups: "x" })).toMatchObject(
      bad("Invalid input for security_groups. Reason: 'x' is not a list."),
    );
  });

  test("are found by address, subnet and group", async () => {
    const { make, names, list, net, subnet } = await open();
    await make("port", { name: "a", network_id: net, ...at("10.9.0.50") });
    await make("port", { name: "b", network_id: net, fixed_ips: [], security_groups: [] });
    const [standard] = all(await list("security_group", "?name=default"), "security_groups", "id");
    expect(await names("port", "?fixed_ips=ip_address=10.9.0.50")).toEqual(["a"]);
    expect(await names("port", `?fixed_ips=ip_address=10.9.0.50&fixed_ips=subnet_id=${subnet}`)).toEqual(["a"]);
    expect(await names("port", `?fixed_ips=ip_address=10.9.0.50&fixed_ips=subnet_id=${NIL}`)).toEqual([]);
    expect(await names("port", `?security_groups=${standard}`)).toEqual(["a"]);
    expect(await list("port", "?fixed_ips=nonsense")).toMatchObject(
      bad("Invalid input for operation: 'nonsense' is not of the form <key>=[value].", "InvalidInput"),
    );
  });

  test("count, and are their project's own", async () => {
    const { make, post, get, net, limit } = await open();
    const { id } = await make("port", { network_id: net });
    limit("port", 1);
    expect(await post("port", { network_id: net })).toMatchObject(full("port"));
    expect(await get("port", id, "team-b")).toMatchObject(
      refusal(404, "PortNotFound", `Port ${id} could not be found.`),
    );
    const theirs = refusal(404, "NetworkNotFound", `Network ${net} could not be found.`);
    expect(await post("port", { network_id: net }, "team-b")).toMatchObject(theirs);
  });
});
