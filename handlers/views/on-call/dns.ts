import type { Block, SlackMessage } from "../../../shared/ports/slack.ts";
import type { Answering, Lookup, RecordTruth } from "../../../shared/resources/dns-truth.ts";
import { bullets, code, listed, message, plural, quote, section, small } from "../text.ts";
import { dnsFindings, lookupLine, type NamesOf, type ServedZone } from "./dns-findings.ts";
import { findingLine, going, verdictOf, worstFirst } from "./finding.ts";

const WORDS: Readonly<Record<RecordTruth["verdict"], string>> = {
  right: ":white_check_mark: right",
  pending: ":hourglass_flowing_sand: on its way",
  missing: ":x: missing",
  wrong: ":x: points elsewhere",
  error: ":x: in error",
  foreign: ":x: somebody else's",
};

function recordLine(record: RecordTruth): string {
  const wanted = record.wanted.join(", ");
  const actual = record.actual?.join(", ");
  const is =
    record.verdict === "right"
      ? code(wanted)
      : `wanted ${code(wanted)}, found ${actual === undefined ? "nothing" : code(actual)}`;
  const word = record.status === undefined ? "" : ` (${quote(record.status, 30)})`;
  return `${WORDS[record.verdict]}: ${code(record.fqdn)} ${record.type} ${is}${word}`;
}

const serverLine = ({ server, serial, why }: ServedZone): string =>
  `${code(server)} ${serial === undefined ? `says nothing: ${quote(why ?? "no answer", 80)}` : `has serial ${serial}`}`;

function zoneLines({ zone, zoneName, servers }: NamesOf): readonly string[] {
  if (zone === undefined) return [`*Zone* ${code(zoneName)} is gone`];
  const serial = zone.serial === undefined ? "" : `, serial ${zone.serial}`;
  return [`*Zone* ${code(zone.name)} ${quote(zone.status, 30)}${serial}`, ...servers.map(serverLine)];
}

/** Nobody was asked: for people that is another thing than nobody answered. */
const looked = (lookups: readonly Lookup[]): string =>
  lookups.length === 0
    ? "Names were not looked up: no name server of the zone is known"
    : lookups.every(({ verdict }) => verdict === "silent")
      ? "No name server of the zone answered from here: `nameServers` in the configuration names one that does"
      : `Asked of ${plural(new Set(lookups.map(({ server }) => server)).size, "name server")} without a cache`;

function clusterBlocks(of: NamesOf, alone: boolean): readonly Block[] {
  const head = alone ? [] : [`*${of.cluster}*`];
  const records = [...of.records].sort((a, b) => Number(a.verdict === "right") - Number(b.verdict === "right"));
  const external = of.external.map(({ name, state }) => `${code(name)} ${quote(state, 30)}`);
  return [
    section(listed([...head, ...records.map(recordLine), ...(alone ? [] : of.lookups.map(lookupLine))], 20)),
    ...(alone && of.lookups.length > 0 ? [section(`*Looked up*\n${listed(of.lookups.map(lookupLine), 20)}`)] : []),
    ...(alone ? [section(listed(zoneLines(of), 12))] : []),
    ...(external.length === 0 ? [] : [section(`*Made by ExternalDNS*\n${bullets(external, 20)}`)]),
  ];
}

const BLOCKS_MAX = 36;

/** What the names of one cluster, or of all of a tenant's, should be and are. */
export function dnsMessage(all: readonly NamesOf[], name?: string): SlackMessage {
  const of = name === undefined ? "This team" : `*${name}*`;
  const count = all.reduce((sum, one) => sum + one.records.length, 0);
  const leaving = name === undefined ? undefined : all.find(({ stage }) => stage === "leaving");
  if (count === 0 && leaving !== undefined) return message(`:white_check_mark: ${going(leaving.cluster)}`);
  if (count === 0) return message(`:hourglass_flowing_sand: ${of} has no DNS names yet: they come with its addresses.`);
  const whose = name === undefined ? "this team" : of;
  const well = count === 1 ? `The DNS name of ${whose} is` : `All ${count} DNS names of ${whose} are`;
  const found = worstFirst(all.flatMap(dnsFindings));
  const unwell = all.filter((one) => dnsFindings(one).length > 0);
  const sorted = [...unwell, ...all.filter((one) => !unwell.includes(one))];
  const blocks = sorted.flatMap((one) => clusterBlocks(one, name !== undefined));
  const more = code("/k8s dns NAME");
  return message(
    verdictOf(of, found, leaving === undefined ? `${well} right.` : going(leaving.cluster)),
    ...(found.length === 0 ? [] : [section(listed(found.map(findingLine), 20))]),
    ...blocks.slice(0, BLOCKS_MAX),
    ...(blocks.length > BLOCKS_MAX ? [small(`There are more clusters: ${more} tells about one`)] : []),
    small(looked(all.flatMap(({ lookups }) => lookups))),
  );
}

export interface OneName {
  readonly fqdn: string;
  readonly cluster: string;
  /** What Designate has that answers for it. */
  readonly answering: readonly Answering[];
  readonly lookups: readonly Lookup[];
}

/** One name: what answers for it, and what is answered. */
export function nameMessage({ fqdn, cluster, answering, lookups }: OneName): SlackMessage {
  const asked = code(fqdn, 260);
  const bad = lookups.filter(({ verdict }) => verdict !== "right" && verdict !== "silent");
  const lines = answering.map(({ fqdn: name, type, records, status }) => {
    const by = name === fqdn ? "" : ` by ${code(name)}`;
    return `${quote(type, 20)}${by} ${code(records.join(", "))} (${quote(status, 30)})`;
  });
  if (answering.length === 0) {
    const known = code(`/k8s dns ${cluster}`);
    return message(
      `:warning: ${asked} is not there: no record of it and no wildcard above it.`,
      section(`The names that *${cluster}* should have: ${known}. Others come with a Service or an Ingress.`),
      ...(lookups.length === 0 ? [] : [section(`*Looked up*\n${listed(lookups.map(lookupLine), 20)}`)]),
    );
  }
  const silent = lookups.every(({ verdict }) => verdict === "silent");
  const verdict =
    bad.length > 0
      ? `:warning: ${asked}: ${plural(bad.length, "answer")} ${bad.length === 1 ? "is" : "are"} not what Designate has.`
      : silent
        ? `:white_circle: ${asked} is in Designate; no name server answered from here.`
        : `:white_check_mark: ${asked} is answered as it should be.`;
  return message(
    verdict,
    section(`*In Designate*\n${listed(lines, 20)}`),
    ...(lookups.length === 0 ? [] : [section(`*Looked up*\n${listed(lookups.map(lookupLine), 20)}`)]),
    small(looked(lookups)),
  );
}
