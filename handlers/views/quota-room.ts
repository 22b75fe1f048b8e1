import { STARTER_KIT } from "../../shared/cluster/doctor/index.ts";
import { quotaWord } from "../../shared/cluster/needs.ts";
import { type Amounts, keyOf, leftOf, type Room } from "../../shared/cluster/room.ts";
import type { Quota } from "../../shared/openstack/endpoint.ts";
import type { ServiceType } from "../../shared/openstack/errors.ts";
import type { Block, SlackMessage } from "../../shared/ports/slack.ts";
import { amount } from "./quota.ts";
import { bullets, code, message, plural, quote, section, small } from "./text.ts";

/** A cluster that will take more than it has. */
export interface Promised {
  readonly name: string;
  readonly is: "waiting" | "under way";
  readonly amounts: Amounts;
}

export interface Silent {
  readonly service: ServiceType;
  readonly fault: string;
}

interface Fit {
  readonly name: string;
  readonly needs: Amounts;
  /** Flavors that it names and the cloud does not have. */
  readonly missing: readonly string[];
  readonly room: Room;
}

export interface QuotaView {
  readonly tenant: string;
  readonly quotas: readonly Quota[];
  readonly reserved: Amounts;
  readonly templates: readonly Fit[];
  readonly promised: readonly Promised[];
  readonly silent: readonly Silent[];
  /** The configuration's own: how many clusters there are, and may be. */
  readonly limit: { readonly clusters: number; readonly most: number };
}

const BAR_CHARS = 16;
const [USED, PROMISED, LEFT] = ["█", "▒", "░"];

/** So long as there is any of it, at least one sign is. */
function bar(used: number, promised: number, limit: number): string {
  const signs = (count: number) => (count <= 0 ? 0 : Math.max(1, Math.round((count / limit) * BAR_CHARS)));
  const full = Math.min(BAR_CHARS, signs(used));
  const half = Math.min(BAR_CHARS - full, signs(promised));
  return USED.repeat(full) + PROMISED.repeat(half) + LEFT.repeat(BAR_CHARS - full - half);
}

function barLine(quota: Quota, reserved: Amounts, width: number): string {
  const { limit, used } = quota;
  const promised = reserved.get(keyOf(quota)) ?? 0;
  const show = (count: number) => amount(quota, count);
  const figures = [
    `${show(used)} used`,
    ...(promised > 0 ? [`${show(promised)} promised`] : []),
    `${show(leftOf(quota, reserved))} left of ${show(limit)}`,
  ];
  const shown = limit === 0 ? "none allowed".padEnd(BAR_CHARS) : bar(used, promised, limit);
  return `${quotaWord(quota.resource, 2).padEnd(width)}  ${shown}  ${figures.join(", ")}`;
}

function serviceBlocks(service: ServiceType, quotas: readonly Quota[], reserved: Amounts): readonly Block[] {
  const limited = quotas.filter((one) => one.limit >= 0);
  const endless = quotas.filter((one) => one.limit < 0);
  const width = Math.max(0, ...limited.map((one) => quotaWord(one.resource, 2).length));
  const bars = limited.map((one) => barLine(one, reserved, width));
  const free = endless.map((one) => `${quotaWord(one.resource, 2)} (${amount(one, one.used)} used)`);
  const lines = [
    `*${STARTER_KIT[service].name}*${free.length === 0 ? "" : ` no limit of ${free.join(", ")}`}`,
    ...(bars.length === 0 ? [] : [`\`\`\`\n${bars.join("\n")}\n\`\`\``]),
  ];
  return [section(lines.join("\n"))];
}

const roomOf = ({ room }: Fit, { clusters, most }: QuotaView["limit"]): number =>
  Math.min(room.clusters, Math.max(0, most - clusters));

