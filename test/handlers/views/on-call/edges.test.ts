import { answered, detailsOf } from "../../../../handlers/views/on-call/buttons.ts";
import { dnsMessage } from "../../../../handlers/views/on-call/dns.ts";
import { dnsFindings, type NamesOf } from "../../../../handlers/views/on-call/dns-findings.ts";
import { eventsMessage } from "../../../../handlers/views/on-call/events.ts";
import type { Finding } from "../../../../handlers/views/on-call/finding.ts";
import { keyFindings } from "../../../../handlers/views/on-call/kms.ts";
import { lbMessage } from "../../../../handlers/views/on-call/lb.ts";
import { lbFindings } from "../../../../handlers/views/on-call/lb-findings.ts";
import { nodeFindings, nodesMessage } from "../../../../handlers/views/on-call/nodes.ts";
import { storageFindings } from "../../../../handlers/views/on-call/storage.ts";
import { verdictMessage } from "../../../../handlers/views/on-call/verdict.ts";
import { wordsOf } from "../../desk.ts";
import { call, NOW_MS, record, step } from "../../given.ts";
import * as given from "./given.ts";

// Goal: what decides between an alarm, an hourglass and silence, where only one fact makes the difference.
const { dns, keyTruth, lb, lbsOf, lookup, member, namesOf, node, nodesOf, server, serviceLb, share, worker } = given;
const grades = (found: readonly Finding[]) => found.map(({ grade, says }) => `${grade} ${says}`);
const { server: _s, ...gone } = worker({ name: "control-plane-1" });
const DAY_MS = 86_400_000;

test.each(["requested", "deleting"] as const)("a cluster that is %s has nothing to retry", (phase) => {
  const foot = { asked: { what: "lb", name: "dev" }, nowMs: NOW_MS } as const;
  const said = answered({ text: "x", blocks: [], mends: record({}, { phase }) }, foot);
  expect(wordsOf(said)).not.toContain("Retry");
});

test("the button for details asks about that one", () => {
  const asked = { what: "lb", name: "dev", id: "k7f3m2q9x1", only: "api" };
  expect(detailsOf(record(), "lb", "api")).toEqual({ label: "Details of api", asked });
});

test.each<[string, Partial<NamesOf>, readonly string[]]>([
  ["without a name yet, whose zone nobody has looked at", { records: [], zone: undefined, stage: "coming" }, []],
  [
    "whose name comes",
    { records: [dns({ verdict: "missing", actual: undefined })], stage: "coming", lookups: [] },
    ["look It is not there yet."],
  ],
  [
    "whose zone is being written",
    {
      zone: { name: "k8s.example.org.", status: "PENDING", serial: 7, nameServers: [] },
      lookups: [lookup({ verdict: "unknown", records: [] })],
    },
    [
      "look The name server `192.0.2.53` says that there is no such name (NXDOMAIN), though Designate has the right record. Look again in a minute; if it stays so, an operator looks at the zone on that server.",
    ],
  ],
])("DNS of a cluster %s", (_what, over, found) => {
  expect(grades(dnsFindings(namesOf(over)))).toEqual(found);
});

test("DNS of a team: the cluster that is not well first, and in it the record that is not; who was not asked is no silence", () => {
  const bad = namesOf({
    cluster: "ill",
    records: [dns(), dns({ fqdn: "*.apps.ill.", verdict: "missing", actual: undefined })],
  });
  const said = wordsOf(dnsMessage([namesOf({ lookups: [] }), { ...bad, lookups: [] }]));
  expect(said.indexOf("*ill*")).toBeLessThan(said.indexOf("*dev*"));
  expect(said.indexOf(":x: missing: `*.apps.ill.`")).toBeLessThan(said.indexOf(":white_check_mark: right:"));
  expect(said).toContain("Names were not looked up: no name server of the zone is known");
});

test("events: a step that was ready before this operation began has no time of its own in it", () => {
  const one = record({}, { startedMs: NOW_MS, steps: { router: step({ readyMs: NOW_MS - DAY_MS }) } });
  expect(wordsOf(eventsMessage(one, NOW_MS))).toMatch(/router: ready \(ACTIVE\) since <!date/);
});

test("keys: open while it comes, a login that will be renewed, and an API that is ill of something else", () => {
  const login = (days: number) =>
    keyTruth({ step: "credential/controllers", expiresAt: new Date(NOW_MS + days * DAY_MS).toISOString() });
  const found = (one: Parameters<typeof given.keysOf>[0][number], over = {}) =>
    keyFindings(given.keysOf([one], over)).map(({ grade }) => grade);
  expect(found(keyTruth({ shared: true }), { stage: "coming" })).toEqual(["look"]);
  expect([found(login(26)), found(login(24))]).toEqual([[], ["bad"]]);
  expect(found(keyTruth(), { failing: ["etcd"] })).toEqual([]);
  expect(found(keyTruth(), { failing: ["kms-providers"], stage: "coming" })).toEqual(["look"]);
  expect(grades(keyFindings(given.keysOf([keyTruth({ status: "ERROR" })])))[0]).not.toContain("retry");
});

