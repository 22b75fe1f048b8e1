import { connect } from "../../../shared/openstack/connect.ts";
import { share } from "../../../shared/resources/share.ts";
import { shareAccess } from "../../../shared/resources/share-access.ts";
import { type Answer, failure, fakeCloud, json, settings } from "../openstack/fake-cloud.ts";

// Goal: people's data is deleted only when they want that, grows without loss, and is never open to everybody.
const owner = { cluster: "k7f3m2q9x1", name: "dev", step: "share/rwx" };
const spec = { gib: 100, protocol: "NFS", typeName: "rwx" } as const;
const VERSIONS = json({ versions: [{ id: "v2.0", status: "CURRENT", version: "2.89", links: [] }] });
const wire = (changed: object = {}) => ({
  id: "s1",
  name: "dev-k7f3m2q9x1-share-rwx",
  project_id: "p1",
  size: 100,
  status: "available",
  share_proto: "NFS",
  share_network_id: null,
  metadata: { kinvirt: "k7f3m2q9x1", "kinvirt-step": "share/rwx" },
  ...changed,
});
const EXPORTS = json({ export_locations: [{ path: "10.0.0.10:/a" }, { path: "10.0.0.20:/a" }] });

function start(...answers: Answer[]) {
  const left = [...answers];
  const next = (request: { readonly url: string }) =>
    /\/v2\/?$|test\/?$/.test(request.url) ? VERSIONS : (left.shift() ?? new Error("one answer too few"));
  const fake = fakeCloud(Array.from({ length: 12 }, () => next));
  const writes = () => fake.lines.filter((line) => /^(POST|PUT|DELETE) http:..manila/.test(line));
  return { cloud: connect(settings, fake.runtime), writes, fake };
}

const found = async (changed: object = {}, ...answers: Answer[]) => {
  const { cloud, writes, fake } = start(json({ shares: [wire(changed)] }), ...answers);
  const [seen] = await share.find(cloud, owner);
  if (seen === undefined) throw new Error("not found");
  return { cloud, writes, fake, seen };
};

test("a usable share tells where it is mounted from", async () => {
  const { seen } = await found({}, EXPORTS);
  expect(seen).toMatchObject({ status: "ready", facts: { gib: "100", exports: "10.0.0.10:/a,10.0.0.20:/a" } });
});

test.each([
  ["creating", "pending"],
  ["extending", "pending"],
  ["deleting", "leaving"],
  ["deferred_deleting", "leaving"],
  ["deleted", "leaving"],
  ["unmanaged", "leaving"],
  ["manage_starting", "pending"],
])("%s is %s", async (status, as) => {
  expect((await found({ status })).seen).toMatchObject({ status: as, state: status });
});

test.each(["error", "extending_error", "error_deleting"])("%s is failed, with Manila's reason", async (status) => {
  const user_message = "allocate host: No storage could be allocated for this share request.";
  const { seen } = await found({ status }, json({ messages: [{ created_at: "2026-11-24T08:00:00", user_message }] }));
  expect(seen).toMatchObject({ status: "failed", state: status, fault: user_message });
});

test.each([
  ["another cluster's", { metadata: { kinvirt: "k7f3m2q9x12" } }],
  ["another project's", { project_id: "p2" }],
  ["unmarked", { metadata: {} }],
  ["kept from a cluster that has gone", { metadata: { "kinvirt-kept": "k7f3m2q9x1", "kinvirt-keep": "true" } }],
])("a share that is %s is not found, whatever the filter lets through", async (_whose, changed) => {
  expect(await share.find(start(json({ shares: [wire(changed)] })).cloud, owner)).toEqual([]);
});

test("it grows, and never shrinks", async () => {
  const { cloud, seen, writes, fake } = await found({}, EXPORTS, { status: 202 });
  expect(await share.update(cloud, owner, { ...spec, gib: 50 }, seen)).toEqual(seen);
  expect(writes()).toEqual([]);
  expect(await share.update(cloud, owner, { ...spec, gib: 200 }, seen)).toMatchObject({ status: "pending" });
  expect(fake.requests.at(-1)?.body).toBe('{"extend":{"new_size":200}}');
});

