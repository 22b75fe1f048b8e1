import type { SlackMessage } from "../../../shared/ports/slack.ts";
import type { ClaimTruth, ShareTruth, StorageTruth } from "../../../shared/resources/storage-truth.ts";
import { showSize } from "../../../shared/units.ts";
import { bullets, code, listed, message, plural, quote, section, small } from "../text.ts";
import { type Finding, findingLine, going, type Stage, verdictOf, worstFirst } from "./finding.ts";

/** A claim in the cluster that has no volume yet: `default/data`. */
export interface PendingClaim {
  readonly name: string;
  readonly className: string;
}

/** The storage of one cluster beside what should be. */
export interface StorageOf {
  readonly cluster: string;
  readonly stage: Stage;
  /** GiB. Absent: it has no share of its own. */
  readonly gib?: number;
  /** Whether that share has been there before. */
  readonly made: boolean;
  /** Who may mount it. */
  readonly cidr: string;
  readonly truth: StorageTruth;
  /** Absent: the cluster's API did not tell. */
  readonly pending?: readonly PendingClaim[];
}

const OF_SHARE = "shared storage";
/** From then on the next share may not fit. */
const FULL = 0.9;
/** Where an operator has put an end to share networks, no claim misses one. */
const CLAIMS_TAKE = ["shares", "gigabytes"];

function shareFindings(share: ShareTruth, all: StorageOf): readonly Finding[] {
  const { cluster, cidr, gib = 0 } = all;
  const retry = code(`/k8s retry ${cluster}`);
  const about = (grade: Finding["grade"], says: string): Finding => ({ grade, of: OF_SHARE, says });
  if (/error/.test(share.status)) {
    const why = quote(share.messages[0] ?? "Manila gives no reason", 300);
    return [
      about(
        "bad",
        `Manila has it as ${quote(share.status, 40)}: ${why}. Its data may be there still: ask its operator.`,
      ),
    ];
  }
  if (share.status !== "available")
    return [about("look", `Manila is working on it (${quote(share.status, 40)}). Look again in a minute.`)];
  const found: Finding[] = [];
  const rule = share.rules.find(({ to }) => to === cidr);
  if (rule === undefined && all.stage === "coming")
    found.push(about("look", "No access rule lets the nodes mount it yet."));
  else if (rule === undefined)
    found.push(about("bad", `No access rule lets the nodes (${code(cidr)}) mount it: ${retry} makes it again.`));
  else if (rule.state === "error")
    found.push(
      about("bad", `Its storage refused the access rule of ${code(cidr)}: an operator looks in Manila's log.`),
    );
  else if (rule.state !== "active")
    found.push(about("look", `The access rule of ${code(cidr)} is ${quote(rule.state, 40)}: look again in a minute.`));
  else if (rule.level !== "rw") {
    const away = code(`openstack share access delete ${share.id} ${rule.id}`);
    const says = `The nodes (${code(cidr)}) may read it and write nothing: ${away} takes that rule away,`;
    found.push(about("bad", `${says} then ${retry} makes the right one.`));
  }
  for (const { to } of share.rules.filter((one) => /\/0$/.test(one.to)))
    found.push(about("bad", `Everybody may mount it (${code(to)}): take that rule away unless somebody means it.`));
  if (share.exports.length === 0)
    found.push(about("bad", "It is exported nowhere, so nobody can mount it: an operator looks at its share server."));
  if (share.gib < gib)
    found.push(about("look", `It has ${showSize(share.gib)} and should have ${showSize(gib)}: ${retry} extends it.`));
  return found;
}

function claimFinding({ kind, status, claim, id }: ClaimTruth): readonly Finding[] {
  if (!/error/.test(status)) return [];
  const of = `${kind} of the claim ${claim === undefined ? code(id) : code(claim)}`;
  const service = kind === "share" ? "Manila" : "Cinder";
  return [
    { grade: "bad", of, says: `${service} has it as ${quote(status, 40)}: ask its operator before it is deleted.` },
  ];
}

