import { connect } from "../../../shared/openstack/connect.ts";
import { ptr } from "../../../shared/resources/ptr.ts";
import { failure, fakeCloud, json, settings } from "../openstack/fake-cloud.ts";

// Goal: Designate's PATCH would overwrite whatever PTR record there is; ours overwrites no person's.
const owner = { cluster: "k7f3m2q9x1", name: "dev", step: "ptr/api" };
const spec = { region: "RegionOne", floatingIpId: "f1", ptrdname: "api.dev.example.org.", ttl: 60 };
const wire = (changed: object = {}) =>
  json({
    id: "RegionOne:f1",
    address: "203.0.113.68",
    ptrdname: "api.dev.example.org.",
    description: "kinvirt:k7f3m2q9x1 ptr/api",
    ttl: 60,
    status: "PENDING",
    action: "CREATE",
    ...changed,
  });

test.each([
  ["no record", { ptrdname: null, description: null, status: "INACTIVE", action: "NONE" }],
  ["our record, whose answer was lost", {}],
  [
    "over what an address brings along from another cluster",
    { description: "kinvirt:kzzzzzzzz1 ptr/api", ptrdname: "a.b." },
  ],
])("%s is set", async (_what, now) => {
  const fake = fakeCloud([wire(now), wire()]);
  const seen = await ptr.create(connect(settings, fake.runtime), owner, spec);
  expect(seen).toMatchObject({ id: "RegionOne:f1", status: "pending", facts: { address: "203.0.113.68" } });
  expect(JSON.parse(fake.requests.at(-1)?.body ?? "")).toEqual({
    ptrdname: "api.dev.example.org.",
    ttl: 60,
    description: "kinvirt:k7f3m2q9x1 ptr/api",
  });
});

test("somebody else's record is left alone", async () => {
  const fake = fakeCloud([wire({ ptrdname: "mail.example.org.", description: "by hand" })]);
  const error = await failure(ptr.create(connect(settings, fake.runtime), owner, spec));
  expect(error).toMatchObject({
    trouble: "ambiguous",
    detail: { fault: expect.stringContaining("203.0.113.68 already has the PTR record mail.example.org.") },
  });
  expect(fake.lines.filter((line) => line.startsWith("PATCH"))).toEqual([]);
});

test("it is gone with its floating IP", async () => {
  const fake = fakeCloud([json({ code: 404, type: "not_found", message: "No such FloatingIP RegionOne:f1" }, 404)]);
  const seen = { id: "RegionOne:f1", name: "", status: "ready", state: "ACTIVE", facts: {} } as const;
  await ptr.remove(connect(settings, fake.runtime), seen);
  expect(fake.lines.at(-1)).toBe("PATCH http://designate.test/v2/reverse/floatingips/RegionOne:f1");
});

test("an address that Designate does not know yet is waited for", async () => {
  const fake = fakeCloud([json({ code: 404, type: "not_found", message: "No such FloatingIP" }, 404)]);
  expect(await failure(ptr.create(connect(settings, fake.runtime), owner, spec))).toMatchObject({
    trouble: "conflict",
    detail: { fault: "Designate does not know the floating IP f1 yet" },
  });
  expect(fake.lines.filter((line) => line.startsWith("PATCH"))).toEqual([]);
});

const listed = (...all: object[]) => json({ floatingips: all, links: {} });
const row = (changed: object = {}) => JSON.parse((wire(changed) as { readonly body: string }).body) as object;

test("a record that was taken away is none, whatever words are left of it", async () => {
  const fake = fakeCloud([listed(row({ ptrdname: null }), row({ description: "kinvirt:k7f3m2q9x12 ptr/api" }))]);
  expect(await ptr.find(connect(settings, fake.runtime), owner)).toEqual([]);
});

test.each([
  ["another name", { ptrdname: "old.dev.example.org." }, 1],
  ["another TTL", { ttl: 300 }, 1],
  ["what is right already", {}, 0],
  ["what is leaving", { ptrdname: "old.dev.example.org.", action: "DELETE" }, 0],
])("of %s only a difference is sent", async (_what, changed, sent) => {
  const id = "Region:One:f1";
  const fake = fakeCloud([listed(row({ id, ...changed })), wire({ id })]);
  const cloud = connect(settings, fake.runtime);
  const [seen] = await ptr.find(cloud, owner);
  if (seen === undefined) throw new Error("it is there");
  await ptr.update(cloud, owner, spec, seen);
  const patches = fake.requests.filter(({ method }) => method === "PATCH");
  expect(patches).toHaveLength(sent);
  for (const { url, body } of patches) {
    // A region's name may have a colon of its own.
    expect(url).toBe("http://designate.test/v2/reverse/floatingips/Region:One:f1");
    expect(JSON.parse(body ?? "")).toMatchObject({ ptrdname: spec.ptrdname, ttl: 60, description: expect.anything() });
  }
});