const api = (members: ReturnType<typeof member>[], wanted: Parameters<typeof lbsOf>[1] = {}) =>
  grades(lbFindings(lbsOf([lb({ members })], wanted)));
const three = ["one", "two", "three"].map((name, at) => ({ name, address: `10.20.0.1${at + 1}` }));
const behind = (...states: string[]) => states.map((state, at) => member(three[at]?.name ?? "", state, three[at]));
const off = { ...behind("OFFLINE")[0], disabled: true } as ReturnType<typeof member>;

test("a member switched off hides none that does not answer", () => {
  const { services: _told, ...wanted } = lbsOf([], { members: three }).wanted;
  const of = (members: ReturnType<typeof member>[]) =>
    grades(lbFindings({ ...lbsOf([lb({ members })]), wanted })).map((one) => one.replace(/:.*/, ""));
  const [, two, last] = behind("ERROR", "ERROR", "ERROR");
  if (two === undefined || last === undefined) throw new Error("there are three");
  expect(of([off, two, last])).toEqual([
    "bad one switched off by somebody",
    "bad No control plane answers, so nobody reaches the API",
  ]);
  expect(of([off, two, { ...last, operating: "ONLINE" }])).toEqual([
    "bad one switched off by somebody",
    "bad two down",
  ]);
});

test("of control planes that are being made it is expected that they do not answer yet, and of no others", () => {
  const [first, ...rest] = three;
  const members = [
    { name: "one", address: first?.address ?? "" },
    ...rest.map((one) => ({ ...one, coming: true as const })),
  ];
  expect(api(behind("ONLINE", "ERROR", "ERROR"), { members })).toEqual([
    "look two, three not there yet, as is expected while it is created.",
  ]);
  expect(api(behind("ERROR", "ERROR", "ONLINE"), { members })).toEqual([
    "bad one, two down: traffic goes to the others. Look at what answers on its port.",
  ]);
});

test("load balancers: what is not known is not missed", () => {
  const unknown = [{ name: "one", address: "" }, ...three.slice(1)];
  expect(api(behind("ONLINE", "ONLINE", "ONLINE"), { members: unknown })).toEqual([]);
  expect(grades(lbFindings(lbsOf([lb()], { floatingIp: "203.0.113.99", made: false })))).toEqual([]);
  const ingress = serviceLb({ role: "ingress" });
  expect(lbFindings(lbsOf([lb(), ingress], { services: ["default/shop"] })).map((one) => one.of)).toEqual([
    "Service default/shop",
  ]);
  const { services: _, ...silent } = lbsOf([]).wanted;
  const words = (stage: "coming" | "there") => wordsOf(lbMessage([{ ...lbsOf([lb()], {}, stage), wanted: silent }]));
  expect([words("there"), words("coming")].map((said) => said.includes("did not tell its Services"))).toEqual([
    true,
    false,
  ]);
});

test("load balancers: a change that failed, of a member and of a pool; the worst is said first", () => {
  const failed = { provisioning: "ERROR", operating: "ONLINE" };
  expect(api([member("one", "ONLINE", failed), member("two", "ONLINE")])[0]).toMatch(/^bad one down/);
  const pools = [{ id: "p", name: "dev-pool", members: 1, ...failed }];
  expect(grades(lbFindings(lbsOf([lb({ pools })])))).toEqual([
    "bad Octavia has its pool dev-pool in ERROR: an operator looks in its log.",
  ]);
  const busy = lb({ provisioning: "PENDING_UPDATE", members: [] });
  expect(wordsOf(lbMessage([lbsOf([busy])])).match(/:point_right: \w+ \w+/g)).toEqual([
    ":point_right: It has",
    ":point_right: Octavia is",
  ]);
});

test("only where the provider can, an operator is told to fail over", () => {
  const of = (provider: string) => grades(lbFindings(lbsOf([lb({ provider, provisioning: "ERROR" })])));
  expect(of("ovn")).toEqual(["bad Octavia could not build or change it: an operator looks in Octavia's log."]);
  expect(of("amphora")[0]).toContain("runs `openstack loadbalancer failover lb-1` or looks");
});