function pendingFinding({ name, className }: PendingClaim): Finding {
  const [namespace, claim] = name.split("/");
  const why = code(`kubectl -n ${namespace} describe pvc ${claim}`);
  const says = `It has no volume yet (StorageClass ${quote(className, 60)}). If it stays so for minutes, ${why} says why.`;
  return { grade: "look", of: `claim ${code(name)}`, says };
}

function quotaFindings({ truth }: StorageOf): readonly Finding[] {
  return truth.quota
    .filter(({ resource, limit, used }) => CLAIMS_TAKE.includes(resource) && limit >= 0 && used >= limit * FULL)
    .map(({ resource, limit, used }) => {
      const says = `${used} of ${limit} are used, so the next claim may find no room: an operator raises it.`;
      return { grade: "look", of: `Manila's quota of ${quote(resource.replaceAll("_", " "), 40)}`, says };
    });
}

export function storageFindings(all: StorageOf): readonly Finding[] {
  const { truth, gib, made, stage, cluster } = all;
  if (stage === "leaving") return [];
  const lost: readonly Finding[] =
    gib === undefined || truth.shares.length > 0
      ? []
      : made
        ? [
            {
              grade: "bad",
              of: OF_SHARE,
              says: "It is gone from Manila, and what was on it with it: ask its operator before you do anything.",
            },
          ]
        : [
            {
              grade: "look",
              of: OF_SHARE,
              says: `It is not there yet: ${code(`/k8s status ${cluster}`)} shows what it waits for.`,
            },
          ];
  return [
    ...lost,
    ...truth.shares.flatMap((share) => shareFindings(share, all)),
    ...truth.claims.flatMap(claimFinding),
    ...(all.pending ?? []).map(pendingFinding),
    ...quotaFindings(all),
  ];
}

const shareLines = (share: ShareTruth, { networks }: StorageTruth): readonly string[] => [
  `*Shared storage* ${showSize(share.gib)}, ${quote(share.protocol, 20)}, ${quote(share.status, 40)} ${code(share.id)}`,
  ...share.exports.map((path) => `exported as ${code(path)}`),
  ...share.rules.map(({ to, level, state }) => `${code(to)} may mount it (${quote(level, 10)}): ${quote(state, 40)}`),
  ...networks
    .filter(({ id }) => id === share.networkId)
    .map(({ id, name }) => `share network ${quote(name, 100)} ${code(id)}`),
];

const claimLine = ({ kind, id, status, gib, claim }: ClaimTruth): string => {
  const size = gib === undefined ? "" : `, ${showSize(gib)}`;
  return `${kind}${size}, ${quote(status, 40)}${claim === undefined ? "" : ` for ${code(claim)}`} ${code(id)}`;
};

const quotaLine = ({ resource, limit, used }: StorageTruth["quota"][number]): string => {
  const amount = (count: number) => (resource === "gigabytes" ? showSize(count) : String(count));
  const room = limit < 0 ? "no limit" : `${amount(Math.max(0, limit - used))} left of ${amount(limit)}`;
  return `${quote(resource.replaceAll("_", " "), 40)}: ${room}`;
};

export function storageMessage(all: StorageOf): SlackMessage {
  const { truth, cluster, pending } = all;
  const found = worstFirst(storageFindings(all));
  const { shares, claims, quota } = truth;
  const nothing = shares.length + claims.length === 0;
  const well = nothing
    ? `*${cluster}* has no storage of its own and nothing claimed.`
    : `The storage of *${cluster}* is well: ${plural(shares.length, "share")}, ${claims.length} claimed.`;
  return message(
    verdictOf(`*${cluster}*`, found, all.stage === "leaving" ? going(cluster) : well),
    ...(found.length === 0 ? [] : [section(listed(found.map(findingLine), 20))]),
    ...shares.slice(0, 5).map((share) => section(listed(shareLines(share, truth), 20))),
    ...(claims.length === 0 ? [] : [section(`*Claimed in it*\n${bullets(claims.map(claimLine), 20)}`)]),
    ...(quota.length === 0 ? [] : [section(`*Room in the project*\n${bullets(quota.map(quotaLine))}`)]),
    ...(pending === undefined
      ? [small("The cluster's API did not answer, so claims without a volume are not known")]
      : []),
  );
}