function bottleneck(fit: Fit, { limit, reserved }: QuotaView): string {
  const { room, needs } = fit;
  const quota = room.bottleneck;
  if (quota === undefined || room.clusters > limit.most - limit.clusters)
    return `${limit.clusters} of the ${limit.most} clusters that the configuration allows are there`;
  const show = (count: number) => amount(quota, count);
  const word = quotaWord(quota.resource, 2);
  return `limited by ${word}: each needs ${show(needs.get(keyOf(quota)) ?? 0)}, ${show(leftOf(quota, reserved))} left`;
}

const fitLine = (fit: Fit, view: QuotaView): string => {
  if (fit.missing.length > 0)
    return `${code(fit.name)}: can't be made, there is no flavor ${fit.missing.map((one) => code(one)).join(", ")}`;
  return `${code(fit.name)}: ${roomOf(fit, view.limit)} more; ${bottleneck(fit, view)}`;
};

function verdict(view: QuotaView): string {
  const { tenant, templates, limit } = view;
  const able = templates.filter((one) => one.missing.length === 0);
  if (able.length === 0)
    return `:no_entry: *${tenant}* can't have a cluster of any template: the cloud does not have their flavors.`;
  const fits = able.map((fit) => ({ fit, count: roomOf(fit, limit) })).filter(({ count }) => count > 0);
  const unsure = view.silent.length === 0 ? "" : ", as far as the services answer";
  const tight = tightestOf(able, view);
  const because = tight === undefined ? "" : `; the bottleneck is ${tight}`;
  if (fits.length === 0) return `:no_entry: *${tenant}* has no room for another cluster${because}${unsure}.`;
  const words = fits.map(({ fit, count }, at) => `${count}${at === 0 ? " more" : ""} ${code(fit.name)}`);
  return `:bar_chart: *${tenant}* has room for ${words.join(" or ")}${because}${unsure}.`;
}

/** What ends first for the template of which the fewest fit. */
function tightestOf(fits: readonly Fit[], { limit }: QuotaView): string | undefined {
  const [least] = [...fits].sort((a, b) => roomOf(a, limit) - roomOf(b, limit));
  if (least === undefined) return undefined;
  const quota = least.room.bottleneck;
  if (quota === undefined || least.room.clusters > limit.most - limit.clusters)
    return `the configuration's limit of ${plural(limit.most, "cluster")}`;
  return quotaWord(quota.resource, 2);
}

const IS: Readonly<Record<Promised["is"], string>> = {
  waiting: "waits for its plan or an approval",
  "under way": "is under way",
};

/** Only what clusters take: a quota that none of them touches is nobody's question here. */
const relevant = ({ quotas, templates, reserved }: QuotaView): readonly Quota[] =>
  quotas.filter(
    (one) =>
      one.service === "shared-file-system" ||
      reserved.has(keyOf(one)) ||
      templates.some(({ needs }) => needs.has(keyOf(one))),
  );

function silence({ service, fault }: Silent): Block {
  const next = `Ask again in a minute, or type ${code("/k8s doctor")}.`;
  return section(`:warning: ${STARTER_KIT[service].name} does not tell its quota: ${quote(fault)}. ${next}`);
}

/** How many clusters still fit, then which quota is how full. */
export function quotaMessage(view: QuotaView): SlackMessage {
  const shown = relevant(view);
  const services = [...new Set(shown.map((one) => one.service))];
  const promised = view.promised.map((one) => `*${quote(one.name)}* ${IS[one.is]}`);
  return message(
    verdict(view),
    section(
      `*What still fits*, with nothing else made meanwhile\n${bullets(view.templates.map((one) => fitLine(one, view)))}`,
    ),
    ...(promised.length === 0 ? [] : [section(`*Promised to*\n${bullets(promised, 10)}`)]),
    ...view.silent.map(silence),
    ...services.flatMap((service) =>
      serviceBlocks(
        service,
        shown.filter((one) => one.service === service),
        view.reserved,
      ),
    ),
    small(`${USED} used   ${PROMISED} promised to requests and creates   ${LEFT} left`),
  );
}
