import { type Dns, dns } from "../../../shared/openstack/dns.ts";
import { type Answer, endpointOf, fakeCloud, json } from "./fake-cloud.ts";

// Goal: each Designate call is sent as its API reference says, and absence is an answer instead of an error.
const pointer = {
  id: "RegionOne:f1",
  address: "203.0.113.68",
  ptrdname: null,
  description: null,
  ttl: null,
  status: "INACTIVE",
  action: "NONE",
};
const gone = json({ code: 404, type: "not_found", message: "No such FloatingIP RegionOne:f1" }, 404);

test.each<[string, (designate: Dns) => Promise<unknown>, readonly Answer[], unknown, readonly string[]]>([
  ["a zone that is gone", (d) => d.getZone("z1"), [gone], undefined, ["GET /zones/z1"]],
  ["a recordset that is gone", (d) => d.getRecordset("z1", "r1"), [gone], undefined, ["GET /zones/z1/recordsets/r1"]],
  ["deleting it", (d) => d.deleteRecordset("z1", "r1"), [gone], undefined, ["DELETE /zones/z1/recordsets/r1"]],
  [
    "a floating IP that is gone",
    (d) => d.getPointer("RegionOne", "f1"),
    [gone],
    undefined,
    ["GET /reverse/floatingips/RegionOne:f1"],
  ],
  [
    "no PTR record to take away",
    (d) => d.unsetPointer("RegionOne", "f1"),
    [gone],
    undefined,
    ["PATCH /reverse/floatingips/RegionOne:f1"],
  ],
  [
    "taking it away",
    (d) => d.unsetPointer("RegionOne", "f1"),
    [{ status: 202, body: "null" }],
    undefined,
    ["PATCH /reverse/floatingips/RegionOne:f1"],
  ],
  [
    "no PTR record",
    (d) => d.getPointer("RegionOne", "f1"),
    [json(pointer)],
    pointer,
    ["GET /reverse/floatingips/RegionOne:f1"],
  ],
  ["PTR records", (d) => d.supportsReverse(), [json({ floatingips: [pointer] })], true, ["GET /reverse/floatingips"]],
  ["no PTR records", (d) => d.supportsReverse(), [gone], false, ["GET /reverse/floatingips"]],
  [
    "its quota",
    (d) => d.quota("p1", "z1"),
    [json({ zones: 10, zone_recordsets: 500 }), json({ recordsets: [], metadata: { total_count: 7 } })],
    [{ service: "dns", resource: "zone_recordsets", limit: 500, used: 7 }],
    ["GET /quotas/p1", "GET /zones/z1/recordsets?limit=1"],
  ],
])("%s", async (_what, act, answers, result, lines) => {
  const cloud = fakeCloud(answers);
  expect(await act(dns(endpointOf("dns", cloud)))).toEqual(result);
  expect(cloud.lines.slice(1)).toEqual(lines.map((line) => line.replace(" ", " http://designate.test/v2")));
});

test("supportsReverse does not take an overloaded service for one without PTR records", async () => {
  const busy = { status: 503, body: "busy" };
  const cloud = fakeCloud(Array.from({ length: 10 }, () => busy));
  await expect(dns(endpointOf("dns", cloud)).supportsReverse()).rejects.toMatchObject({ trouble: "retry" });
});
