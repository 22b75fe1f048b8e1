import type { Block, SlackMessage } from "../../shared/ports/slack.ts";
import type { RecordTruth } from "../../shared/resources/dns-truth.ts";
import type { LbMember, LbTruth } from "../../shared/resources/load-balancer-truth.ts";
import { code, listed, message, plural, quote, section, small } from "./text.ts";

/** Octavia's operating states of a member, as on-call people mean them. */
const memberIsBad = (member: LbMember): boolean =>
  ["ERROR", "OFFLINE"].includes(member.operating) || member.provisioning === "ERROR";

/** The server of an API's member is called after the same cluster as its load balancer. */
const consoleOf = ({ name, members: [first] }: LbTruth): string =>
  code(`openstack console log show ${name.replace(/load-balancer-api$/, `server-${first?.name}`)}`);

const ALL_DOWN: Readonly<Record<LbTruth["role"], (lb: LbTruth) => string>> = {
  api: (lb) =>
    `No control plane answers, as is expected while it is created. Later ${consoleOf(lb)} shows how far its boot came.`,
  service: () => "All members are down: look whether the servers run and whether the Service's pods are ready.",
  ingress: () => "All members are down: look whether the servers run and whether the Ingress's pods are ready.",
};

/** What is wrong with one load balancer and what to do about it; empty when it is well. */
function lbTroubles(lb: LbTruth): readonly string[] {
  const down = lb.members.filter(memberIsBad);
  const found: string[] = [];
  if (lb.provisioning === "ERROR") {
    const failover = code(`openstack loadbalancer failover ${lb.id}`);
    found.push(`Octavia could not build or change it: an operator runs ${failover} or looks in Octavia's log.`);
  } else if (lb.provisioning.startsWith("PENDING_")) {
    found.push(
      `Octavia is working on it (${lb.provisioning}); it refuses changes until it has ended. Look again in a minute.`,
    );
  }
  if (lb.members.length === 0)
    found.push("It has no members, so it has nowhere to send traffic: look whether the servers exist.");
  else if (down.length === lb.members.length) {
    found.push(ALL_DOWN[lb.role](lb));
  } else if (down.length > 0) {
    found.push(
      `${down.map((m) => quote(m.name, 60)).join(", ")} down: traffic goes to the others. Look at what answers on its port.`,
    );
  }
  const silent = lb.members.filter((m) => m.operating === "NO_MONITOR");
  const blind = silent.filter((m) => !m.monitored).length;
  if (blind > 0 && lb.role === "api")
    found.push(`${plural(blind, "member")} without a health monitor: Octavia does not know whether they answer.`);
  if (silent.length > blind) {
    const amphorae = "an operator looks whether its amphorae send heartbeats";
    found.push(`Octavia's health monitor has not reported yet. If it stays so for minutes, ${amphorae}.`);
  }
  return found;
}

/** The cloud controller makes none on OVN, which is no trouble. */
const unmonitored = ({ role, members }: LbTruth): readonly string[] =>
  role === "service" && members.some((m) => m.operating === "NO_MONITOR" && !m.monitored)
    ? ["without a health monitor: Octavia does not know whether they answer"]
    : [];

function lbBlock(lb: LbTruth): Block {
  const address = lb.floatingIp === undefined ? lb.vip : `${lb.floatingIp} → ${lb.vip}`;
  const listeners = lb.listeners.map((l) => `listener ${l.protocol} ${l.port}: ${l.operating}, ${l.provisioning}`);
  const members = lb.members.map((m) => {
    const sign = memberIsBad(m) ? ":x:" : m.operating === "ONLINE" ? ":white_check_mark:" : ":white_circle:";
    return `${sign} ${quote(m.name, 80)} ${code(`${m.address}:${m.port}`)} ${m.operating}, ${m.provisioning}`;
  });
  const head = `*${quote(lb.name, 120)}* (${quote(lb.role, 60)}, ${quote(lb.provider, 20)}) ${code(address)}`;
  const troubles = lbTroubles(lb).map((one) => `:point_right: ${one}`);
  return section(
    listed(
      [
        head,
        `operating ${lb.operating}, provisioning ${lb.provisioning}`,
        ...troubles,
        ...listeners,
        ...members,
        ...unmonitored(lb),
      ],
      40,
    ),
  );
}

