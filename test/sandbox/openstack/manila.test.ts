import { all, one } from "./api.ts";
import { NIL, sharing as nfs, openManila as open, refusal, SETTLED_MS } from "./manila-api.ts";

// Goal: Manila's versions, share types and share networks answer as the lab's do.
describe("versions", () => {
  test("the root names both and is no single one, v2 names its microversions", async () => {
    const { at } = open();
    const manila = at("shared-file-system");
    const root = await manila("GET", "/");
    expect([root.status, all(root, "versions", "id")]).toEqual([300, ["v1.0", "v2.0"]]);
    const v2 = await manila("GET", "/v2/");
    expect(v2).toMatchObject({ status: 200, body: { versions: [{ version: "2.89", min_version: "2.0" }] } });
    expect(v2.headers).toMatchObject({ "x-openstack-manila-api-version": "2.0" });
  });

  test.each([
    ["2.999", 406, "computeFault", "Version 2.999 is not supported by the API. Minimum is 2.0 and maximum is 2.89."],
    [
      "latest",
      400,
      "badRequest",
      "API Version String latest is of invalid format. Must be of format MajorNum.MinorNum.",
    ],
  ])("%s is refused", async (version, code, name, message) => {
    const answer = await open().as(version)("GET", "/v2/shares");
    expect(answer).toMatchObject({ status: code, body: { [name]: { code, message } } });
  });

  test.each([
    ["2.44", "GET", `/v2/share-access-rules?share_id=${NIL}`],
    ["2.36", "GET", "/v2/messages"],
    ["2.8", "GET", `/v2/shares/${NIL}/export_locations`],
    ["2.6", "GET", `/v2/quota-sets/${NIL}`],
  ])("in %s there is no %s %s", async (version, method, path) => {
    expect(await open().as(version)(method, path)).toMatchObject(refusal(404, "The resource could not be found."));
  });

  test("fields come and go with microversions", async () => {
    const { as, share, shareNetwork } = open();
    const id = await share();
    const fields = async (version: string) => one(await as(version)("GET", `/v2/shares/${id}`), "share");
    expect(await fields("2.0")).toMatchObject({
      share_type: "rwx",
      export_locations: [expect.stringMatching(/^11/), expect.stringMatching(/^10/), expect.stringMatching(/^10/)],
    });
    expect(await fields("2.45")).not.toHaveProperty("export_locations");
    expect(await fields("2.45")).toMatchObject({ share_type_name: "rwx", access_rules_status: "active" });
    expect(await fields("2.45")).not.toHaveProperty("progress");
    expect(await fields("2.89")).toMatchObject({ progress: "100%", is_soft_deleted: false });
    const network = await shareNetwork();
    const path = `/v2/share-networks/${network.id}`;
    expect(one(await as("2.45")("GET", path), "share_network")).toMatchObject({ neutron_net_id: network.net });
    const later = one(await as("2.51")("GET", path), "share_network");
    expect(later).not.toHaveProperty("neutron_net_id");
    expect(later).toMatchObject({ share_network_subnets: [{ neutron_subnet_id: network.subnet }] });
  });

  test("what isn't routed is refused by the router, whether path or method", async () => {
    const { manila } = open();
    const body = {
      message: "The resource could not be found.<br /><br />\n\n\n",
      code: "404 Not Found",
      title: "Not Found",
    };
    expect(await manila("GET", "/v2/nonsense")).toMatchObject({ status: 404, body });
    expect(await manila("PUT", "/v2/shares", {})).toMatchObject({ status: 404, body });
  });
});

test("share types tell members what they need, and admins the backend", async () => {
  const { manila } = open();
  const specs = async (who: string) =>
    all(await manila("GET", "/v2/types", undefined, who), "share_types", "extra_specs");
  const common = { snapshot_support: "True", create_share_from_snapshot_support: "True" };
  const inferred = { revert_to_snapshot_support: false, mount_snapshot_support: false };
  expect(await specs("team-a")).toEqual([
    { driver_handles_share_servers: "False", ...common, ...inferred },
    { driver_handles_share_servers: "True", ...common, ...inferred },
  ]);
  expect(await specs("admin")).toEqual([
    { driver_handles_share_servers: "False", ...common, share_backend_name: "dummy1" },
    { driver_handles_share_servers: "True", ...common, share_backend_name: "dummy2" },
  ]);
  expect(all(await manila("GET", "/v2/types"), "share_types")).toEqual(["rwx", "rwx-dhss"]);
  expect(await manila("GET", "/v2/types/default")).toMatchObject({
    status: 200,
    body: { share_type: { name: "rwx" } },
  });
  expect(await manila("GET", `/v2/types/${NIL}`)).toMatchObject(refusal(404, "Share type not found."));
  expect(await manila("POST", "/v2/types", {})).toMatchObject(refusal(403, "Access was denied to this resource."));
});

