import { connect } from "../../../shared/openstack/connect.ts";
import { inspectRecords, reverseName } from "../../../shared/resources/dns-truth.ts";
import { fakeCloud, json, settings } from "../openstack/fake-cloud.ts";

// Goal: on-call people see for each name what DNS should say, what it says, and whose it is.
const cluster = { cluster: "k7f3m2q9x1", name: "dev" };
const wire = (changed: object = {}) => ({
  id: "r1",
  zone_id: "z1",
  project_id: "p1",
  name: "*.apps.dev.example.org.",
  type: "A",
  records: ["192.0.2.1"],
  description: "kinvirt:k7f3m2q9x1 dns/apps",
  ttl: 60,
  status: "ACTIVE",
  action: "NONE",
  ...changed,
});
const wanted = { fqdn: "*.apps.dev.example.org.", type: "A", records: ["192.0.2.1"] } as const;

test.each([
  ["right", [wire()]],
  ["missing", []],
  ["missing", [wire({ name: "shop.apps.dev.example.org." })]],
  ["missing", [wire({ status: "PENDING", action: "DELETE" })]],
  ["wrong", [wire({ records: ["192.0.2.9"] })]],
  ["wrong", [wire({ records: ["192.0.2.1", "192.0.2.9"], status: "PENDING", action: "UPDATE" })]],
  ["pending", [wire({ status: "PENDING", action: "CREATE" })]],
  ["error", [wire({ status: "ERROR", action: "CREATE" })]],
  ["foreign", [wire({ description: null })]],
  ["foreign", [wire({ description: "kinvirt:k7f3m2q9x12 dns/apps", status: "ERROR" })]],
])("%s", async (verdict, recordsets) => {
  const fake = fakeCloud([json({ recordsets, links: {} })]);
  const truth = await inspectRecords(connect(settings, fake.runtime), cluster, [wanted]);
  expect(truth).toMatchObject([{ fqdn: wanted.fqdn, type: "A", wanted: ["192.0.2.1"], verdict }]);
});

test("PTR records are looked up by the address that their name turns round", async () => {
  const pointer = {
    id: "RegionOne:f1",
    ttl: 60,
    status: "ACTIVE",
    action: "NONE",
    description: "kinvirt:k7f3m2q9x1 ptr/api",
  };
  const floatingips = [
    { ...pointer, address: "203.0.113.68", ptrdname: "api.dev.example.org." },
    { ...pointer, address: "203.0.113.69", ptrdname: null, description: null, status: "INACTIVE" },
  ];
  const fake = fakeCloud([json({ floatingips, links: {} })]);
  const record = (address: string) =>
    ({ fqdn: reverseName(address), type: "PTR", records: ["api.dev.example.org."] }) as const;
  const asked = ["203.0.113.68", "203.0.113.69", "203.0.113.70"].map(record);
  const truth = await inspectRecords(connect(settings, fake.runtime), cluster, asked);
  expect(truth).toMatchObject([
    { fqdn: "68.113.0.203.in-addr.arpa.", verdict: "right", actual: ["api.dev.example.org."], status: "ACTIVE" },
    { verdict: "missing" },
    { verdict: "missing" },
  ]);
});
