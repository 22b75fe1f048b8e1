import { judge, listingsFor, type Sight } from "../../../../handlers/work/health/judge.ts";
import type { Listing, Look } from "../../../../handlers/work/health/look.ts";
import type { ClusterRecord } from "../../../../shared/cluster/record.ts";
import { NOW_MS, record, step } from "../../given.ts";

// Goal: of a record and what there is, exactly what is wrong: an ERROR, a loss and an end by their names, nothing that is
// being worked on, and nothing at all where nobody could look.
const DAY_MS = 86_400_000;

function sight(listed: Partial<Record<Listing, readonly object[]>>, over: Partial<Sight> = {}): Sight {
  const of = (listing: Listing) => {
    const items = listed[listing] as readonly { readonly id: string }[] | undefined;
    return items === undefined ? undefined : new Map(items.map((one) => [one.id, one]));
  };
  return {
    look: { of } as unknown as Look,
    members: { looked: {}, made: new Map(), pools: new Map() },
    projectId: "p1",
    startedMs: NOW_MS,
    nowMs: NOW_MS,
    ...over,
  };
}

const having = (name: string, of: Parameters<typeof step>[0] = {}, status: Partial<ClusterRecord["status"]> = {}) =>
  record({}, { steps: { [name]: step(of) }, ...status });
const said = (one: ClusterRecord, seen: Sight) =>
  judge(one, seen).findings.map(({ about, symptom, mends }) => `${about} ${symptom}${mends ? " mends" : ""}`);

test("it asks for the listings of what the record has, and for pools where it has a load balancer", () => {
  const steps = {
    "server/worker-1": step(),
    "load-balancer/api": step(),
    "dns/api": step(),
    "ptr/api": step({ state: "gone" }),
  };
  expect([...listingsFor(record({}, { steps }))].sort()).toEqual(["load-balancer", "pool", "recordset", "server"]);
  const key = { "key/kms": step({ facts: { secretId: "b7" } }) };
  expect([...listingsFor(record({}, { steps: key }))]).toEqual(["secret"]);
});

test.each<[string, Listing, object, string[]]>([
  ["server/worker-1", "server", { status: "ACTIVE" }, []],
  ["server/worker-1", "server", { status: "ERROR", fault: { code: 500, message: "No valid host" } }, ["error"]],
  ["server/worker-1", "server", { status: "SHUTOFF" }, ["stopped"]],
  ["server/worker-1", "server", { status: "REBOOT" }, []],
  ["load-balancer/api", "load-balancer", { provisioning_status: "ERROR", provider: "ovn" }, ["error"]],
  ["load-balancer/api", "load-balancer", { provisioning_status: "PENDING_UPDATE", admin_state_up: true }, []],
  ["load-balancer/api", "load-balancer", { provisioning_status: "ACTIVE", admin_state_up: false }, ["off"]],
  ["share/rwx", "share", { status: "available" }, []],
  ["share/rwx", "share", { status: "error_deleting" }, ["error"]],
  ["router", "router", { status: "ACTIVE", external_gateway_info: null }, ["elsewhere mends"]],
  ["router", "router", { status: "ACTIVE", external_gateway_info: { network_id: "n1" } }, []],
])("%s: %s %j is %j", (name, listing, item, words) => {
  const seen = sight({ [listing]: [{ id: "5f0c", ...item }], pool: [] });
  expect(said(having(name), seen)).toEqual(words.map((one) => `${name} ${one}`));
});

test.each([
  ["port/worker-1", "port", "gone mends"],
  ["server/worker-1", "server", "gone mends"],
  ["server/control-plane-1", "server", "lost"],
  ["share/rwx", "share", "lost"],
  ["secret/pki", "secret", "lost"],
  ["secret/controllers", "secret", "gone mends"],
] as const)("%s that is not there is %s", (name, listing, words) => {
  expect(said(having(name), sight({ [listing]: [] }))).toEqual([`${name} ${words}`]);
});

test("what no service told of is neither well nor wrong", () => {
  const { findings, blind } = judge(having("port/worker-1"), sight({}));
  expect(findings).toEqual([]);
  expect(blind).toContain("port/worker-1");
  expect(blind).toContain("kubernetes-node");
});

test("a record that was written while the cloud was read, or is of another project, says nothing", () => {
  const none = { findings: [], blind: new Set(["*"]) };
  expect(judge(having("port/worker-1", {}, { movedMs: NOW_MS + 1 }), sight({ port: [] }))).toEqual(none);
  expect(judge(having("port/worker-1"), sight({ port: [] }, { projectId: "p2" }))).toEqual(none);
});

test("while it is worked on, what is changed is not told, and what was ready and is gone is", () => {
  const busy = { dueMs: NOW_MS };
  const router = having("router", {}, busy);
  expect(said(router, sight({ router: [{ id: "5f0c", status: "ACTIVE", external_gateway_info: null }] }))).toEqual([]);
  expect(said(having("port/worker-1", {}, busy), sight({ port: [] }))).toEqual(["port/worker-1 gone mends"]);
  expect(said(having("port/worker-1", { state: "pending" }, busy), sight({ port: [] }))).toEqual([]);
});

test("of a cluster that has stopped nothing is put right by itself, and what could not be made again is gone", () => {
  const stopped = { phase: "blocked" as const };
  expect(said(having("port/worker-1", {}, stopped), sight({ port: [] }))).toEqual(["port/worker-1 gone"]);
  const { id: _none, word: _left, ...lost } = step({ state: "gone" });
  const one = record({}, { ...stopped, steps: { "dns/api": lost } });
  expect(judge(one, sight({})).findings).toMatchObject([
    { about: "dns/api", symptom: "gone", facts: { fqdn: "api.dev.k8s.example.org." } },
  ]);
});

