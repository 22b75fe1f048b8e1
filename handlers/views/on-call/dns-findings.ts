import type { Lookup, RecordTruth, ZoneTruth } from "../../../shared/resources/dns-truth.ts";
import { code, quote } from "../text.ts";
import type { Finding, Stage } from "./finding.ts";

/** What one name server says of a zone. Absent: it said none. */
export interface ServedZone {
  readonly server: string;
  readonly serial?: number;
  /** Why it said none. */
  readonly why?: string;
}

/** The names of one cluster, as Designate has them and as its name servers answer. */
export interface NamesOf {
  readonly cluster: string;
  readonly stage: Stage;
  readonly records: readonly RecordTruth[];
  /** Undefined: the zone is gone. */
  readonly zone: ZoneTruth | undefined;
  readonly zoneName: string;
  readonly servers: readonly ServedZone[];
  readonly lookups: readonly Lookup[];
  /** Records that its ExternalDNS made: `A shop.apps.dev.k8s.example.org.` and Designate's word. */
  readonly external: readonly { readonly name: string; readonly state: string }[];
}

const RECORDS: Readonly<Record<Exclude<RecordTruth["verdict"], "right">, readonly [Finding["grade"], string]>> = {
  pending: ["look", "On its way: Designate has it and its name servers do not yet. Look again in a minute."],
  missing: ["bad", "Missing: it was deleted by hand, or never made."],
  wrong: ["bad", "Points elsewhere: somebody changed it, or the address has moved."],
  error: ["bad", "Designate could not write it to its name servers: an operator looks in Designate's log."],
  foreign: [
    "bad",
    "Belongs to somebody else: kinvirt does not touch it. Delete that record, or name the cluster differently.",
  ],
};

function recordFinding({ cluster, stage }: NamesOf, { fqdn, type, verdict }: RecordTruth): readonly Finding[] {
  if (verdict === "right") return [];
  if (verdict === "missing" && stage === "coming")
    return [{ grade: "look", of: `${code(fqdn)} ${type}`, says: "It is not there yet." }];
  const [grade, says] = RECORDS[verdict];
  const mend = verdict === "missing" || verdict === "wrong" ? ` ${code(`/k8s retry ${cluster}`)} puts it right.` : "";
  return [{ grade, of: `${code(fqdn)} ${type}`, says: says + mend }];
}

function zoneFindings({ zone, zoneName, servers }: NamesOf): readonly Finding[] {
  const of = `zone ${code(zoneName)}`;
  if (zone === undefined)
    return [{ grade: "bad", of, says: "It is gone from Designate: an operator has to make it again." }];
  if (zone.status === "ERROR") {
    const says = "Designate could not write it to its name servers: an operator looks in Designate's log.";
    return [{ grade: "bad", of, says }];
  }
  const behind = servers.filter((one) => one.serial !== undefined && one.serial < (zone.serial ?? 0));
  const late = behind.map((one) => code(one.server)).join(", ");
  const have = behind.length === 1 ? "has" : "have";
  const lag = `${late} still ${have} an older copy of it (serial ${behind[0]?.serial}, not ${zone.serial}).`;
  return behind.length === 0
    ? []
    : [{ grade: "look", of, says: `${lag} If it stays so for minutes, an operator looks at its transfer.` }];
}

const SAID: Readonly<Record<Exclude<Lookup["verdict"], "right" | "silent">, string>> = {
  wrong: "answers something else",
  unknown: "says that there is no such name (NXDOMAIN)",
  empty: "has the name, but no record of this type",
  refused: "refuses to answer for it (REFUSED)",
};

/** A name server that is behind has a finding of its own; of one that nobody reaches from here, nothing is known. */
function lookupFinding(of: NamesOf, one: Lookup): readonly Finding[] {
  const { verdict } = one;
  if (verdict === "right" || verdict === "silent") return [];
  // Reverse zones may be delegated elsewhere, which is no fault.
  if (one.type === "PTR" && verdict === "refused") return [];
  const record = of.records.find(({ fqdn, type }) => fqdn === one.fqdn && type === one.type);
  if (record !== undefined && record.verdict !== "right") return [];
  const found =
    verdict === "wrong"
      ? ` (${one.records
          .slice(0, 4)
          .map((text) => code(text, 80))
          .join(", ")})`
      : "";
  const so = `the name server ${code(one.server)} ${SAID[verdict]}${found}, though Designate has the right record.`;
  const grade = of.zone?.status === "PENDING" ? "look" : "bad";
  const next = "Look again in a minute; if it stays so, an operator looks at the zone on that server.";
  return [{ grade, of: `${code(one.asked)} ${one.type}`, says: `${so.replace(/^t/, "T")} ${next}` }];
}

const externalFinding = ({ name, state }: NamesOf["external"][number]): readonly Finding[] =>
  state === "ERROR"
    ? [
        {
          grade: "bad",
          of: `ExternalDNS' record ${code(name)}`,
          says: "Designate could not write it to its name servers: an operator looks in Designate's log.",
        },
      ]
    : [];

export function dnsFindings(of: NamesOf): readonly Finding[] {
  // Without a name nobody has looked at its zone.
  if (of.stage === "leaving" || of.records.length === 0) return [];
  return [
    ...zoneFindings(of),
    ...of.records.flatMap((one) => recordFinding(of, one)),
    ...of.lookups.flatMap((one) => lookupFinding(of, one)),
    ...of.external.flatMap(externalFinding),
  ];
}

/** `192.0.2.53` answers right; who was silent is said, because that is no proof of anything. */
export function lookupLine(one: Lookup): string {
  const asked = `${code(one.server)}: ${code(one.asked)} ${one.type}`;
  if (one.verdict === "right") return `:white_check_mark: ${asked} right, ${code(one.records.join(", "), 120)}`;
  if (one.verdict === "silent") return `:white_circle: ${asked} not known: ${quote(one.why ?? "no answer", 80)}`;
  const found = one.records.length === 0 ? "" : `: ${code(one.records.join(", "), 120)}`;
  return `:x: ${asked} ${SAID[one.verdict]}${found}`;
}
