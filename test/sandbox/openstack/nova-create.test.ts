import { jsonAt, textAt } from "../../../sandbox/openstack/json.ts";
import { input, NIL, openNova, refusal } from "./nova-world.ts";

// Goal: Nova refuses to make a server for the same reasons and in the same words as the lab's.
describe("what a create call may hold", () => {
  test.each([
    ["nothing", {}, refusal(400, "'server' is a required property")],
    ["a list", { server: [] }, input("server", "[]", "[] is not of type 'object'")],
    ["no name", { server: {} }, input("server", "{}", "'name' is a required property")],
    ["a bad name and no flavor", { server: { name: "" } }, input("name", "", "'' is too short")],
    [
      "no networks",
      { server: { name: "x", flavorRef: "f" } },
      input("server", "{'name': 'x', 'flavorRef': 'f'}", "'networks' is a required property"),
    ],
  ])("%s", async (_what, body, expected) => {
    const { nova } = await openNova();
    expect(await nova("POST", "/v2.1/servers", body)).toMatchObject(expected);
  });

  const printable = "The name must be: printable characters. Can not start or end with whitespace.";
  const values = "'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes', False, 'False', 'FALSE', 'false', '0'";
  test.each<[object, object]>([
    [{ name: 3 }, input("name", "3", "3 is not of type 'string'")],
    [{ name: " x" }, refusal(400, `An invalid 'name' value was provided. ${printable}`)],
    [{ flavorRef: null }, input("flavorRef", "None", "None is not of type 'string', 'integer'")],
    [{ imageRef: "abc" }, input("imageRef", "abc", "'abc' is not valid under any of the given schemas")],
    [{ imageRef: "" }, refusal(400, "Missing imageRef attribute")],
    [{ imageRef: NIL }, refusal(400, "Can not find requested image")],
    [{ flavorRef: "abc" }, refusal(400, "Flavor abc could not be found.")],
    [{ metadata: { a: 1 } }, input("a", "1", "1 is not of type 'string'")],
    [
      { metadata: { "a/b": "c" } },
      input("metadata", "{'a/b': 'c'}", "'a/b' does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{1,255}$'"),
    ],
    [{ tags: "a" }, input("tags", "a", "'a' is not of type 'array'")],
    [{ tags: ["a,b"] }, input("0", "a,b", "'a,b' does not match '^[^,/]*$'")],
    [{ user_data: "abc" }, input("user_data", "abc", "'abc' is not a 'base64'")],
    [
      { config_drive: "maybe" },
      input(
        "config_drive",
        "maybe",
        `'maybe' is not one of [True, 'True', ${values}, 'OFF', 'Off', 'off', 'NO', 'No', 'no']`,
      ),
    ],
    [{ networks: "foo" }, input("networks", "foo", "'foo' is not valid under any of the given schemas")],
    [{ networks: [{}] }, refusal(400, "Bad network format: missing 'uuid'")],
    [{ networks: [{ port: NIL }] }, refusal(400, `Port id ${NIL} could not be found.`)],
    [{ networks: [{ uuid: NIL }] }, refusal(400, `Network ${NIL} could not be found.`)],
    [{ key_name: "mine" }, refusal(400, "Invalid key_name provided.")],
    [{ security_groups: [{ name: "x" }] }, refusal(400, "Unable to find security_group with name or id 'x'")],
    [{ availability_zone: "x" }, refusal(400, "The requested availability zone is not available")],
    [
      { availability_zone: "nova:compute-1" },
      refusal(403, "Policy doesn't allow os_compute_api:servers:create:forced_host to be performed."),
    ],
  ])("%j", async (more, expected) => {
    const { create, sandbox } = await openNova();
    expect(await create(more)).toMatchObject(expected);
    expect(sandbox.everything("team-a").filter((item) => item.type === "server")).toEqual([]);
  });

  test("what nobody knows, or not yet, is named in the order of the alphabet", async () => {
    const { as, asked, create } = await openNova();
    const { body } = await create({ foo: 1, bar: 2 });
    expect(textAt(jsonAt(body, "badRequest"), "message")).toMatch(/\('bar', 'foo' were unexpected\)$/);
    const early = await as("2.51")("POST", "/v2.1/servers", asked({ tags: ["a"] }));
    expect(early.status).toBe(400);
    expect(textAt(jsonAt(early.body, "badRequest"), "message")).toMatch(/\('tags' was unexpected\)$/);
  });

  test("user data may have 65535 characters in base64 and no more", async () => {
    const { create } = await openNova();
    expect((await create({ user_data: "A".repeat(65_536) })).status).toBe(400);
    expect((await create({ user_data: "A".repeat(65_532) })).status).toBe(202);
  });

  test("a group must be a UUID, and there", async () => {
    const { create, group } = await openNova();
    expect(await create({}, { group: "abc" })).toMatchObject(input("group", "abc", "'abc' is not a 'uuid'"));
    const missing = (id: string) => refusal(400, `Instance group ${id} could not be found.`);
    expect(await create({}, { group: NIL })).toMatchObject(missing(NIL));
    const theirs = await group("affinity", "team-b");
    expect(await create({}, { group: theirs })).toMatchObject(missing(theirs));
  });
});
