import { all, one } from "./api.ts";
import { input, openNova, refusal, SETTLED_MS } from "./nova-world.ts";

// Goal: server groups keep servers apart, and are made, read and refused as on the lab.
describe("server groups", () => {
  test("anti-affinity needs as many hosts as it has members, soft anti-affinity does with fewer", async () => {
    const statuses = async (policy: string) => {
      const { group, make, makePort, pass, nova } = await openNova({ hosts: 2 });
      const hints = { group: await group(policy) };
      for (const name of ["a", "b", "c"]) await make({ name, networks: [{ port: await makePort() }] }, hints);
      pass(3 * SETTLED_MS);
      const list = await nova("GET", "/v2.1/servers/detail");
      return {
        statuses: all(list, "servers", "status").toSorted(),
        hosts: new Set(all(list, "servers", "hostId")).size,
      };
    };
    expect(await statuses("anti-affinity")).toEqual({ statuses: ["ACTIVE", "ACTIVE", "ERROR"], hosts: 3 });
    expect(await statuses("soft-anti-affinity")).toEqual({ statuses: ["ACTIVE", "ACTIVE", "ACTIVE"], hosts: 2 });
    expect(await statuses("affinity")).toEqual({ statuses: ["ACTIVE", "ACTIVE", "ACTIVE"], hosts: 1 });
  });

  test("a group knows its members until they are gone, and its servers outlive it", async () => {
    const { as, group, make, nova, pass, show } = await openNova();
    const id = await group("anti-affinity");
    const first = await make({ name: "a" }, { group: id });
    const members = async () => one(await as("2.64")("GET", `/v2.1/os-server-groups/${id}`), "server_group")["members"];
    expect(await members()).toEqual([first]);
    await nova("DELETE", `/v2.1/servers/${first}`);
    pass(2 * SETTLED_MS);
    expect(await members()).toEqual([]);
    const last = await make({ name: "b" }, { group: id });
    expect((await nova("DELETE", `/v2.1/os-server-groups/${id}`)).status).toBe(204);
    pass(SETTLED_MS);
    expect((await show(last))["status"]).toBe("ACTIVE");
    const missing = refusal(404, `Instance group ${id} could not be found.`);
    expect(await nova("DELETE", `/v2.1/os-server-groups/${id}`)).toMatchObject(missing);
  });

  test("they are read in the form of the microversion, by their own project", async () => {
    const { as, group, nova } = await openNova();
    const id = await group("soft-anti-affinity");
    const path = `/v2.1/os-server-groups/${id}`;
    const old = { policies: ["soft-anti-affinity"], metadata: {} };
    expect(await nova("GET", path)).toMatchObject({ status: 200, body: { server_group: old } });
    const now = { policy: "soft-anti-affinity", rules: {} };
    expect(await as("2.64")("GET", path)).toMatchObject({ status: 200, body: { server_group: now } });
    const missing = refusal(404, `Instance group ${id} could not be found.`);
    expect(await nova("GET", path, undefined, "team-b")).toMatchObject(missing);
    expect(all(await nova("GET", "/v2.1/os-server-groups", undefined, "team-b"), "server_groups")).toEqual([]);
  });

  test.each<[object, object]>([
    [{ name: "" }, input("name", "", "'' is too short")],
    [{ name: "g" }, input("server_group", "{'name': 'g'}", "'policy' is a required property")],
    [
      { name: "g", policy: "x" },
      input("policy", "x", "'x' is not one of ['anti-affinity', 'affinity', 'soft-anti-affinity', 'soft-affinity']"),
    ],
    [
      { name: "g", policy: "affinity", rules: { max_server_per_host: 2 } },
      refusal(400, "Only anti-affinity policy supports rules."),
    ],
    [
      { name: "g", policy: "anti-affinity", rules: { max_server_per_host: 0 } },
      input("max_server_per_host", "0", "0 is less than the minimum of 1"),
    ],
  ])("%j is refused", async (server_group, expected) => {
    const { as } = await openNova();
    expect(await as("2.64")("POST", "/v2.1/os-server-groups", { server_group })).toMatchObject(expected);
  });
});
