import { all, one } from "./api.ts";
import { bad, full, NIL, openNeutron as open, type Resource, refusal } from "./neutron-api.ts";

// Goal: what all of Neutron's collections have in common, and networks, are as on the lab.
const missing = (id: string) => refusal(404, "NetworkNotFound", `Network ${id} could not be found.`);

describe("making", () => {
  test.each<[string, unknown, object]>([
    ["nothing", { x: {} }, bad("Unable to find 'network' in request body")],
    ["none of several", { networks: [] }, bad("Resources required")],
    ["a field that there isn't", { network: { nonsense: 1 } }, bad("Unrecognized attribute(s) 'nonsense'")],
    ["a field of answers", { network: { status: "x" } }, bad("Attribute 'status' not allowed in POST")],
    [
      "a number for a name",
      { network: { name: 5 } },
      bad("Invalid input for name. Reason: '5' is not a valid string."),
    ],
    [
      "a long name",
      { network: { name: "x".repeat(256) } },
      bad(`Invalid input for name. Reason: '${"x".repeat(256)}' exceeds maximum length of 255.`),
    ],
    [
      "a word for a size",
      { network: { mtu: "wide" } },
      bad("Invalid input for operation: 'wide' is not an integer.", "InvalidInput"),
    ],
    [
      "a size below nothing",
      { network: { mtu: -5 } },
      bad("Invalid input for mtu. Reason: '-5' should be non-negative."),
    ],
    [
      "a word for yes or no",
      { network: { admin_state_up: "x" } },
      bad("Invalid input for operation: 'x' cannot be converted to boolean.", "InvalidInput"),
    ],
    [
      "an external network",
      { network: { "router:external": true } },
      refusal(
        403,
        "PolicyNotAuthorized",
        "(rule:create_network and rule:create_network:router:external) is disallowed by policy",
      ),
    ],
    [
      "somebody else's",
      { network: { project_id: NIL } },
      bad(
        "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin or advsvc privileges",
      ),
    ],
  ])("%s is refused", async (_what, body, answer) => {
    const { neutron, names } = open();
    expect(await neutron("POST", "/v2.0/networks", body)).toMatchObject(answer);
    expect(await names("network")).toEqual(["public"]);
  });

  test.each<[Resource, string]>([
    ["subnet", "network_id"],
    ["port", "network_id"],
    ["floatingip", "floating_network_id"],
    ["security_group_rule", "security_group_id"],
  ])("a %s needs its %s, which must be a UUID", async (of, key) => {
    const { post } = open();
    const needed = bad(`Failed to parse request. Required attribute '${key}' not specified`);
    const more = { ip_version: 4, direction: "ingress" };
    const fitting =
      of === "subnet" ? { ip_version: more.ip_version } : of.endsWith("rule") ? { direction: more.direction } : {};
    expect(await post(of, fitting)).toMatchObject(needed);
    const wrong = bad(`Invalid input for ${key}. Reason: 'x' is not a valid UUID.`);
    expect(await post(of, { ...fitting, [key]: "x" })).toMatchObject(wrong);
  });

  test("several at once is all or nothing", async () => {
    const { neutron, names, limit } = open();
    const several = (networks: readonly object[]) => neutron("POST", "/v2.0/networks", { networks });
    const made = await several([{ name: "a" }, { name: "b" }]);
    expect([made.status, all(made, "networks")]).toEqual([201, ["a", "b"]]);
    expect(await several([{ name: "c" }, { nonsense: 1 }])).toMatchObject({ status: 400 });
    limit("network", 3);
    expect(await several([{ name: "c" }, { name: "d" }])).toMatchObject(full("network"));
    expect(await names("network")).toEqual(["public", "a", "b"]);
  });
});

test("a network is shown, relabelled and removed by its own project only", async () => {
  const { make, get, put, remove, names } = open();
  const made = await make("network", { name: "n", description: "d" });
  expect(made).toMatchObject({
    status: "ACTIVE",
    mtu: 1442,
    subnets: [],
    "router:external": false,
    revision_number: 1,
  });
  const { id } = made;
  expect(await get("network", id, "team-b")).toMatchObject(missing(id));
  expect(await put("network", id, { name: "x" }, "team-b")).toMatchObject(missing(id));
  expect(await remove("network", id, "team-b")).toMatchObject(missing(id));
  expect(await names("network", "", "team-b")).toEqual(["public"]);
  const changed = one(await put("network", id, { name: "m", description: "e" }), "network");
  expect(changed).toMatchObject({ id, name: "m", description: "e", revision_number: 2 });
  expect(await put("network", id, { subnets: [] })).toMatchObject(bad("Cannot update read-only attribute subnets"));
  expect(await put("network", id, { nonsense: 1 })).toMatchObject(bad("Unrecognized attribute(s) 'nonsense'"));
  expect(await remove("network", id)).toMatchObject({ status: 204, body: "" });
  for (const act of [get, remove]) expect(await act("network", id)).toMatchObject(missing(id));
});

