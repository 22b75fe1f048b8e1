import type { Block, SlackMessage } from "../../../shared/ports/slack.ts";
import type { LbTruth } from "../../../shared/resources/load-balancer-truth.ts";
import { code, listed, message, moment, plural, quote, section, small } from "../text.ts";
import { type Finding, findingLine, going, msOf, verdictOf, worstFirst } from "./finding.ts";
import { type LbsOf, lbTroubles, lbWords, memberIsBad, missingLbs } from "./lb-findings.ts";

const BLOCKS_MAX = 40;

/** Octavia's words. Source: https://docs.openstack.org/api-ref/load-balancer/v2/#status-codes */
const MEANING: Readonly<Record<string, string>> = {
  ACTIVE: "its last change is done",
  PENDING_CREATE: "Octavia is making it",
  PENDING_UPDATE: "Octavia is changing it",
  PENDING_DELETE: "Octavia is deleting it",
  ERROR: "a change failed, or nothing behind it answers",
  ONLINE: "all of it answers",
  DEGRADED: "some of its members do not answer",
  OFFLINE: "switched off, or without anything that answers",
  DRAINING: "takes no new connections",
  NO_MONITOR: "nobody has checked whether it answers",
};

const meaning = (word: string): string =>
  Object.hasOwn(MEANING, word) ? `${word} (${MEANING[word]})` : quote(word, 40);

const statesOf = ({ operating, provisioning }: Pick<LbTruth, "operating" | "provisioning">): string =>
  `${quote(operating, 40)}, ${quote(provisioning, 40)}`;

/** The cloud controller makes none on OVN, which is no trouble. */
const unmonitored = ({ role, members }: LbTruth): readonly string[] =>
  role === "service" && members.some((one) => one.operating === "NO_MONITOR" && !one.monitored)
    ? ["without a health monitor: Octavia does not know whether they answer"]
    : [];

function memberLine(one: LbTruth["members"][number]): string {
  const sign = memberIsBad(one) ? ":x:" : one.operating === "ONLINE" ? ":white_check_mark:" : ":white_circle:";
  const sinceMs = msOf(one.updatedAt);
  const since = sinceMs === undefined ? "" : ` since ${moment(sinceMs)}`;
  const off = one.disabled === true ? ", switched off" : "";
  const at = code(`${one.address}:${one.port}`);
  return `${sign} ${quote(one.name, 80)} ${at} ${statesOf(one)}${off}${since}`;
}

const headOf = (lb: LbTruth): string => {
  const address = lb.floatingIp === undefined ? lb.vip : `${lb.floatingIp} → ${lb.vip}`;
  return `*${quote(lb.name, 120)}* (${quote(lb.role, 60)}, ${quote(lb.provider, 20)}) ${code(address)}`;
};

const sinceOf = ({ updatedAt }: LbTruth): string => {
  const ms = msOf(updatedAt);
  return ms === undefined ? "" : `, changed last ${moment(ms)}`;
};

const todo = (troubles: readonly Finding[]): readonly string[] =>
  worstFirst(troubles).map(({ says }) => `:point_right: ${says}`);

const listenerLines = (lb: LbTruth): readonly string[] =>
  lb.listeners.map((one) => `listener ${quote(one.protocol, 40)} ${one.port}: ${statesOf(one)}`);

interface Judged {
  readonly lb: LbTruth;
  readonly troubles: readonly Finding[];
}

const lbBlock = ({ lb, troubles }: Judged): Block =>
  section(
    listed(
      [
        headOf(lb),
        `operating ${quote(lb.operating, 40)}, provisioning ${quote(lb.provisioning, 40)}${sinceOf(lb)}`,
        ...todo(troubles),
        ...listenerLines(lb),
        ...lb.members.map(memberLine),
        ...unmonitored(lb),
      ],
      40,
    ),
  );

const isBad = ({ troubles }: Judged): boolean => troubles.length > 0;

const hurts = (findings: readonly Finding[]): boolean => findings.some(({ grade }) => grade === "bad");