test("nodes: by what Kubernetes says of them, and not beside a server that is gone", () => {
  const steps = {
    "server/worker-1": step(),
    "kubernetes-node/worker-1": step({ id: "n1", facts: { in: "5f0c" } }),
    "kubernetes-node/worker-2": step({ id: "n2", facts: { in: "5f0d" } }),
  };
  const states = new Map([["kubernetes-node/worker-2", "NotReady"]]);
  const inside = { is: "told", states } as const;
  const one = record({}, { steps });
  expect(said(one, sight({ server: [] }, { inside }))).toEqual([
    "server/worker-1 gone mends",
    "kubernetes-node/worker-2 not-ready",
  ]);
  expect(said(one, sight({ server: [{ id: "5f0c", status: "ACTIVE" }] }, { inside }))).toEqual([
    "kubernetes-node/worker-1 not-ready",
    "kubernetes-node/worker-2 not-ready",
  ]);
  expect(said(one, sight({}, { inside: { is: "silent" } }))).toEqual(["kubernetes-api silent"]);
});

test("load balancers of Services are told of by the names that their controller gave them", () => {
  const lb = {
    id: "lb7",
    name: "kube_service_k7f3m2q9x1_default_shop",
    provider: "ovn",
    provisioning_status: "ACTIVE",
    tags: [],
  };
  const pool = { id: "pool7", members: [{ id: "m1" }, { id: "m2" }] };
  const members = {
    looked: { pool7: { updated: "", down: ["worker-1"], off: [] } },
    made: new Map([["k7f3m2q9x1", [lb]]]),
    pools: new Map([["lb7", [pool]]]),
  } as unknown as Sight["members"];
  const [found] = judge(
    record({}, { steps: {} }),
    sight({ "load-balancer": [lb], pool: [pool] }, { members }),
  ).findings;
  expect(found).toMatchObject({
    about: "service-balancer/lb7",
    symptom: "down",
    soft: true,
    facts: { name: lb.name, members: "worker-1", all: "" },
  });
});

test.each([
  ["a day before its time to live ends", { expiresMs: NOW_MS + 31 * DAY_MS }, 30 * DAY_MS + 1, ["end/ttl ending"]],
  ["two days before that", { expiresMs: NOW_MS + 31 * DAY_MS }, 29 * DAY_MS, []],
  ["a cluster for ten hours, two before its end", { expiresMs: NOW_MS + 36_000_000 }, 28_800_000, []],
  ["half an hour before", { expiresMs: NOW_MS + 36_000_000 }, 34_200_000, ["end/ttl ending"]],
  ["logins that nobody renewed", {}, 352 * DAY_MS, ["end/logins ending"]],
])("%s", (_when, over, afterMs, words) => {
  const one = record(over, { steps: {} });
  expect(said(one, sight({}, { nowMs: NOW_MS + afterMs, inside: { is: "told", states: new Map() } }))).toEqual(words);
});

describe("certificates of control planes", () => {
  const YEAR_DAYS = 365;
  const RENEWED = { count: 1, sinceMs: NOW_MS + 300 * DAY_MS };
  const of = (count: 1 | 3) =>
    record(
      { spec: { ...record().spec, controlPlane: { flavor: "m1.large", count } }, renewals: RENEWED },
      { steps: { "kubernetes-node/control-plane-1": step({ readyMs: NOW_MS }) } },
    );
  const told = { is: "told", states: new Map([["kubernetes-node/control-plane-1", "Ready"]]) } as const;
  const shows = (days: number) => ({ ...told, certificateEndMs: NOW_MS + days * DAY_MS });
  const silent = { is: "silent" } as const;
  const ends = (count: 1 | 3, day: number, inside?: Sight["inside"]) => {
    const { findings, blind } = judge(
      of(count),
      sight({}, { nowMs: NOW_MS + day * DAY_MS, ...(inside === undefined ? {} : { inside }) }),
    );
    const found = findings.find(({ about }) => about === "end/certificates");
    if (found === undefined) return blind.has("end/certificates") ? "as it was" : "nothing";
    const until = (Number(found.facts["untilMs"]) - NOW_MS) / DAY_MS;
    return `${found.symptom} ${until}${found.facts["over"] === "true" ? " over" : ""}`;
  };

  test.each<[string, 1 | 3, number, Sight["inside"], string]>([
    ["far from their end", 1, 330, told, "nothing"],
    ["a month before it", 1, 336, told, `ending ${YEAR_DAYS}`],
    ["where somebody has renewed them", 1, 336, shows(700), "nothing"],
    ["where what is shown ends sooner", 1, 336, shows(340), "ending 340"],
    ["when nobody could ask", 1, 336, undefined, "as it was"],
    ["when nobody answers", 1, 336, silent, "as it was"],
    ["when nobody answers once they have ended", 1, 366, silent, `ending ${YEAR_DAYS} over`],
    ["of several, where one shows a new one", 3, 336, shows(700), `ending ${YEAR_DAYS}`],
    ["of several, when nobody could ask", 3, 336, undefined, `ending ${YEAR_DAYS}`],
    ["of several, that answer after their end", 3, 366, shows(700), "nothing"],
    ["of several, whose new ones end", 3, 690, shows(700), "ending 700"],
    ["of several, that answer no more", 3, 366, silent, `ending ${YEAR_DAYS} over`],
  ])("%s", (_when, count, day, inside, words) => {
    expect(ends(count, day, inside)).toBe(words);
  });
});