test("the external network is everybody's to see and nobody's to touch", async () => {
  const { external, get, put, remove, post } = open();
  const id = await external();
  for (const who of ["team-a", "team-b"])
    expect(one(await get("network", id, who), "network")).toMatchObject({ name: "public", is_default: false });
  const policy = (rule: string) => refusal(403, "PolicyNotAuthorized", `rule:${rule}_network is disallowed by policy`);
  expect(await put("network", id, { name: "x" })).toMatchObject(policy("update"));
  expect(await remove("network", id)).toMatchObject(policy("delete"));
  const allowed = await post("subnet", { network_id: id, ip_version: 4, cidr: "10.1.0.0/24" });
  expect(allowed).toMatchObject({ status: 403, body: { NeutronError: { type: "HTTPForbidden" } } });
  expect(await post("port", { network_id: id })).toMatchObject({
    status: 403,
    body: { NeutronError: { type: "HTTPForbidden" } },
  });
});

describe("listing", () => {
  const some = async () => {
    const api = open();
    for (const name of ["b", "a", "c"]) await api.make("network", { name, description: name === "c" ? "x" : "" });
    return api;
  };

  test("filters by any field, and by several values of one", async () => {
    const { names } = await some();
    expect(await names("network", "?name=a")).toEqual(["a"]);
    expect(await names("network", "?name=a&name=b")).toEqual(["b", "a"]);
    expect(await names("network", "?name=a&description=x")).toEqual([]);
    expect(await names("network", "?description=x")).toEqual(["c"]);
    expect(await names("network", "?router:external=true")).toEqual(["public"]);
  });

  test("sorts, and trims to the fields that are wanted", async () => {
    const { names, list } = await some();
    expect(await names("network", "?sort_key=name&sort_dir=desc&description=&description=x")).toEqual([
      "public",
      "c",
      "b",
      "a",
    ]);
    const trimmed = await list("network", "?name=a&fields=name&fields=status");
    expect(trimmed.body).toEqual({ networks: [{ name: "a", status: "ACTIVE" }] });
  });

  test.each([
    ["nonsense=1", bad("['nonsense'] is invalid attribute for filtering")],
    ["sort_key=nonsense&sort_dir=asc", bad("['nonsense'] is invalid attribute for sort_keys")],
    ["sort_key=name", bad("The number of sort_keys and sort_dirs must be same")],
    ["limit=x", bad("Bad limit request: Limit must be an integer 0 or greater and not 'x'.", "BadRequest")],
    ["limit=-1", bad("Bad limit request: Limit must be an integer 0 or greater and not '-1'.", "BadRequest")],
    [`limit=1&marker=${NIL}`, missing(NIL)],
  ])("%s is refused", async (query, answer) => {
    expect(await open().list("network", `?${query}`)).toMatchObject(answer);
  });

  test("pages by limit and marker, and a full page always promises one more", async () => {
    const { list } = await some();
    const seen: unknown[] = [];
    let query = "?limit=2&sort_key=name&sort_dir=asc";
    for (let pages = 1; ; pages += 1) {
      const page = await list("network", query);
      seen.push(...all(page, "networks"));
      const [rels, hrefs] = [all(page, "networks_links", "rel"), all(page, "networks_links", "href")];
      const next = hrefs[rels.indexOf("next")];
      if (typeof next !== "string") {
        expect([pages, rels]).toEqual([3, []]);
        break;
      }
      query = next.slice(next.indexOf("?"));
    }
    expect(seen).toEqual(["a", "b", "c", "public"]);
    expect((await list("network", "?limit=0")).body).not.toHaveProperty("networks_links");
    expect((await list("network", "?limit=9")).body).toMatchObject({ networks_links: [{ rel: "previous" }] });
  });

  test("has pages unasked where the cloud limits them", async () => {
    const api = open({ pageSize: 2 });
    for (const name of ["a", "b"]) await api.make("network", { name });
    const page = await api.list("network");
    expect([all(page, "networks"), all(page, "networks_links", "rel")]).toEqual([
      ["public", "a"],
      ["next", "previous"],
    ]);
  });
});