test("keeping is written to the share, survives an update that says nothing, and can be taken back", async () => {
  const { cloud, seen, writes } = await found({}, EXPORTS, json({ metadata: {} }), { status: 200 });
  const kept = await share.update(cloud, owner, { ...spec, keep: true }, seen);
  expect(kept.facts).toMatchObject({ keep: "true" });
  expect(await share.update(cloud, owner, spec, kept)).toEqual(kept);
  expect((await share.update(cloud, owner, { ...spec, keep: false }, kept)).facts).toEqual(seen.facts);
  expect(writes()).toEqual([
    "POST http://manila.test/v2/shares/s1/metadata",
    "DELETE http://manila.test/v2/shares/s1/metadata/kinvirt-keep",
  ]);
});

test("removing a kept share takes our mark off and deletes nothing", async () => {
  const metadata = { ...wire().metadata, "kinvirt-keep": "true" };
  const { cloud, seen, writes, fake } = await found({ metadata }, EXPORTS, json({ metadata: {} }), { status: 200 });
  await share.remove(cloud, seen);
  expect(writes()).toEqual([
    "POST http://manila.test/v2/shares/s1/metadata",
    "DELETE http://manila.test/v2/shares/s1/metadata/kinvirt",
  ]);
  expect(fake.requests.at(-2)?.body).toBe('{"metadata":{"kinvirt-kept":"k7f3m2q9x1"}}');
});

test.each([
  "0.0.0.0/0",
  "10.0.0.0/0",
  "::/0",
  "0.0.0.0/00",
])("access for %s is refused before anything is sent", async (cidr) => {
  const { cloud, writes } = start();
  const rule = { shareId: "s1", cidr, level: "rw" } as const;
  expect(await failure(shareAccess.create(cloud, { ...owner, step: "share-access/rwx" }, rule))).toMatchObject({
    trouble: "invalid",
    detail: { fault: expect.stringContaining("never opened to every address") },
  });
  expect(writes()).toEqual([]);
});

test("CEPHFS access is a user's", async () => {
  const metadata = { kinvirt: "k7f3m2q9x1", "kinvirt-step": "share-access/rwx" };
  const asked = { access_type: "cephx", access_to: "dev", access_level: "ro", metadata };
  const { cloud, fake } = start(json({ access: { id: "a1", share_id: "s1", state: "queued_to_apply", ...asked } }));
  const rule = { shareId: "s1", accessType: "cephx", cidr: "dev", level: "ro" } as const;
  const seen = await shareAccess.create(cloud, { ...owner, step: "share-access/rwx" }, rule);
  expect(seen).toMatchObject({ name: "dev-k7f3m2q9x1-share-access-rwx", status: "pending" });
  expect(JSON.parse(fake.requests.at(-1)?.body ?? "")).toEqual({ allow_access: asked });
});

test("one that grows already is not asked to", async () => {
  const { cloud, seen, writes } = await found({ status: "extending" });
  expect(await share.update(cloud, owner, { ...spec, gib: 200 }, seen)).toMatchObject({ state: "extending" });
  expect(writes()).toEqual([]);
});

test.each([
  ["active", "ready"],
  ["queued_to_apply", "pending"],
  ["applying", "pending"],
  ["error", "failed"],
  ["queued_to_deny", "leaving"],
  ["denying", "leaving"],
  ["deleted", "leaving"],
])("a rule that is %s is %s", async (state, as) => {
  const metadata = { kinvirt: "k7f3m2q9x1", "kinvirt-step": "share-access/rwx" };
  const rule = { id: "a1", access_type: "ip", access_to: "10.6.0.0/24", access_level: "rw", state, metadata };
  const stranger = { ...rule, id: "a2", metadata: { kinvirt: "k7f3m2q9x12" } };
  const { cloud } = start(json({ shares: [wire()] }), json({ access_list: [rule, stranger] }));
  expect(await shareAccess.find(cloud, owner)).toMatchObject([{ id: "a1", status: as, state }]);
});
