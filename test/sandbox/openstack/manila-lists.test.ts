import { all } from "./api.ts";
import { NIL, openManila as open, overLimit, refusal, SETTLED_MS, sharing } from "./manila-api.ts";

// Goal: Manila's listings, metadata and quotas are the lab's.
const GONE = "NotFound: Resource could not be found.";

describe("listing", () => {
  test("the newest first, in windows of limit and offset", async () => {
    const { manila, share } = open();
    for (const name of ["a", "b", "c"]) await share({ name });
    const names = async (query: string) => all(await manila("GET", `/v2/shares${query}`), "shares");
    expect(await names("")).toEqual(["c", "b", "a"]);
    expect(await names("?limit=2")).toEqual(["c", "b"]);
    expect(await names("?limit=2&offset=2")).toEqual(["a"]);
    expect(await names("?limit=0")).toEqual([]);
    // Without a limit an offset is passed over.
    expect(await names("?offset=2")).toEqual(["c", "b", "a"]);
    expect(await names("?sort_key=name&sort_dir=asc")).toEqual(["a", "b", "c"]);
    expect(await names("?nonsense=1")).toEqual(["c", "b", "a"]);
    const page = await manila("GET", "/v2/shares?limit=1&with_count=true");
    expect(page.body).toMatchObject({ count: 3, shares_links: [{ rel: "next" }] });
    expect((await manila("GET", "/v2/shares?limit=4")).body).not.toHaveProperty("shares_links");
  });

  test.each([
    ["limit=x", "limit param must be an integer"],
    ["limit=-1", "limit param must be positive"],
    ["offset=x", "offset param must be an integer"],
    ["sort_key=nonsense", "Invalid input received: Wrong sorting key provided - 'nonsense'."],
    ["metadata=[1]", "Invalid input received: Wrong metadata filter provided: [1]."],
  ])("%s is refused", async (query, message) => {
    expect(await open().manila("GET", `/v2/shares?${query}`)).toMatchObject(refusal(400, message));
  });

  test("of what carries all of the metadata, or is named so", async () => {
    const { manila, share } = open();
    await share({ name: "one", metadata: { a: "1", b: "2" } });
    await share({ name: "two", metadata: { a: "1" } });
    const names = async (query: string) => all(await manila("GET", `/v2/shares/detail?${query}`), "shares");
    const carrying = (metadata: object) => names(`metadata=${encodeURIComponent(JSON.stringify(metadata))}`);
    expect(await carrying({ a: "1" })).toEqual(["two", "one"]);
    expect(await carrying({ a: "1", b: "2" })).toEqual(["one"]);
    expect(await carrying({ a: "1", b: "3" })).toEqual([]);
    expect(await names("name=two")).toEqual(["two"]);
    expect(await names("name~=o")).toEqual(["two", "one"]);
    expect(await names("status=error")).toEqual([]);
    expect((await manila("GET", "/v2/shares?metadata=nonsense")).status).toBe(500);
  });
});

test("metadata is added to, replaced, read and removed by key", async () => {
  const { manila, share } = open();
  const path = `/v2/shares/${await share({ metadata: { a: "1" } })}/metadata`;
  const shows = (metadata: object) => ({ status: 200, body: { metadata } });
  expect(await manila("POST", path, { metadata: { b: "2" } })).toEqual(
    expect.objectContaining(shows({ a: "1", b: "2" })),
  );
  expect(await manila("PUT", path, { metadata: { c: "3" } })).toEqual(expect.objectContaining(shows({ c: "3" })));
  expect(await manila("GET", `${path}/c`)).toMatchObject({ status: 200, body: { meta: { c: "3" } } });
  const missing = refusal(404, "MetadataItemNotFound: Metadata item is not found.");
  expect(await manila("GET", `${path}/a`)).toMatchObject(missing);
  expect(await manila("DELETE", `${path}/c`)).toMatchObject({ status: 200, body: "" });
  expect(await manila("DELETE", `${path}/c`)).toMatchObject(missing);
  expect(await manila("GET", path)).toEqual(expect.objectContaining(shows({})));
  expect(await manila("POST", path, {})).toMatchObject(refusal(400, "Malformed request body"));
  expect(await manila("POST", path, { metadata: { a: 1 } })).toMatchObject(refusal(400, "Malformed request body"));
  const blank = await manila("POST", path, { metadata: { a: "" } });
  expect(blank).toMatchObject(refusal(400, "Metadata property value is blank."));
  const nowhere = `/v2/shares/${NIL}/metadata`;
  expect(await manila("POST", nowhere, { metadata: { a: "1" } })).toMatchObject(refusal(404, GONE));
  expect(await manila("GET", nowhere)).toMatchObject(refusal(404, "Share not found."));
});

