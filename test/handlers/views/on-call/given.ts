import { answered, nextAbout } from "../../../../handlers/views/on-call/buttons.ts";
import { dnsMessage, nameMessage } from "../../../../handlers/views/on-call/dns.ts";
import type { NamesOf } from "../../../../handlers/views/on-call/dns-findings.ts";
import { eventsMessage } from "../../../../handlers/views/on-call/events.ts";
import { type KeysOf, kmsMessage } from "../../../../handlers/views/on-call/kms.ts";
import { lbMessage, oneLbMessage } from "../../../../handlers/views/on-call/lb.ts";
import type { LbsOf, LbWanted } from "../../../../handlers/views/on-call/lb-findings.ts";
import { type NodesOf, nodesMessage } from "../../../../handlers/views/on-call/nodes.ts";
import { type StorageOf, storageMessage } from "../../../../handlers/views/on-call/storage.ts";
import { verdictMessage } from "../../../../handlers/views/on-call/verdict.ts";
import type { ClusterRecord } from "../../../../shared/cluster/record.ts";
import type { SlackMessage } from "../../../../shared/ports/slack.ts";
import type { Lookup, RecordTruth } from "../../../../shared/resources/dns-truth.ts";
import type { KeyTruth } from "../../../../shared/resources/key-truth.ts";
import type { LbMember, LbTruth } from "../../../../shared/resources/load-balancer-truth.ts";
import type { MemberTruth, NodeTruth, ServerTruth } from "../../../../shared/resources/node-truth.ts";
import type { ShareTruth } from "../../../../shared/resources/storage-truth.ts";
import { NOW_MS } from "../../given.ts";

export const member = (name: string, operating: string, over: Partial<LbMember> = {}): LbMember => ({
  id: `member-${name}`,
  name,
  address: "10.20.0.11",
  port: 6443,
  pool: "pool-1",
  operating,
  provisioning: "ACTIVE",
  monitored: true,
  ...over,
});

const well = { provisioning: "ACTIVE", operating: "ONLINE" };

export const lb = (over: Partial<LbTruth> = {}): LbTruth => ({
  id: "lb-1",
  name: "dev-k7f3m2q9x1-load-balancer-api",
  role: "api",
  of: ["api"],
  provider: "ovn",
  vip: "10.20.0.9",
  floatingIp: "203.0.113.68",
  ...well,
  listeners: [{ protocol: "TCP", port: 6443, ...well }],
  pools: [{ id: "pool-1", name: "dev-pool", monitor: "TCP", members: 1, ...well }],
  members: [member("control-plane-1", "ONLINE")],
  ...over,
});

/** A load balancer of a Service. */
export const serviceLb = (over: Partial<LbTruth> = {}): LbTruth =>
  lb({ id: "lb-2", name: "kube_service_k7f3m2q9x1_default_shop", role: "service", of: ["default/shop"], ...over });

const WANTED: LbWanted = {
  floatingIp: "203.0.113.68",
  made: true,
  members: [{ name: "control-plane-1", address: "10.20.0.11" }],
  services: [],
};

export const lbsOf = (
  lbs: readonly LbTruth[],
  wanted: Partial<LbWanted> = {},
  stage: LbsOf["stage"] = "there",
): LbsOf => ({ cluster: "dev", stage, wanted: { ...WANTED, ...wanted }, lbs });

export const dns = (over: Partial<RecordTruth> = {}): RecordTruth => ({
  fqdn: "api.dev.k8s.example.org.",
  type: "A",
  wanted: ["203.0.113.68"],
  actual: ["203.0.113.68"],
  status: "ACTIVE",
  verdict: "right",
  ...over,
});

export const lookup = (over: Partial<Lookup> = {}): Lookup => ({
  server: "192.0.2.53",
  asked: "api.dev.k8s.example.org.",
  fqdn: "api.dev.k8s.example.org.",
  type: "A",
  verdict: "right",
  records: ["203.0.113.68"],
  ...over,
});

export const namesOf = (over: Partial<NamesOf> = {}): NamesOf => ({
  cluster: "dev",
  stage: "there",
  zoneName: "k8s.example.org.",
  zone: { name: "k8s.example.org.", status: "ACTIVE", serial: 7, nameServers: ["ns1.example.org"] },
  records: [dns()],
  servers: [{ server: "192.0.2.53", serial: 7 }],
  lookups: [lookup()],
  external: [],
  ...over,
});

export const server = (over: Partial<ServerTruth> = {}): ServerTruth => ({
  id: "s1",
  status: "ACTIVE",
  flavor: "m1.large",
  addresses: ["10.20.0.12"],
  createdAt: "2026-01-01T11:00:00Z",
  ...over,
});

export const node = (over: Partial<NodeTruth> = {}): NodeTruth => ({
  name: "dev-k7f3m2q9x1-server-worker-1",
  ready: "True",
  since: "2026-01-01T11:05:00Z",
  kubelet: "v1.36.4",
  addresses: ["10.20.0.12"],
  cordoned: false,
  serverId: "s1",
  pressures: [],
  conditions: [],
  ...over,
});

export const worker = (over: Partial<MemberTruth> = {}): MemberTruth => ({
  name: "worker-1",
  wanted: true,
  server: server(),
  node: node(),
  ...over,
});

export const nodesOf = (members: readonly MemberTruth[], over: Partial<NodesOf> = {}): NodesOf => ({
  cluster: "dev",
  stage: "there",
  version: "1.36",
  truth: { members, answered: true },
  failing: [],
  holds: [],
  underWay: [],
  ...over,
});

