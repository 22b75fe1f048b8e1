import { TAKES } from "../../../sandbox/openstack/timing.ts";
import { all, leastOf, one } from "./api.ts";
import { NIL, openManila as open, refusal, SETTLED_MS, sharing } from "./manila-api.ts";

// Goal: shares come and go as on the lab, and refuse what the lab's refuse, in its words.
const NOT_FOUND = "The resource could not be found.";
const SETTLED = "Invalid share: Share status must be one of ('available', 'error', 'inactive').";

test.each<[string, object, number, string]>([
  ["no share", { x: 1 }, 422, "Unable to process the contained instructions"],
  ["no size", { share: { share_proto: "NFS" } }, 500, "The server has either erred"],
  [
    "size 0",
    sharing({ size: 0 }),
    400,
    "Invalid input received: Share size '0' must be an integer and greater than 0.",
  ],
  ["half a GiB", sharing({ size: 1.5 }), 400, "Share size '1.5' must be an integer and greater than 0."],
  [
    "another protocol",
    sharing({ share_proto: "cephfs" }),
    400,
    "Invalid share protocol provided: CEPHFS. It is either disabled or unsupported. Available protocols: ['NFS', 'CIFS'].",
  ],
  ["a type that there isn't", sharing({ share_type: "none" }), 404, "Share type not found."],
  [
    "two types",
    sharing({ share_type: "rwx", volume_type: "rwx" }),
    400,
    "Cannot specify both share_type and volume_type",
  ],
  [
    "a share network that there isn't",
    sharing({ share_network_id: NIL }),
    404,
    `Share network ${NIL} could not be found.`,
  ],
  [
    "a type with share servers without a share network",
    sharing({ share_type: "rwx-dhss" }),
    400,
    "Share network must be set when the driver_handles_share_servers is true.",
  ],
  ["a blank value", sharing({ metadata: { a: "" } }), 400, "Metadata property value is blank."],
  ["a blank key", sharing({ metadata: { "": "a" } }), 400, "Metadata property key is blank."],
  [
    "a long value",
    sharing({ metadata: { a: "x".repeat(1024) } }),
    400,
    "Metadata property value is greater than 1023 characters.",
  ],
  ["a long name", sharing({ name: "x".repeat(256) }), 400, "name can only be 255 characters long."],
  [
    "a public share",
    sharing({ is_public: true }),
    403,
    "User is not authorized to set 'is_public' to True in the request.",
  ],
  ["another zone", sharing({ availability_zone: "mars" }), 404, "Availability zone mars could not be found."],
])("%s is refused", async (_what, body, status, words) => {
  const { manila } = open();
  const answer = await manila("POST", "/v2/shares", body);
  expect([answer.status, JSON.stringify(answer.body)]).toEqual([status, expect.stringContaining(words)]);
  expect(all(await manila("GET", "/v2/shares"), "shares")).toEqual([]);
});

test("a share is creating, then available with its exports, then deleting, then gone", async () => {
  const { manila, act, show, pass } = open();
  const made = await manila("POST", "/v2/shares", sharing({ description: "d", metadata: { a: "1" } }));
  const shown = {
    name: "s",
    description: "d",
    size: 1,
    share_proto: "NFS",
    metadata: { a: "1" },
    availability_zone: null,
  };
  expect(made).toMatchObject({ status: 200, body: { share: { ...shown, status: "creating", volume_type: "rwx" } } });
  const { id } = one(made, "share");
  const path = `/v2/shares/${id}`;
  const exports = () => manila("GET", `${path}/export_locations`);
  expect(await exports()).toMatchObject({ status: 200, body: { export_locations: [] } });
  expect(await manila("DELETE", path)).toMatchObject(refusal(403, SETTLED));
  const extend = await act(id, { extend: { new_size: 2 } });
  const busy = `Invalid share: Share ${id} status must be 'available' to extend, but current status is: creating.`;
  expect(extend).toMatchObject(refusal(400, busy));
  pass(SETTLED_MS);
  expect(await show(id)).toMatchObject({ status: "available", availability_zone: "nova" });
  const paths = [expect.stringMatching(/^10\.0\.0\.10:\/path\//), expect.stringMatching(/^10\.0\.0\.20:\/path\//)];
  expect(all(await exports(), "export_locations", "path")).toEqual(paths);
  expect(all(await exports(), "export_locations", "preferred")).toEqual([true, false]);
  expect(await manila("DELETE", path)).toMatchObject({ status: 202, body: "" });
  expect(await show(id)).toMatchObject({ status: "deleting" });
  expect(await manila("DELETE", path)).toMatchObject(refusal(403, SETTLED));
  pass(SETTLED_MS);
  for (const method of ["GET", "DELETE"]) expect(await manila(method, path)).toMatchObject(refusal(404, NOT_FOUND));
});

test("a share with a server is exported from the project's own subnet, and takes longer the first time", async () => {
  const { manila, share, show, shareNetwork, pass } = open();
  const { id: share_network_id } = await shareNetwork("10.9.0.0/24");
  const asked = sharing({ share_type: "rwx-dhss", share_network_id });
  const { id } = one(await manila("POST", "/v2/shares", asked), "share");
  pass(leastOf(TAKES.serverShareCreated) - 1);
  expect(await show(id)).toMatchObject({ status: "creating" });
  pass(SETTLED_MS);
  expect(await show(id)).toMatchObject({ status: "available", share_network_id });
  const paths = async (of: string) =>
    all(await manila("GET", `/v2/shares/${of}/export_locations`), "export_locations", "path");
  const hosts = (of: readonly unknown[]) => of.map((path) => String(path).split(":")[0]);
  const first = hosts(await paths(id));
  expect(first).toEqual([expect.stringMatching(/^10\.9\.0\./), expect.stringMatching(/^10\.9\.0\./)]);
  expect(hosts(await paths(await share({ share_type: "rwx-dhss", share_network_id })))).toEqual(first);
});

test("a share is seen and touched by its own project only", async () => {
  const { manila, share, act } = open();
  const id = await share({ metadata: { a: "1" } });
  const path = `/v2/shares/${id}`;
  const as = (method: string, rest: string, body?: unknown) => manila(method, path + rest, body, "team-b");
  expect(await as("GET", "")).toMatchObject(refusal(404, NOT_FOUND));
  expect(await as("DELETE", "")).toMatchObject(refusal(404, NOT_FOUND));
  expect(await as("PUT", "", { share: { display_name: "x" } })).toMatchObject(refusal(404, NOT_FOUND));
  expect(await as("GET", "/export_locations")).toMatchObject(refusal(404, `Share '${id}' not found.`));
  expect(await as("POST", "/metadata", { metadata: { a: "2" } })).toMatchObject(refusal(404, "Share not found."));
  const extended = await act(id, { extend: { new_size: 2 } }, "team-b");
  expect(extended).toMatchObject(refusal(404, "Resource could not be found."));
  for (const query of ["", "?all_tenants=1"])
    expect(all(await manila("GET", `/v2/shares/detail${query}`, undefined, "team-b"), "shares")).toEqual([]);
  expect(all(await manila("GET", "/v2/shares", undefined, "admin"), "shares")).toEqual([]);
  expect(all(await manila("GET", "/v2/shares?all_tenants=1", undefined, "admin"), "shares", "id")).toEqual([id]);
});