/** Only what hurts is a warning. */
function verdict(shown: readonly Judged[], lost: readonly Finding[], name: string | undefined): string {
  const of = name === undefined ? "This team" : `*${name}*`;
  const whose = name === undefined ? "this team" : of;
  const [all, bad] = [shown.length, shown.filter(({ troubles }) => hurts(troubles)).length];
  const missing = lost.filter(({ grade }) => grade === "bad").length;
  if (all + lost.length === 0)
    return `:white_check_mark: ${of} has no load balancer in the cloud, and should have none.`;
  const well = all === 1 ? `The load balancer of ${whose} is` : `All ${all} load balancers of ${whose} are`;
  if (bad + missing === 0) {
    const open = [...shown.flatMap(({ troubles }) => troubles), ...lost];
    return verdictOf(of, open, `${well} well.`);
  }
  const needs =
    all === 1 ? "the load balancer needs" : `${bad} of ${all} load balancers ${bad === 1 ? "needs" : "need"}`;
  const lacks = `${plural(missing, "load balancer")} ${missing === 1 ? "is" : "are"} missing`;
  const says = [...(bad === 0 ? [] : [`${needs} a person`]), ...(missing === 0 ? [] : [lacks])];
  return `:warning: ${of}: ${says.join(", and ")}.`;
}

const untold = (all: readonly LbsOf[]): readonly Block[] => {
  const silent = all.filter(({ wanted, stage }) => wanted.services === undefined && stage === "there");
  const names = silent.map(({ cluster }) => code(cluster)).join(", ");
  return silent.length === 0 ? [] : [small(`The API of ${names} did not tell its Services, so none is missed here`)];
};

/** On-call's first question, its answer first. `name`: the cluster that was asked about; all of the tenant's without it. */
export function lbMessage(all: readonly LbsOf[], name?: string): SlackMessage {
  const shown = all.flatMap((of) => of.lbs.map((lb) => ({ lb, troubles: lbTroubles(lb, of) })));
  const sorted = [...shown.filter(isBad), ...shown.filter((one) => !isBad(one))];
  const lost = all.flatMap(missingLbs);
  const named = code(`/k8s lb ${name ?? "NAME"} LB`);
  const cut =
    sorted.length > BLOCKS_MAX ? [small(`and ${sorted.length - BLOCKS_MAX} more: ${named} tells about one`)] : [];
  const leaving = name === undefined ? undefined : all.find(({ stage }) => stage === "leaving");
  return message(
    leaving === undefined || shown.length === 0
      ? verdict(shown, lost, name)
      : `:white_check_mark: ${going(leaving.cluster)}`,
    ...(lost.length === 0 ? [] : [section(listed(lost.map(findingLine), 20))]),
    ...sorted.slice(0, BLOCKS_MAX).map(lbBlock),
    ...cut,
    ...untold(all),
  );
}

/** Everything about one. */
export function oneLbMessage(lb: LbTruth, of: LbsOf): SlackMessage {
  const createdMs = msOf(lb.createdAt);
  const found = lbTroubles(lb, of);
  const pools = lb.pools.map((one) => {
    const monitor = one.monitor === undefined ? "no health monitor" : `health monitor ${quote(one.monitor, 40)}`;
    return `pool ${quote(one.name, 120)}: ${plural(one.members, "member")}, ${monitor}, ${statesOf(one)}`;
  });
  const well = of.stage === "leaving" ? going(of.cluster) : `The ${lbWords(lb)} of *${of.cluster}* is well.`;
  return message(
    verdictOf(`*${quote(of.cluster, 40)}*, ${lbWords(lb)}`, found, well),
    section(listed([headOf(lb), ...todo(found)], 20)),
    section(
      listed([
        `operating ${meaning(lb.operating)}`,
        `provisioning ${meaning(lb.provisioning)}${sinceOf(lb)}`,
        ...(lb.of.length > 1 ? [`serves ${lb.of.map((one) => code(one, 80)).join(", ")}`] : []),
        ...(createdMs === undefined ? [] : [`made ${moment(createdMs)}`]),
      ]),
    ),
    section(listed([...listenerLines(lb), ...pools, ...lb.members.map(memberLine), ...unmonitored(lb)], 60)),
    small(`${code(`openstack loadbalancer status show ${lb.id}`)} shows the same`),
  );
}