export const keyTruth = (over: Partial<KeyTruth> = {}): KeyTruth => ({
  step: "secret/pki",
  made: true,
  id: "b1",
  status: "ACTIVE",
  shared: false,
  ...over,
});

export const keysOf = (keys: readonly KeyTruth[], over: Partial<KeysOf> = {}): KeysOf => ({
  cluster: "dev",
  stage: "there",
  keys,
  failing: [],
  nowMs: NOW_MS,
  ...over,
});

export const share = (over: Partial<ShareTruth> = {}): ShareTruth => ({
  id: "share-1",
  status: "available",
  gib: 94,
  protocol: "NFS",
  exports: ["10.254.0.5:/shares/share-1"],
  rules: [{ id: "rule-1", to: "10.20.0.0/24", level: "rw", state: "active" }],
  messages: [],
  ...over,
});

export const storageOf = (shares: readonly ShareTruth[], over: Partial<StorageOf> = {}): StorageOf => ({
  cluster: "dev",
  stage: "there",
  gib: 94,
  made: true,
  cidr: "10.20.0.0/24",
  truth: { shares, networks: [], claims: [], quota: [] },
  pending: [],
  ...over,
});

/** Every answer to people on call, with these words in all that others may fill. */
export function shownToOnCall(
  long: string,
  many: <T>(make: (at: number) => T) => T[],
  record: ClusterRecord,
): readonly (readonly [string, SlackMessage])[] {
  const states = { operating: long, provisioning: long };
  const lost = lb({
    ...states,
    name: long,
    provider: long,
    of: many(() => long),
    members: many(() => member(long, "ERROR")).concat(member("m", long, states)),
    listeners: many(() => ({ ...states, protocol: long, port: 1 })),
    pools: many((at) => ({ ...states, id: `pool-${at}`, name: long, monitor: long, members: 1 })),
  });
  const small = lb({ name: long, provider: long, members: [member(long, "ERROR"), member(long, "NO_MONITOR")] });
  const names = namesOf({
    records: many(() => dns({ fqdn: long, actual: [long, long], status: long, verdict: "wrong" })),
    lookups: many(() => lookup({ server: long, asked: long, verdict: "silent", why: long })),
    servers: many(() => ({ server: long, why: long })),
    external: many(() => ({ name: long, state: "ERROR" })),
  });
  const silent = worker({
    name: long,
    server: server({ status: "ERROR", fault: long, task: long }),
    node: node({ ready: "False", reason: long, message: long, pressures: [long] }),
    lastLines: many(() => long).slice(0, 8),
  });
  const few = namesOf({ ...names, records: names.records.slice(0, 2), lookups: [], servers: [], external: [] });
  const bad = many(() => ({ grade: "bad" as const, of: "a thing", says: "It is not well." }));
  const areas = [{ name: "Nodes", what: "nodes", findings: bad }];
  const asked = { what: "lb", name: "dev", id: "k7f3m2q9x1", only: long.slice(0, 300) } as const;
  const next = nextAbout(record, "nodes", "events", "lb");
  const foot = { asked, nowMs: NOW_MS };
  const answer = { ...lbMessage([lbsOf([lb()])], "dev"), next, mends: record };
  return [
    ["no load balancer", lbMessage([lbsOf([])], "dev")],
    ["no load balancer yet", lbMessage([lbsOf([], { made: false }, "coming")], "dev")],
    ["load balancers", lbMessage(many(() => lbsOf([small], { services: ["default/shop"] })))],
    ["load balancers that are well", lbMessage([lbsOf(many(() => lb()).concat(lb()))], "dev")],
    ["one load balancer", oneLbMessage(lost, lbsOf([lost]))],
    ["one that is worked on", oneLbMessage(lb({ provisioning: `PENDING_${long}` }), lbsOf([]))],
    ["no DNS names", dnsMessage([])],
    ["DNS names", dnsMessage([names], "dev")],
    ["DNS names of all", dnsMessage(many(() => few).concat(few))],
    ["DNS names that are right", dnsMessage([namesOf()])],
    [
      "one DNS name",
      nameMessage({
        fqdn: long.slice(0, 250),
        cluster: "dev",
        answering: many(() => ({ fqdn: long, type: long, records: [long], status: long })),
        lookups: names.lookups,
      }),
    ],
    ["nodes", nodesMessage(nodesOf(many(() => silent)))],
    ["nodes that are Ready", nodesMessage(nodesOf([worker()]))],
    ["nodes of an API that is silent", nodesMessage(nodesOf([worker()], { truth: { members: [], answered: false } }))],
    ["keys", kmsMessage(keysOf(many(() => keyTruth({ id: long, fault: long, status: long }))))],
    ["keys that are well", kmsMessage(keysOf([keyTruth()]))],
    [
      "storage",
      storageMessage(
        storageOf(
          many(() => share({ id: long, status: "error", messages: [long], exports: [long, long] })),
          { pending: many(() => ({ name: "default/data", className: long })) },
        ),
      ),
    ],
    ["storage that is well", storageMessage(storageOf([share()]))],
    ["events", eventsMessage(record, NOW_MS)],
    ["summary", verdictMessage(record, areas, NOW_MS)],
    ["an answer with its buttons", answered(answer, foot)],
    ["an answer for everybody", answered(answer, { ...foot, poster: "U0ONCALL" })],
  ];
}
