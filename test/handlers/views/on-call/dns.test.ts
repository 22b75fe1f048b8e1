import { dnsMessage, nameMessage } from "../../../../handlers/views/on-call/dns.ts";
import type { NamesOf } from "../../../../handlers/views/on-call/dns-findings.ts";
import { wordsOf } from "../../desk.ts";
import { dns, lookup, namesOf } from "./given.ts";

// Goal: for each name people see what should be, what Designate has and what is answered; who does not answer proves nothing.
const lines = (over: Partial<NamesOf> = {}) => wordsOf(dnsMessage([namesOf(over)], "dev")).split("\n");

test("what is right is one line each", () => {
  expect(lines()).toEqual([
    ":white_check_mark: The DNS name of *dev* is right.",
    ":white_check_mark: right: `api.dev.k8s.example.org.` A `203.0.113.68` (ACTIVE)",
    "*Looked up*",
    ":white_check_mark: `192.0.2.53`: `api.dev.k8s.example.org.` A right, `203.0.113.68`",
    "*Zone* `k8s.example.org.` ACTIVE, serial 7",
    "`192.0.2.53` has serial 7",
    "Asked of 1 name server without a cache",
  ]);
});

test.each([
  [
    "missing",
    ":x: *`api.dev.k8s.example.org.` A*: Missing: it was deleted by hand, or never made. `/k8s retry dev` puts it right.",
  ],
  [
    "wrong",
    ":x: *`api.dev.k8s.example.org.` A*: Points elsewhere: somebody changed it, or the address has moved. `/k8s retry dev` puts it right.",
  ],
  [
    "pending",
    ":hourglass_flowing_sand: *`api.dev.k8s.example.org.` A*: On its way: Designate has it and its name servers do not yet. Look again in a minute.",
  ],
  [
    "error",
    ":x: *`api.dev.k8s.example.org.` A*: Designate could not write it to its name servers: an operator looks in Designate's log.",
  ],
  [
    "foreign",
    ":x: *`api.dev.k8s.example.org.` A*: Belongs to somebody else: kinvirt does not touch it. Delete that record, or name the cluster differently.",
  ],
] as const)("a record that is %s: once, and not once more for what the name server says of it", (verdict, said) => {
  const records = [dns({ verdict, actual: ["198.51.100.1"] })];
  const found = lines({ records, lookups: [lookup({ verdict: "wrong", records: ["198.51.100.1"] })] });
  expect(found[0]).toBe(
    verdict === "pending"
      ? ":hourglass_flowing_sand: *dev*: 1 thing to look at again in a minute."
      : ":warning: *dev*: 1 thing needs a person.",
  );
  expect(found[1]).toBe(said);
  expect(found).toContain(":x: `192.0.2.53`: `api.dev.k8s.example.org.` A answers something else: `198.51.100.1`");
});

const NEXT = "Look again in a minute; if it stays so, an operator looks at the zone on that server.";
test.each([
  ["wrong", ["198.51.100.1"], "answers something else (`198.51.100.1`), though Designate has the right record."],
  ["unknown", [], "says that there is no such name (NXDOMAIN), though Designate has the right record."],
  ["empty", [], "has the name, but no record of this type, though Designate has the right record."],
  ["refused", [], "refuses to answer for it (REFUSED), though Designate has the right record."],
] as const)("a name server whose answer is %s, of a record that is right", (verdict, records, said) => {
  const found = lines({ lookups: [lookup({ verdict, records })] });
  expect(found.slice(0, 2)).toEqual([
    ":warning: *dev*: 1 thing needs a person.",
    `:x: *\`api.dev.k8s.example.org.\` A*: The name server \`192.0.2.53\` ${said} ${NEXT}`,
  ]);
});

test("nobody answers: that is not known, and no trouble", () => {
  const servers = [{ server: "ns1.example.org", why: "timeout" }];
  const found = lines({ servers, lookups: [lookup({ verdict: "silent", records: [], why: "timeout" })] });
  expect(found[0]).toBe(":white_check_mark: The DNS name of *dev* is right.");
  expect(found).toContain("`ns1.example.org` says nothing: timeout");
  expect(found.at(-1)).toBe(
    "No name server of the zone answered from here: 'nameServers' in the configuration names one that does".replaceAll(
      "'",
      "`",
    ),
  );
});

test("a reverse zone may be served elsewhere", () => {
  const pointer = { fqdn: "68.113.0.203.in-addr.arpa.", type: "PTR" as const };
  const lookups = [lookup({ ...pointer, asked: pointer.fqdn, verdict: "refused", records: [] })];
  expect(lines({ records: [dns(pointer)], lookups })[0]).toBe(":white_check_mark: The DNS name of *dev* is right.");
});

test.each<[string, Partial<NamesOf>, string]>([
  [
    "is gone",
    { zone: undefined },
    ":x: *zone `k8s.example.org.`*: It is gone from Designate: an operator has to make it again.",
  ],
  [
    "is in error",
    { zone: { name: "k8s.example.org.", status: "ERROR", nameServers: [] } },
    ":x: *zone `k8s.example.org.`*: Designate could not write it to its name servers: an operator looks in Designate's log.",
  ],
  [
    "is older at a name server",
    { servers: [{ server: "192.0.2.53", serial: 6 }] },
    ":hourglass_flowing_sand: *zone `k8s.example.org.`*: `192.0.2.53` still has an older copy of it (serial 6, not 7). If it stays so for minutes, an operator looks at its transfer.",
  ],
  [
    "holds a record of ExternalDNS in error",
    { external: [{ name: "A shop.apps.dev.k8s.example.org.", state: "ERROR" }] },
    ":x: *ExternalDNS' record `A shop.apps.dev.k8s.example.org.`*: Designate could not write it to its name servers: an operator looks in Designate's log.",
  ],
])("a zone that %s", (_what, over, said) => {
  expect(lines(over)[1]).toBe(said);
});

test("none any more", () => {
  expect(lines({ records: [], stage: "leaving" })).toEqual([
    ":white_check_mark: *dev* is being deleted, and what belongs to it goes.",
  ]);
});

test("none yet", () => {
  expect(lines({ records: [] })).toEqual([
    ":hourglass_flowing_sand: *dev* has no DNS names yet: they come with its addresses.",
  ]);
});

const FQDN = "shop.apps.dev.k8s.example.org.";
const wildcard = { fqdn: "*.apps.dev.k8s.example.org.", type: "A", records: ["203.0.113.7"], status: "ACTIVE" };
test.each([
  [[lookup({ asked: FQDN })], `:white_check_mark: \`${FQDN}\` is answered as it should be.`],
  [[lookup({ asked: FQDN, verdict: "wrong" })], `:warning: \`${FQDN}\`: 1 answer is not what Designate has.`],
  [
    [lookup({ asked: FQDN, verdict: "silent" })],
    `:white_circle: \`${FQDN}\` is in Designate; no name server answered from here.`,
  ],
] as const)("one name, by the wildcard above it (%#)", (lookups, said) => {
  const found = wordsOf(nameMessage({ fqdn: FQDN, cluster: "dev", answering: [wildcard], lookups })).split("\n");
  expect(found[0]).toBe(said);
  expect(found).toContain("A by `*.apps.dev.k8s.example.org.` `203.0.113.7` (ACTIVE)");
});

test("of a cluster that is being deleted no record is missed", () => {
  const said = lines({ stage: "leaving", records: [dns({ verdict: "missing", actual: undefined })] });
  expect(said[0]).toBe(":white_check_mark: *dev* is being deleted, and what belongs to it goes.");
  expect(said.join("\n")).not.toContain("retry");
});