describe("share networks", () => {
  test("are made at once, on trust", async () => {
    const { manila } = open();
    const share_network = { name: "n", description: "d", neutron_net_id: NIL, neutron_subnet_id: NIL };
    const answer = await manila("POST", "/v2/share-networks", { share_network });
    expect(answer).toMatchObject({ status: 200, body: { share_network: { ...share_network, network_type: null } } });
  });

  test.each<[string, object, number, string]>([
    [
      "one id without the other",
      { share_network: { neutron_net_id: NIL } },
      400,
      "When creating a new share network subnet you need to specify both neutron_net_id and neutron_subnet_id or none of them.",
    ],
    ["no share network", {}, 422, "Unable to process the contained instructions"],
  ])("%s is refused", async (_what, body, code, message) => {
    const answer = await open().manila("POST", "/v2/share-networks", body);
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([code, expect.stringContaining(message)]);
  });

  test("belong to their project", async () => {
    const { manila, shareNetwork } = open();
    const { id } = await shareNetwork();
    const missing = refusal(404, `Share network ${id} could not be found.`);
    for (const method of ["GET", "DELETE"])
      expect(await manila(method, `/v2/share-networks/${id}`, undefined, "team-b")).toMatchObject(missing);
    const share = nfs({ share_type: "rwx-dhss", share_network_id: id });
    expect(await manila("POST", "/v2/shares", share, "team-b")).toMatchObject(missing);
    expect(all(await manila("GET", "/v2/share-networks/detail", undefined, "team-b"), "share_networks")).toEqual([]);
    expect(all(await manila("GET", "/v2/share-networks/detail"), "share_networks")).toEqual(["n"]);
  });

  test("are paged by limit and offset, and filtered by what they have", async () => {
    const { manila } = open();
    for (const name of ["a", "b", "ab"]) await manila("POST", "/v2/share-networks", { share_network: { name } });
    const names = async (query: string) => all(await manila("GET", `/v2/share-networks?${query}`), "share_networks");
    const every = await names("");
    expect(every.toSorted()).toEqual(["a", "ab", "b"]);
    expect(await names("limit=2")).toEqual(every.slice(0, 2));
    expect(await names("limit=2&offset=2")).toEqual(every.slice(2));
    expect(await names("limit=0")).toEqual(every);
    expect(await names("offset=1")).toEqual(every.slice(1));
    expect(await names("name=a")).toEqual(["a"]);
    expect((await names("name~=b")).toSorted()).toEqual(["ab", "b"]);
    expect(await names("nonsense=1")).toEqual([]);
    const bad = (query: string) => manila("GET", `/v2/share-networks?${query}`);
    expect(await bad("limit=x")).toMatchObject(refusal(400, "limit param must be an integer"));
    expect(await bad("limit=-1")).toMatchObject(refusal(400, "limit param must be positive"));
    expect(await bad("offset=-1")).toMatchObject(refusal(400, "offset param must be positive"));
  });

  test("hold a share server from their first share on, whose ports hold the subnet until it has gone", async () => {
    const { manila, neutron, share, shareNetwork, pass } = open();
    const { id, net, subnet } = await shareNetwork();
    const owners = async () => all(await neutron("GET", `/v2.0/ports?network_id=${net}`), "ports", "device_owner");
    expect(await owners()).toEqual([]);
    const first = await share({ share_type: "rwx-dhss", share_network_id: id });
    await share({ share_type: "rwx-dhss", share_network_id: id });
    expect(await owners()).toEqual(["manila:share", "manila:share"]);
    const known = { network_type: "geneve", cidr: "10.9.0.0/24", ip_version: 4, gateway: "10.9.0.1", mtu: 1442 };
    expect(one(await manila("GET", `/v2/share-networks/${id}`), "share_network")).toMatchObject(known);
    const remove = () => manila("DELETE", `/v2/share-networks/${id}`);
    expect(await remove()).toMatchObject(refusal(409, `Can not delete share network ${id}, it has 2 share(s).`));
    const moved = await manila("PUT", `/v2/share-networks/${id}`, { share_network: { neutron_net_id: NIL } });
    const why = "It is used by share servers. Only 'name' and 'description' fields are available for update";
    expect(moved).toMatchObject(refusal(403, `Cannot update share network ${id}. ${why}`));
    for (const each of all(await manila("GET", "/v2/shares"), "shares", "id"))
      expect((await manila("DELETE", `/v2/shares/${each}`)).status).toBe(202);
    // Shares that are being deleted still count.
    expect((await remove()).status).toBe(409);
    pass(SETTLED_MS);
    expect((await manila("GET", `/v2/shares/${first}`)).status).toBe(404);
    expect((await remove()).status).toBe(202);
    expect(await neutron("DELETE", `/v2.0/subnets/${subnet}`)).toMatchObject({ status: 409 });
    pass(SETTLED_MS);
    expect((await neutron("DELETE", `/v2.0/subnets/${subnet}`)).status).toBe(204);
    expect(await remove()).toMatchObject(refusal(404, `Share network ${id} could not be found.`));
  });
});
