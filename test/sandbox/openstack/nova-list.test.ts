import { listAt, textAt } from "../../../sandbox/openstack/json.ts";
import { all } from "./api.ts";
import { openNova, refusal } from "./nova-world.ts";

// Goal: Nova lists servers by the same filters and pages as the lab's.
describe("listings", () => {
  const names = ["one", "two", "three"];
  const three = async () => {
    const world = await openNova();
    for (const name of names)
      await world.make({ name, tags: [name, "all"], networks: [{ port: await world.makePort() }] });
    return world;
  };

  test.each([
    ["", ["three", "two", "one"]],
    ["tags=all", ["three", "two", "one"]],
    ["tags=all,two", ["two"]],
    ["tags-any=one,two", ["two", "one"]],
    ["not-tags=two", ["three", "one"]],
    ["not-tags-any=one,two", ["three"]],
    ["name=T", ["three", "two"]],
    ["name=^one$", ["one"]],
    ["status=BUILD&status=ERROR", ["three", "two", "one"]],
    ["status=ACTIVE", []],
    ["limit=0", []],
  ])("?%s", async (query, expected) => {
    const { nova } = await three();
    expect(all(await nova("GET", `/v2.1/servers?${query}`), "servers")).toEqual(expected);
    expect(all(await nova("GET", `/v2.1/servers/detail?${query}`), "servers")).toEqual(expected);
  });

  test.each([
    ["limit=a", refusal(400, "Invalid input for query parameters limit. Value: a. 'a' does not match '^[0-9]*$'")],
    ["marker=a", refusal(400, "marker [a] not found")],
    ["name=[", refusal(400, "Invalid input for query parameters name. Value: [. '[' is not a 'regex'")],
    ["status=foo", refusal(400, "Invalid status value")],
    ["status=deleted", refusal(403, "Only administrators may list deleted instances")],
    [
      "all_tenants=1",
      refusal(403, "Policy doesn't allow os_compute_api:servers:index:get_all_tenants to be performed."),
    ],
  ])("?%s is refused", async (query, expected) => {
    const { nova } = await openNova();
    expect(await nova("GET", `/v2.1/servers?${query}`)).toMatchObject(expected);
  });

  test("a full page has a link to the next, with the filters that it was asked for", async () => {
    const { nova } = await three();
    const seen: unknown[] = [];
    let path: string | undefined = "/v2.1/servers/detail?tags=all&limit=2";
    for (let pages = 0; path !== undefined; pages += 1) {
      const page = await nova("GET", path);
      seen.push(all(page, "servers"));
      const [next] = listAt(page.body, "servers_links") ?? [];
      path = textAt(next, "href")?.replace("http://openstack.sandbox/compute", "");
      expect(path ?? "tags=all").toContain("tags=all");
      expect(pages).toBeLessThan(3);
    }
    expect(seen).toEqual([["three", "two"], ["one"]]);
  });

  test("no page is larger than the cloud allows", async () => {
    const { make, makePort, nova } = await openNova({ pageSize: 5 });
    for (const name of ["a", "b", "c", "d", "e", "f"]) await make({ name, networks: [{ port: await makePort() }] });
    const page = await nova("GET", "/v2.1/servers?limit=100");
    expect(all(page, "servers")).toEqual(["f", "e", "d", "c", "b"]);
    expect(listAt(page.body, "servers_links")).toHaveLength(1);
  });

  test("unknown filters are ignored, and refused from 2.75 on", async () => {
    const { as, make, nova } = await openNova();
    await make();
    expect(all(await nova("GET", "/v2.1/servers?foo=bar"), "servers")).toEqual(["worker"]);
    const refused = refusal(400, "'foo' does not match any of the regexes: '^_'");
    expect(await as("2.75")("GET", "/v2.1/servers?foo=bar")).toMatchObject(refused);
  });
});
