import { connect } from "../../../shared/openstack/connect.ts";
import { recordset } from "../../../shared/resources/recordset.ts";
import { type Answer, failure, fakeCloud, json, settings } from "../openstack/fake-cloud.ts";

// Goal: a DNS name that somebody else owns is never taken over, and one of ours whose answer was lost is.
const owner = { cluster: "k7f3m2q9x1", name: "dev", step: "dns/api" };
const spec = {
  zoneId: "z1",
  name: "api.dev.example.org.",
  type: "A",
  records: ["192.0.2.2", "192.0.2.1"],
  ttl: 60,
} as const;
const wire = (changed: object = {}) => ({
  id: "r1",
  zone_id: "z1",
  project_id: "p1",
  name: spec.name,
  type: "A",
  records: ["192.0.2.1", "192.0.2.2"],
  description: "kinvirt:k7f3m2q9x1 dns/api",
  ttl: 60,
  status: "ACTIVE",
  action: "NONE",
  ...changed,
});
const start = (...answers: Answer[]) => {
  const fake = fakeCloud(answers);
  return { fake, cloud: connect(settings, fake.runtime) };
};
const DUPLICATE = json({ code: 409, type: "duplicate_recordset", message: "Duplicate RecordSet" }, 409);
const listed = (...recordsets: object[]) => json({ recordsets, links: {} });

test("a create that finds its own work done adopts it", async () => {
  const { cloud } = start(DUPLICATE, listed(wire()));
  expect(await recordset.create(cloud, owner, spec)).toMatchObject({ id: "z1/r1", name: "dev-k7f3m2q9x1-dns-api" });
});

test.each([
  ["nobody's", null],
  ["another cluster's", "kinvirt:k7f3m2q9x12 dns/api"],
  ["another step's", "kinvirt:k7f3m2q9x1 dns/apps"],
  ["nearly ours", "kinvirt:k7f3m2q9x1 dns/api by hand"],
])("a name that is %s is left alone", async (_whose, description) => {
  const { cloud, fake } = start(DUPLICATE, listed(wire({ description })));
  const error = await failure(recordset.create(cloud, owner, spec));
  expect(error).toMatchObject({
    trouble: "ambiguous",
    detail: { fault: expect.stringContaining("api.dev.example.org. belongs to somebody else") },
  });
  expect(fake.lines.filter((line) => line.startsWith("PUT") || line.startsWith("DELETE"))).toEqual([]);
});

test("a duplicate that nobody holds any more is asked for again later", async () => {
  const { cloud } = start(DUPLICATE, listed());
  expect(await failure(recordset.create(cloud, owner, spec))).toMatchObject({ trouble: "conflict" });
});

test.each([
  ["ACTIVE", "NONE", "ready", "ACTIVE"],
  ["PENDING", "CREATE", "pending", "PENDING CREATE"],
  ["PENDING", "DELETE", "leaving", "PENDING DELETE"],
  ["ERROR", "UPDATE", "failed", "ERROR UPDATE"],
  ["ERROR", "DELETE", "failed", "ERROR DELETE"],
  ["DELETED", "NONE", "leaving", "DELETED"],
])("%s of %s is %s", async (status, action, seen, state) => {
  const { cloud } = start(listed(wire({ status, action }), wire({ id: "r2", project_id: "p2" })));
  expect(await recordset.find(cloud, owner)).toMatchObject([{ id: "z1/r1", status: seen, state }]);
});

test("the order of the addresses is no difference", async () => {
  const { cloud, fake } = start(listed(wire()));
  const [seen] = await recordset.find(cloud, owner);
  if (seen === undefined) throw new Error("not found");
  const sent = fake.lines.length;
  expect(await recordset.update(cloud, owner, spec, seen)).toBe(seen);
  expect(fake.lines).toHaveLength(sent);
});

test.each([
  ["another address", { records: ["192.0.2.9"] }],
  ["another TTL", { ttl: 300 }],
])("%s is put right", async (_what, changed) => {
  const { cloud, fake } = start(listed(wire(changed)), json(wire({ status: "PENDING", action: "UPDATE" }), 202));
  const [seen] = await recordset.find(cloud, owner);
  if (seen === undefined) throw new Error("not found");
  expect(await recordset.update(cloud, owner, spec, seen)).toMatchObject({
    status: "pending",
    facts: { records: "192.0.2.1,192.0.2.2", ttl: "60" },
  });
  expect(JSON.parse(fake.requests.at(-1)?.body ?? "")).toMatchObject({ records: spec.records, ttl: 60 });
});

test("what is leaving is not changed any more", async () => {
  const { cloud, fake } = start(listed(wire({ records: ["192.0.2.9"], status: "PENDING", action: "DELETE" })));
  const [seen] = await recordset.find(cloud, owner);
  if (seen === undefined) throw new Error("not found");
  expect(await recordset.update(cloud, owner, spec, seen)).toBe(seen);
  expect(fake.lines.filter((line) => line.startsWith("PUT"))).toEqual([]);
});

test.each([
  ["another project's", { project_id: "p2" }],
  ["without a step", { description: "kinvirt:k7f3m2q9x1 " }],
  ["another cluster's", { description: "kinvirt:k7f3m2q9x12 dns/api" }],
])("one that is %s is not ours, listed or by its id", async (_whose, changed) => {
  const { cloud } = start(listed(wire(changed)), json(wire(changed)));
  expect(await recordset.find(cloud, owner)).toEqual([]);
  expect(await recordset.get(cloud, owner, "z1/r1")).toBeUndefined();
});

test("who holds the name is looked for among those of this name and type, whatever else is answered", async () => {
  const theirs = wire({ description: "by hand" });
  const others = [wire({ name: "apps.dev.example.org." }), wire({ type: "AAAA" })];
  const { cloud } = start(DUPLICATE, listed(...others, theirs));
  expect(await failure(recordset.create(cloud, owner, spec))).toMatchObject({ trouble: "ambiguous" });
});
