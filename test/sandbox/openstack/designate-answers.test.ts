import { TAKES } from "../../../sandbox/openstack/timing.ts";
import { all, leastOf, mostOf, one, openApi } from "./api.ts";

// Goal: the sandbox's name servers answer what Designate has written to them, when it has, and no more.
async function open() {
  const api = openApi();
  const dns = api.at("dns");
  const zone = String(all(await dns("GET", "/v2/zones"), "zones", "id")[0]);
  const make = (name: string) =>
    dns("POST", `/v2/zones/${zone}/recordsets`, { name, type: "A", records: ["192.0.2.1"] });
  const ask = (name: string, type: "A" | "PTR" | "SOA" = "A") =>
    api.sandbox.nameServers.ask("ns1.example.org", name, type);
  return { ...api, dns, zone, make, ask };
}
const RIGHT = { is: "answered", records: ["192.0.2.1"] };

test("a record is answered once it is written, and is unknown before", async () => {
  const { make, ask, pass } = await open();
  await make("a.k8s.example.org.");
  pass(leastOf(TAKES.recordsetWritten) - 1);
  expect(await ask("a.k8s.example.org.")).toEqual({ is: "unknown" });
  pass(mostOf(TAKES.recordsetWritten));
  expect(await ask("a.k8s.example.org")).toEqual(RIGHT);
  expect(await ask("a.k8s.example.org", "PTR")).toEqual({ is: "empty" });
});

test("a wildcard answers for all below it that is not there itself", async () => {
  const { make, ask, pass } = await open();
  await make("*.apps.k8s.example.org.");
  pass(mostOf(TAKES.recordsetWritten));
  expect(await ask("shop.apps.k8s.example.org.")).toEqual(RIGHT);
  expect(await ask("a.b.apps.k8s.example.org.")).toEqual(RIGHT);
  expect(await ask("apps.k8s.example.org.")).toEqual({ is: "unknown" });
});

test("the serial is Designate's, and other zones are refused", async () => {
  const { dns, zone, ask } = await open();
  const { body } = await dns("GET", `/v2/zones/${zone}`);
  const serial = String((body as { readonly serial: number }).serial);
  expect(await ask("k8s.example.org.", "SOA")).toEqual({ is: "answered", records: [serial] });
  expect(await ask("www.example.com.")).toEqual({ is: "refused" });
});

test("a pointer", async () => {
  const { at, dns, ask, pass } = await open();
  const network = at("network");
  const nets = await network("GET", "/v2.0/networks?router:external=true");
  const floating_network_id = all(nets, "networks", "id")[0];
  const ip = one(await network("POST", "/v2.0/floatingips", { floatingip: { floating_network_id } }), "floatingip");
  await dns("PATCH", `/v2/reverse/floatingips/RegionOne:${ip.id}`, { ptrdname: "api.k8s.example.org." });
  pass(mostOf(TAKES.recordsetWritten));
  const reverse = String(ip["floating_ip_address"]).split(".").toReversed().join(".");
  expect(await ask(`${reverse}.in-addr.arpa.`, "PTR")).toEqual({ is: "answered", records: ["api.k8s.example.org"] });
});
