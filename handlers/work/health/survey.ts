import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { OpenStackError } from "../../../shared/openstack/errors.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { attempt } from "../../../shared/reconcile/observe.ts";
import { type Alert, type Looked, lookedOf } from "../../../shared/state/alerts.ts";
import { clusters } from "../../../shared/state/index.ts";
import { unreadable } from "../../records.ts";
import { kindOf } from "../../views/words.ts";
import type { Judged } from "./finding.ts";
import type { Found } from "./fold.ts";
import { inTurn } from "./in-turn.ts";
import { askInside } from "./inside.ts";
import { judge, listingsFor } from "./judge.ts";
import { type Looking, looking } from "./look.ts";
import { lookAtMembers, type Members } from "./members.ts";
import { proven } from "./proof.ts";
import { quotaWrong } from "./quota.ts";

/** API servers that are asked side by side. */
const AT_A_TIME = 32;

export interface Survey {
  readonly found: readonly Found[];
  /** What was said stays so, because nobody could look. */
  isBlind(alert: Alert): boolean;
  /** Its cluster is going or has gone. */
  isMoot(alert: Alert): boolean;
}

/** Of clusters: what is not known of each; `going` where nothing matters any more. */
type Known = Map<string, Judged["blind"] | "going">;

const EVERYTHING: ReadonlySet<string> = new Set(["*"]);
const isLookedAt = ({ wish, status }: ClusterRecord): boolean =>
  wish === "present" && (status.phase === "ready" || status.phase === "blocked");

function answered({
  found,
  known,
  cloudBlind,
}: {
  found: readonly Found[];
  known: Known;
  cloudBlind: boolean;
}): Survey {
  return {
    found,
    isMoot: ({ cluster }) => cluster !== undefined && (known.get(cluster.id) ?? "going") === "going",
    isBlind({ cluster, about }) {
      const blind = cluster === undefined ? undefined : known.get(cluster.id);
      // What the cloud does not say is what this one is about.
      if (cluster === undefined) return about !== "cloud" && cloudBlind;
      return blind !== undefined && blind !== "going" && ["*", about, kindOf(about)].some((one) => blind.has(one));
    },
  };
}

const unseen = (troubles: readonly OpenStackError[]): Found => ({
  finding: {
    about: "cloud",
    symptom: "unseen",
    soft: true,
    facts: {
      services: troubles.map(({ detail }) => detail.service).join(", "),
      fault: troubles[0]?.detail.fault ?? "",
      ...(troubles[0]?.detail.requestId === undefined ? {} : { requestId: troubles[0].detail.requestId }),
    },
    mends: false,
    cause: "cloud unseen",
  },
});

/** Someone else's project: what is not in it is not gone. */
const strange = (project: string): Found => ({
  finding: {
    about: "cloud",
    symptom: "unseen",
    facts: { project },
    mends: false,
    cause: "cloud unseen",
  },
});

/** One look at all that a tenant has: its listings once, its records as they come, and each cluster's API. Reads only. */
export async function survey(deps: Deps, tenant: string): Promise<Survey> {
  const known: Known = new Map();
  const all = clusters(deps.store).list(`${tenant}/`, unreadable(deps), { mayLag: true });
  const cloud = deps.cloudOf(tenant);
  const look = await attempt(looking(cloud, deps.clock.nowMs()));
  if (look instanceof OpenStackError) {
    let seen = false;
    for await (const record of all) {
      seen ||= isLookedAt(record);
      known.set(record.id, record.wish === "absent" ? "going" : EVERYTHING);
    }
    return answered({ found: seen ? [unseen([look])] : [], known, cloudBlind: true });
  }
  const at = gathering(deps, cloud, tenant, look);
  await inTurn(all, AT_A_TIME, async (record) => {
    if (!isLookedAt(record)) known.set(record.id, record.wish === "absent" ? "going" : EVERYTHING);
    else known.set(record.id, await at.one(record));
  });
  return at.end(known);
}

/** What is gathered on the way: each record as it comes, then what is of the whole. */
function gathering(deps: Deps, cloud: Cloud, tenant: string, look: Looking) {
  const claims: (Found & { readonly record: ClusterRecord })[] = [];
  let members: Promise<Members> | undefined;
  let sample: ClusterRecord | undefined;
  let strangers: string | undefined;

  async function judged(record: ClusterRecord): Promise<Judged["blind"]> {
    await look.want(listingsFor(record));
    members ??= lookedAtMembers(deps, cloud, tenant, look);
    const [known, inside] = await Promise.all([members, askInside(deps, record)]);
    const { projectId, startedMs } = look;
    const seen = { look, members: known, projectId, startedMs, nowMs: deps.clock.nowMs() };
    const { findings, blind } = judge(record, inside === undefined ? seen : { ...seen, inside });
    const cluster = { id: record.id, name: record.spec.name };
    for (const finding of findings) claims.push({ cluster, finding, record });
    return blind;
  }

  return {
    /** What is not known of it. One that can't be looked at costs the others nothing. */
    async one(record: ClusterRecord): Promise<Judged["blind"]> {
      if (record.resolved !== undefined && record.resolved.projectId !== look.projectId) {
        strangers = record.resolved.projectId;
        return EVERYTHING;
      }
      sample ??= record;
      return judged(record).catch((error: unknown) => {
        deps.log.error("health.cluster", { cluster: record.id, error: String(error) });
        return EVERYTHING;
      });
    },
    async end(known: Known): Promise<Survey> {
      const { found, doubted } = await proven(deps, cloud, claims);
      for (const { record, finding } of doubted) {
        const blind = known.get(record.id);
        if (blind !== undefined && blind !== "going") known.set(record.id, new Set([...blind, finding.about]));
      }
      const quota = await quotaWrong(cloud, sample?.resolved);
      const troubles = [...look.troubles.values()];
      const whole: readonly Found[] = [
        ...(troubles.length > 0 ? [unseen(troubles)] : []),
        ...(strangers === undefined ? [] : [strange(strangers)]),
        ...(quota === undefined || quota === "blind"
          ? []
          : [{ finding: { about: "quota", facts: {}, mends: false, cause: "quota", ...quota } }]),
      ];
      const cloudBlind = troubles.length > 0 || strangers !== undefined || quota === "blind";
      return answered({ found: [...found, ...whole], known, cloudBlind });
    },
  };
}

/** What was seen of members is kept, so that the next look asks for what has changed since. */
async function lookedAtMembers(deps: Deps, cloud: Cloud, tenant: string, look: Looking): Promise<Members> {
  const all = lookedOf(deps.store);
  const before: Looked = (await all.get(tenant)) ?? {};
  const members = await lookAtMembers(cloud, look, before, deps.clock.nowMs());
  const same = JSON.stringify(members.looked) === JSON.stringify(before);
  if (!same && !(await all.add(tenant, members.looked))) await all.change(tenant, () => members.looked);
  return members;
}