describe("quotas", () => {
  test("are told to their own project and set by admins", async () => {
    const { manila, sandbox } = open();
    const path = `/v2/quota-sets/${sandbox.project("team-a").id}`;
    const set = (quota_set: object, who = "admin") => manila("PUT", path, { quota_set }, who);
    const denied = refusal(403, "Access was denied to this resource.");
    expect((await manila("GET", path)).body).toMatchObject({ quota_set: { shares: 10_000, gigabytes: 10_000_000 } });
    expect(await manila("GET", `${path}/detail`, undefined, "team-b")).toMatchObject(denied);
    expect(await set({ shares: 3 }, "team-a")).toMatchObject(denied);
    expect(await set({})).toMatchObject(refusal(400, "Must supply at least one quota field to update."));
    expect(await set({ shares: 3, nonsense: 1 })).toMatchObject(refusal(400, "Bad key(s) nonsense in quota_set."));
    expect(await set({ shares: "x" })).toMatchObject(refusal(400, "Quota 'x' for shares should be integer."));
    expect(await set({ shares: -2 })).toMatchObject(refusal(400, "Quota limit must be -1 or greater."));
    expect(await set({ shares: 3 })).toMatchObject({ status: 200, body: { quota_set: { shares: 3 } } });
    expect((await manila("GET", `${path}/defaults`)).body).toMatchObject({ quota_set: { shares: 10_000 } });
    expect((await manila("DELETE", path, undefined, "admin")).status).toBe(202);
    expect((await manila("GET", path)).body).toMatchObject({ quota_set: { shares: 10_000 } });
  });

  test("refuse what exceeds them, in bytes first, and count until a share has gone", async () => {
    const { as, manila, share, act, pass, sandbox } = open();
    const project = sandbox.project("team-a").id;
    const limit = (resource: string, most: number) => sandbox.quotas.set(project, "shared-file-system", resource, most);
    const make = (size: number) => manila("POST", "/v2/shares", sharing({ size }));
    const id = await share({ size: 2 });
    limit("shares", 1);
    const shares = "Maximum number of shares allowed (1) either per project/user or share type quota is exceeded.";
    expect(await make(1)).toMatchObject(overLimit(`ShareLimitExceeded: ${shares}`));
    limit("gigabytes", 3);
    const gigabytes = "Requested share exceeds allowed project/user or share type gigabytes quota.";
    expect(await make(2)).toMatchObject(overLimit(`ShareSizeExceedsAvailableQuota: ${gigabytes}`));
    expect(await act(id, { extend: { new_size: 4 } })).toMatchObject(refusal(403, gigabytes));
    const low = await manila("PUT", `/v2/quota-sets/${project}`, { quota_set: { shares: 0 } }, "admin");
    expect(low).toMatchObject(refusal(400, "Quota value 0 for shares is smaller than already used and reserved 1."));
    limit("per_share_gigabytes", 2);
    const large = "Requested share size 3 is larger than maximum allowed limit 2.";
    expect(await make(3)).toMatchObject(overLimit(`ShareSizeExceedsLimit: ${large}`));
    expect(await act(id, { extend: { new_size: 3 } })).toMatchObject(overLimit(`ShareSizeExceedsLimit: ${large}`));
    limit("share_networks", 0);
    const networks = "ShareNetworksLimitExceeded: Maximum number of share-networks allowed (0) exceeded.";
    expect(await manila("POST", "/v2/share-networks", { share_network: {} })).toMatchObject(overLimit(networks));
    const used = async () => (await as("2.89")("GET", `/v2/quota-sets/${project}/detail`)).body;
    const usage = { shares: { limit: 1, in_use: 1, reserved: 0 }, gigabytes: { limit: 3, in_use: 2, reserved: 0 } };
    await manila("DELETE", `/v2/shares/${id}`);
    expect(await used()).toMatchObject({ quota_set: { ...usage, per_share_gigabytes: { limit: 2 } } });
    pass(SETTLED_MS);
    expect(await used()).toMatchObject({ quota_set: { shares: { in_use: 0 }, gigabytes: { in_use: 0 } } });
    expect((await make(1)).status).toBe(200);
  });
});