const BLOCKS_MAX = 40;

/** Without a name the question was about all clusters, and the person knows which one it is. */
const retryOf = (name = "NAME"): string => code(`/k8s retry ${name}`);

/** On-call's first question, its answer first. */
export function lbMessage(lbs: readonly LbTruth[], name?: string): SlackMessage {
  const of = name === undefined ? "This tenant" : `*${name}*`;
  if (lbs.length === 0) {
    return message(
      `:warning: ${of} has no load balancer in the cloud.`,
      section(`If the cluster is ready, it was deleted by hand: type ${retryOf(name)} to have it made again.`),
    );
  }
  const bad = lbs.filter((lb) => lbTroubles(lb).length > 0);
  const whose = name === undefined ? "this tenant" : of;
  const well =
    lbs.length === 1 ? `The load balancer of ${whose} is` : `All ${lbs.length} load balancers of ${whose} are`;
  const need = `${bad.length} of ${plural(lbs.length, "load balancer")} ${bad.length === 1 ? "needs" : "need"}`;
  const verdict = bad.length === 0 ? `:white_check_mark: ${well} well.` : `:warning: ${of}: ${need} a look.`;
  const sorted = [...bad, ...lbs.filter((lb) => !bad.includes(lb))];
  const cut = sorted.length > BLOCKS_MAX ? [small(`and ${sorted.length - BLOCKS_MAX} more`)] : [];
  return message(
    verdict,
    ...sorted.slice(0, BLOCKS_MAX).map(lbBlock),
    ...cut,
    small("read live from Octavia just now"),
  );
}

const DNS_WORDS: Readonly<Record<RecordTruth["verdict"], string>> = {
  right: ":white_check_mark: right",
  pending:
    ":hourglass_flowing_sand: on its way: Designate has it and its name servers do not yet. Look again in a minute.",
  missing: ":x: missing: it was deleted by hand, or never made.",
  wrong: ":x: points elsewhere: somebody changed it, or the address has moved.",
  error: ":x: Designate could not write it to its name servers: an operator looks in Designate's log.",
  foreign:
    ":x: belongs to somebody else: kinvirt does not touch it. Delete that record, or name the cluster differently.",
};

function dnsLine(record: RecordTruth): string {
  const wanted = record.wanted.join(", ");
  const actual = record.actual?.join(", ");
  const is =
    record.verdict === "right"
      ? code(wanted)
      : `wanted ${code(wanted)}, found ${actual === undefined ? "nothing" : code(actual)}`;
  const word = record.status === undefined ? "" : ` (${quote(record.status, 30)})`;
  return `${code(record.fqdn)} ${record.type} ${is}${word}\n      ${DNS_WORDS[record.verdict]}`;
}

export function dnsMessage(records: readonly RecordTruth[], name?: string): SlackMessage {
  const of = name === undefined ? "This tenant" : `*${name}*`;
  if (records.length === 0) return message(`:warning: ${of} has no DNS names yet: they come with its addresses.`);
  const whose = name === undefined ? "this tenant" : of;
  const well = records.length === 1 ? `The DNS name of ${whose} is` : `All ${records.length} DNS names of ${whose} are`;
  const bad = records.filter((record) => record.verdict !== "right");
  const verdict =
    bad.length === 0
      ? `:white_check_mark: ${well} right.`
      : `:warning: ${of}: ${bad.length} of ${plural(records.length, "DNS name")} ${bad.length === 1 ? "is" : "are"} not right.`;
  const sorted = [...bad, ...records.filter((record) => record.verdict === "right")];
  const mendable = bad.some((record) => record.verdict === "missing" || record.verdict === "wrong");
  return message(
    verdict,
    ...(mendable ? [section(`To have them put right, type ${retryOf(name)}.`)] : []),
    section(listed(sorted.map(dnsLine), 20)),
    small("read live from Designate just now"),
  );
}
