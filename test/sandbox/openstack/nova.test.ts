import { at, jsonAt, listAt } from "../../../sandbox/openstack/json.ts";
import { all, one } from "./api.ts";
import { openNova, refusal, SETTLED_MS } from "./nova-world.ts";

// Goal: Nova answers as the lab's does: its versions, quotas, tags and flavors, and who may see what.
describe("versions", () => {
  test("the documents name the microversions, without a token and with it", async () => {
    const { as } = await openNova();
    const root = await as()("GET", "/");
    expect([root.status, all(root, "versions", "id")]).toEqual([200, ["v2.0", "v2.1"]]);
    const document = await as()("GET", "/v2.1/");
    expect(document).toMatchObject({ status: 200, body: { version: { version: "2.100", min_version: "2.1" } } });
    expect(document.headers["openstack-api-version"]).toBe("compute 2.1");
  });

  test.each([
    ["2.999", refusal(406, "Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is 2.100.")],
    ["x", refusal(400, "API Version String x is of invalid format. Must be of format MajorNum.MinorNum.")],
  ])("%s is refused", async (version, expected) => {
    const { as } = await openNova();
    expect(await as(version)("GET", "/v2.1/servers")).toMatchObject(expected);
  });

  test("a field comes with its microversion and with none before it", async () => {
    const { as, make } = await openNova();
    const id = await make({ tags: ["b", "a"] });
    const at = async (version: string) => one(await as(version)("GET", `/v2.1/servers/${id}`), "server");
    expect(Object.keys(await at("2.1"))).not.toContain("tags");
    expect((await at("2.26"))["tags"]).toEqual(["a", "b"]);
    expect(jsonAt(await at("2.46"), "flavor")).not.toHaveProperty("original_name");
    expect(jsonAt(await at("2.47"), "flavor")).toMatchObject({ original_name: "m1.medium", vcpus: 2, ram: 4096 });
    expect(await at("2.70")).not.toHaveProperty("server_groups");
    expect(await at("2.71")).toHaveProperty("server_groups", []);
  });

  test("an unknown path is the router's 404, a body that is no JSON a 400", async () => {
    const { nova, sandbox } = await openNova();
    const noRoute = { message: "The resource could not be found.<br /><br />\n\n\n", code: "404 Not Found" };
    expect(await nova("GET", "/v2.1/nope")).toMatchObject({ status: 404, body: noRoute });
    expect(sandbox.everything("team-a").filter((item) => item.type === "server")).toEqual([]);
  });
});

describe("projects see their own", () => {
  test("a stranger's server is 404, its tags are 403, an admin may look at all", async () => {
    const { make, nova } = await openNova();
    const id = await make();
    const missing = refusal(404, `Instance ${id} could not be found.`);
    for (const path of ["", "/os-interface", "/metadata"])
      expect(await nova("GET", `/v2.1/servers/${id}${path}`, undefined, "team-b")).toMatchObject(missing);
    expect(await nova("DELETE", `/v2.1/servers/${id}`, undefined, "team-b")).toMatchObject(missing);
    const policy = "Policy doesn't allow os_compute_api:os-server-tags:index to be performed.";
    expect(await nova("GET", `/v2.1/servers/${id}/tags`, undefined, "team-b")).toMatchObject(refusal(403, policy));
    expect(all(await nova("GET", "/v2.1/servers", undefined, "team-b"), "servers")).toEqual([]);
    expect(all(await nova("GET", "/v2.1/servers", undefined, "admin"), "servers")).toEqual([]);
    expect(all(await nova("GET", "/v2.1/servers?all_tenants=1", undefined, "admin"), "servers")).toEqual(["worker"]);
  });

  test("a stranger's port can't be used", async () => {
    const { asked, nova, port } = await openNova();
    const missing = refusal(400, `Port id ${port} could not be found.`);
    expect(await nova("POST", "/v2.1/servers", asked(), "team-b")).toMatchObject(missing);
  });

  test("nobody reads a stranger's quotas", async () => {
    const { nova, sandbox } = await openNova();
    const { id } = sandbox.project("team-b");
    const policy = (name: string) => refusal(403, `Policy doesn't allow os_compute_api:${name} to be performed.`);
    expect(await nova("GET", `/v2.1/os-quota-sets/${id}/detail`)).toMatchObject(policy("os-quota-sets:detail"));
    expect(await nova("GET", `/v2.1/limits?tenant_id=${id}`)).toMatchObject(policy("limits:other_project"));
  });
});