test("of a load balancer that goes with its cluster nothing is missed", () => {
  const leaving = lbsOf([lb({ provisioning: "PENDING_DELETE", members: [], floatingIp: "192.0.2.1" })], {}, "leaving");
  const said = wordsOf(lbMessage([leaving], "dev"));
  expect(said.split("\n")[0]).toBe(":white_check_mark: *dev* is being deleted, and what belongs to it goes.");
  expect(said).not.toMatch(/point_right|retry/);
});

const state = (status: string, over: Parameters<typeof nodesOf>[1] = {}, name = "worker-1") =>
  grades(nodeFindings(nodesOf([worker({ name, server: server({ status, fault: "no host." }) })], over)));
test.each([
  ["SHELVED_OFFLOADED", "bad Its server is shelved: `openstack server unshelve s1` brings it back."],
  ["RESCUE", "bad Its server is in rescue mode: `openstack server unrescue s1` ends that."],
  ["HARD_REBOOT", "look Nova is at work on its server (HARD_REBOOT). Look again in a minute."],
  ["VERIFY_RESIZE", "bad Its server is VERIFY_RESIZE: `openstack server show s1` says more."],
])("a server that is %s", (status, said) => {
  expect(state(status)).toEqual([said]);
});

test("a control plane that may hold etcd is never said to be made again", () => {
  const holds = ["control-plane-1"];
  expect(state("ERROR", { holds }, "control-plane-1")).toEqual([
    "bad Nova has its server in ERROR: no host. It may hold etcd, so kinvirt does not replace it: an operator looks at `openstack server show s1`.",
  ]);
  expect(grades(nodeFindings(nodesOf([gone], { holds }))).join()).toMatch(
    /^bad Its server is gone, and etcd on its disk with it, so kinvirt makes no other in its place: the other control planes/,
  );
  expect(state("ERROR", {}, "control-plane-1")[0]).toContain("`/k8s retry dev` makes it once more.");
});

test("nodes: what is being made, an API that comes, and who is counted", () => {
  const { node: _n, ...out } = worker();
  const unready = worker({ node: node({ ready: "False" }) });
  const of = (one: typeof unready | typeof out, over: Parameters<typeof nodesOf>[1]) =>
    nodeFindings(nodesOf([one], over)).map(({ grade }) => grade);
  expect([of(out, { underWay: ["worker-1"] }), of(unready, { underWay: ["worker-1"] })]).toEqual([["look"], ["look"]]);
  expect([of(out, { underWay: ["worker-2"] }), of(unready, { underWay: [] })]).toEqual([["bad"], ["bad"]]);
  expect(of(worker(), { failing: ["etcd"], stage: "coming" })).toEqual(["look"]);
  const silent = { truth: { members: [], answered: false } };
  expect(nodeFindings(nodesOf([], { ...silent, stage: "coming" })).map(({ grade }) => grade)).toEqual(["look"]);
  const stopped = worker({ server: server({ status: "SHUTOFF" }) });
  expect(wordsOf(nodesMessage(nodesOf([stopped])))).toContain(":x: *worker-1* server SHUTOFF, Ready");
});

test("storage: a rule that comes, a quota without a limit, and whose a volume is", () => {
  const of = (over: Parameters<typeof given.storageOf>[1], shares = [share()]) =>
    grades(storageFindings(given.storageOf(shares, over)));
  expect(of({ stage: "coming" }, [share({ rules: [] })])).toEqual(["look No access rule lets the nodes mount it yet."]);
  const none = { shares: [share()], networks: [], claims: [], quota: [] };
  const quota = [{ service: "shared-file-system" as const, resource: "shares", limit: -1, used: 5 }];
  expect(of({ truth: { ...none, quota } })).toEqual([]);
  const claims = [{ kind: "volume" as const, id: "v1", status: "error" }];
  expect(of({ truth: { ...none, claims } })[0]).toContain("Cinder has it as error");
});

test("the summary: what only waits is no fault, what stopped comes first, and what goes is not looked at", () => {
  const areas = [{ name: "Nodes", what: "nodes", findings: [{ grade: "look" as const, of: "a", says: "Wait." }] }];
  const said = (one: ReturnType<typeof record>) => wordsOf(verdictMessage(one, areas, NOW_MS)).split("\n");
  expect(said(record())).toContain(":hourglass_flowing_sand: *Nodes*: 1 thing to look at again, `/k8s nodes dev`");
  const [verdict, first] = said(record({}, { phase: "blocked", blocked: call() }));
  expect(verdict).toBe(":warning: *dev*: 1 thing needs a person.");
  expect(first).toMatch(/^:x: \*.+ has stopped\*: server worker-1: No valid host was found\./);
  expect(said(record({ wish: "absent" }, { phase: "deleting" })).join()).not.toContain("*Nodes*");
});
