import { API_STEP, apiHost, apiName, appsName } from "../../../shared/cluster/names.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import { kindOf } from "../../views/words.ts";
import { type Case, CHECKS, isIrreplaceable, type Wrong } from "./checks.ts";
import { endings } from "./endings.ts";
import type { Finding, Judged } from "./finding.ts";
import { isListing, type Listing, type Look, listedAs } from "./look.ts";
import { type Members, membersWrong } from "./members.ts";

/** What Kubernetes says of a cluster's nodes, by their names; `silent`: nobody answered. */
export type Inside =
  | { readonly is: "silent" }
  | {
      readonly is: "told";
      readonly states: ReadonlyMap<string, string>;
      /** When the certificate ends that its API server shows. Absent: nobody looked. */
      readonly certificateEndMs?: number;
    };

export interface Sight {
  readonly look: Look;
  readonly members: Members;
  /** Undefined: it was not asked. */
  readonly inside?: Inside;
  readonly projectId: string;
  readonly startedMs: number;
  readonly nowMs: number;
}

/** What of the record can be looked at: a step that is there, or was. */
const stepsOf = ({ status }: ClusterRecord) =>
  Object.entries(status.steps).filter(
    ([, { id, state }]) => id !== undefined && !["gone", "leaving", "intended"].includes(state),
  );

/**
 * What is being made or removed just now, and what was removed and could not be made again. What has served its purpose has a
 * word in its record.
 */
const awayOf = ({ status }: ClusterRecord) =>
  Object.entries(status.steps).flatMap(([step, { state, word }]) =>
    isListing(kindOf(step)) && ["gone", "leaving", "intended"].includes(state) && word === undefined ? [step] : [],
  );

/** The listings that a record is compared with. */
export function listingsFor(record: ClusterRecord): ReadonlySet<Listing> {
  const listings = stepsOf(record).flatMap(([step, status]) => listedAs(step, status)?.listing ?? []);
  return new Set([...listings, ...(listings.includes("load-balancer") ? (["pool"] as const) : [])]);
}

/** Somebody works on it: what is not as it should be may be so because of that. */
const isBusy = ({ status }: ClusterRecord, nowMs: number): boolean =>
  status.dueMs !== undefined || (status.lease?.untilMs ?? 0) > nowMs;

/** What the record says that there should be, against what there is. Pure. */
export function judge(record: ClusterRecord, sight: Sight): Judged {
  const findings: Finding[] = [];
  const blind = new Set<string>();
  const busy = isBusy(record, sight.nowMs);
  const say = (about: string, wrong: Wrong | undefined | "blind"): void => {
    if (wrong === undefined) return;
    // What is being put right is neither wrong anew nor right yet; what was ready and is gone is no work of ours.
    const sure = wrong !== "blind" && wrong.symptom === "gone" && record.status.steps[about]?.state === "ready";
    if (wrong === "blind" || (busy && wrong.mends === true && !sure)) return void blind.add(about);
    const { facts = {}, mends = false, cause = `${kindOf(about)} ${wrong.symptom}` } = wrong;
    findings.push({ ...wrong, about, facts, mends: mends && record.status.phase === "ready", cause });
  };
  // It was written while the cloud was read, so the two are not of one moment.
  if ((record.status.movedMs ?? 0) > sight.startedMs || record.resolved?.projectId !== sight.projectId)
    return { findings, blind: new Set(["*"]) };
  for (const [step, status] of stepsOf(record)) {
    const where = listedAs(step, status);
    if (where !== undefined) say(step, checked({ record, step, status, look: sight.look }, where));
  }
  for (const step of awayOf(record))
    say(step, busy || record.status.phase !== "blocked" ? "blind" : missing(record, step));
  for (const [about, wrong] of membersWrong(record, sight.look, sight.members)) {
    if (!findings.some((one) => one.about === about)) say(about, wrong);
  }
  // A node without its server or its port is not a trouble of its own.
  const without = (about: string) => (one: Finding) =>
    ["server", "port"].some((kind) => about.replace(/^[^/]+/, kind) === one.about);
  for (const [about, wrong] of insideWrong(record, sight.inside))
    say(about, findings.some(without(about)) ? "blind" : wrong);
  for (const [about, wrong] of endings(record, sight.nowMs, sight.inside)) say(about, wrong);
  return { findings, blind };
}

function checked(at: Case, { listing, id }: NonNullable<ReturnType<typeof listedAs>>): Wrong | undefined | "blind" {
  const all = at.look.of(listing);
  if (all === undefined) return "blind";
  const item = all.get(id);
  const check = CHECKS[listing] as ((item: unknown, at: Case) => Wrong | undefined) | undefined;
  if (item !== undefined) return check?.(item, at);
  return missing(at.record, at.step);
}

function missing({ spec, resolved, status }: ClusterRecord, step: string): Wrong {
  const lost = isIrreplaceable(step);
  const { id, facts: { address } = {} } = status.steps[step] ?? {};
  const zone = resolved?.zone.name ?? "";
  const fqdn = { "dns/api": apiName(spec, zone), "dns/apps": appsName(spec, zone) }[step];
  const known = Object.entries({ id, address, fqdn }).flatMap(([key, one]) =>
    one === undefined ? [] : [[key, one] as const],
  );
  return { symptom: lost ? "lost" : "gone", mends: !lost, facts: Object.fromEntries(known) };
}

function* insideWrong(
  { spec, resolved, status }: ClusterRecord,
  inside: Inside | undefined,
): Generator<readonly [string, Wrong | "blind"]> {
  if (inside?.is !== "told") yield ["kubernetes-node", "blind"];
  if (inside === undefined) yield [API_STEP, "blind"];
  if (inside?.is === "silent") {
    const facts = { host: apiHost(spec, resolved?.zone.name ?? "") };
    yield [API_STEP, { symptom: "silent", soft: true, facts }];
  }
  if (inside?.is !== "told") return;
  for (const [step, { facts }] of Object.entries(status.steps)) {
    if (kindOf(step) !== "kubernetes-node" || facts["in"] === undefined) continue;
    const state = inside.states.get(step) ?? "not in the cluster";
    if (state !== "Ready") yield [step, { symptom: "not-ready", soft: true, facts: { state } }];
  }
}