describe("quotas", () => {
  test("servers count from the call on, and are refused with all that they are too much for", async () => {
    const { create, make, makePort, nova, pass, sandbox } = await openNova();
    const { id } = sandbox.project("team-a");
    sandbox.quotas.set(id, "compute", "instances", 1);
    sandbox.quotas.set(id, "compute", "cores", 3);
    const server = await make();
    const count = (limit: number, in_use: number) => ({ limit, in_use, reserved: 0 });
    expect(await nova("GET", `/v2.1/os-quota-sets/${id}/detail`)).toMatchObject({
      status: 200,
      body: { quota_set: { id, instances: count(1, 1), cores: count(3, 2), ram: count(8_000_000, 4096) } },
    });
    const used = "Requested 2, 1, but already used 2, 1 of 3, 1 cores, instances";
    const second = { networks: [{ port: await makePort() }] };
    expect(await create(second)).toMatchObject(refusal(403, `Quota exceeded for cores, instances: ${used}`));
    await nova("DELETE", `/v2.1/servers/${server}`);
    pass(SETTLED_MS);
    expect((await create(second)).status).toBe(202);
  });

  test("groups are refused when there are enough", async () => {
    const { as, group, sandbox } = await openNova();
    sandbox.quotas.set(sandbox.project("team-a").id, "compute", "server_groups", 1);
    await group("affinity");
    const server_group = { name: "h", policy: "affinity" };
    const answer = await as("2.64")("POST", "/v2.1/os-server-groups", { server_group });
    expect(answer).toMatchObject(refusal(403, "Quota exceeded, too many server groups."));
  });
});

describe("tags, flavors and zones", () => {
  test("tags are added, replaced and taken off", async () => {
    const { make, nova, pass } = await openNova();
    const id = await make({ tags: ["b", "a"] });
    pass(SETTLED_MS);
    const path = `/v2.1/servers/${id}/tags`;
    expect((await nova("PUT", `${path}/c`)).status).toBe(201);
    expect((await nova("PUT", `${path}/c`)).status).toBe(204);
    expect((await nova("GET", path)).body).toEqual({ tags: ["a", "b", "c"] });
    expect((await nova("DELETE", `${path}/c`)).status).toBe(204);
    expect(await nova("DELETE", `${path}/c`)).toMatchObject(refusal(404, `Instance ${id} has no tag 'c'`));
    expect((await nova("PUT", path, { tags: ["z", "y"] })).body).toEqual({ tags: ["y", "z"] });
    expect((await nova("DELETE", path)).status).toBe(204);
    expect((await nova("GET", path)).body).toEqual({ tags: [] });
  });

  test("the flavors and the zone that the example configuration counts on", async () => {
    const { nova } = await openNova();
    const flavors = listAt((await nova("GET", "/v2.1/flavors/detail")).body, "flavors") ?? [];
    const sizes = flavors.map((flavor) => ["name", "vcpus", "ram"].map((field) => at(flavor, field)));
    expect(sizes.toSorted()).toEqual([
      ["m1.large", 4, 8192],
      ["m1.medium", 2, 4096],
      ["m1.small", 1, 2048],
      ["m1.tiny", 1, 512],
      ["m1.xlarge", 8, 16_384],
    ]);
    const zone = { zoneName: "nova", zoneState: { available: true }, hosts: null };
    expect((await nova("GET", "/v2.1/os-availability-zone")).body).toEqual({ availabilityZoneInfo: [zone] });
    expect(await nova("GET", "/v2.1/flavors/abc")).toMatchObject(refusal(404, "Flavor abc could not be found."));
  });
});
