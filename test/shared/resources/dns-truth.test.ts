import { connect } from "../../../shared/openstack/connect.ts";
import {
  inspectName,
  inspectRecords,
  inspectZone,
  judgeAnswer,
  reverseName,
} from "../../../shared/resources/dns-truth.ts";
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

test("a zone: its state, its serial and its own name servers", async () => {
  const zone = { id: "z1", name: "example.org.", project_id: "p1", status: "ACTIVE", serial: 7 };
  const apex = wire({ name: "example.org.", type: "NS", records: ["ns1.example.net.", "ns2.example.net."] });
  const fake = fakeCloud([json(zone), json({ recordsets: [apex, wire()], links: {} })]);
  expect(await inspectZone(connect(settings, fake.runtime), "z1")).toEqual({
    name: "example.org.",
    status: "ACTIVE",
    serial: 7,
    nameServers: ["ns1.example.net", "ns2.example.net"],
  });
  const gone = fakeCloud([json({ code: 404, type: "zone_not_found" }, 404)]);
  expect(await inspectZone(connect(settings, gone.runtime), "z1")).toBeUndefined();
});

test("what answers for a name: its own records, else the nearest wildcard's", async () => {
  const zone = { id: "z1", name: "example.org." };
  const none = json({ recordsets: [], links: {} });
  const found = json({ recordsets: [wire(), wire({ name: "a.apps.dev.example.org." })], links: {} });
  const fake = fakeCloud([none, found]);
  const answering = { fqdn: "*.apps.dev.example.org.", type: "A", records: ["192.0.2.1"], status: "ACTIVE" };
  expect(await inspectName(connect(settings, fake.runtime), zone, "shop.apps.dev.example.org.")).toEqual([answering]);
  const names = fake.requests.map(({ url }) => new URL(url).searchParams.get("name")).filter((name) => name !== null);
  expect(names).toEqual(["shop.apps.dev.example.org.", "*.apps.dev.example.org."]);
});

test.each([
  [
    { is: "answered", records: ["192.0.2.1"] },
    { verdict: "right", records: ["192.0.2.1"] },
  ],
  [
    { is: "answered", records: ["192.0.2.2", "192.0.2.1"] },
    { verdict: "wrong", records: ["192.0.2.2", "192.0.2.1"] },
  ],
  [{ is: "unknown" }, { verdict: "unknown", records: [] }],
  [{ is: "empty" }, { verdict: "empty", records: [] }],
  [{ is: "refused" }, { verdict: "refused", records: [] }],
  [{ is: "timeout" }, { verdict: "silent", records: [], why: "no answer in time" }],
  [
    { is: "failed", why: "SERVFAIL" },
    { verdict: "silent", records: [], why: "SERVFAIL" },
  ],
])("an answer %j", (answer, judged) => {
  expect(judgeAnswer(["192.0.2.1"], answer)).toEqual(judged);
});

test("names are the same with or without the dot, in small letters or big ones", () => {
  expect(judgeAnswer(["api.dev.example.org."], { is: "answered", records: ["API.dev.example.org"] }).verdict).toBe(
    "right",
  );
});
