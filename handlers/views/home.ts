import type { HomeView } from "@slack/types";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { Block } from "../../shared/ports/slack.ts";
import { showSize } from "../../shared/units.ts";
import { buttons, heading, rest, row } from "./home-parts.ts";
import { specWords } from "./plan.ts";
import { actions, code, mention, moment, plural, quote, section, small } from "./text.ts";
import { endOf, standing } from "./words.ts";

/**
 * Actions of the home tab. The value of `plan`, `deny` and `cancel` is a request's id, of `create` a channel, of `cluster`
 * `<tenant>/<name>`, of `earlier` and `later` the page to show.
 */
export const HOME_ACTIONS = {
  create: "home:create",
  plan: "home:plan",
  deny: "home:deny",
  cancel: "home:cancel",
  cluster: "home:cluster",
  earlier: "home:earlier",
  later: "home:later",
} as const;

/** All parts at their longest stay within the 100 blocks that Slack takes. */
const CLUSTERS_PER_PAGE = 20;
const REQUESTS_MAX = 10;
const TENANTS_MAX = 8;

export interface HomeTenant {
  readonly name: string;
  /** The person's channel there. */
  readonly channel: string;
  readonly clusters: readonly ClusterRecord[];
  readonly clustersMax: number;
}

export interface HomeState {
  readonly user: string;
  /** Of those channels where this person was seen lately; no other's data is here. */
  readonly tenants: readonly HomeTenant[];
  /** What waits for this person's decision. */
  readonly decisions: readonly Request[];
  /** What this person asked for and nobody has decided. */
  readonly asked: readonly Request[];
  readonly page: number;
}

/** `of`: the team's name, where the person is in several. */
function clusterRow(record: ClusterRecord, of: string): Block {
  const { spec } = record;
  const endMs = endOf(record);
  const until = endMs === undefined ? "lives until it is deleted" : `lives until ${moment(endMs)}`;
  const size = plural(spec.controlPlane.count + spec.workers.count, "server");
  const words = [`Kubernetes ${quote(spec.version, 10)}`, size, ...(record.wish === "absent" ? [] : [until])];
  return row(`*${spec.name}*${of} · ${standing(record)}\n${words.join(" · ")}`, spec.name, {
    action: HOME_ACTIONS.cluster,
    label: "Details",
    value: `${record.tenant}/${spec.name}`,
  });
}

const RANK: Readonly<Record<ClusterRecord["status"]["phase"], number>> = {
  blocked: 0,
  creating: 1,
  deleting: 1,
  requested: 2,
  ready: 3,
};

/** Those that need a person first, then what moves, then by name. */
const inOrder = (a: ClusterRecord, b: ClusterRecord): number =>
  RANK[a.status.phase] - RANK[b.status.phase] || a.spec.name.localeCompare(b.spec.name, "en", { numeric: true });

const countOf = (total: number, { spec }: ClusterRecord): number =>
  total + spec.controlPlane.count + spec.workers.count;

function useRow({ name, channel, clusters, clustersMax }: HomeTenant): Block {
  const made = clusters.filter(({ status }) => status.phase !== "requested");
  const shared = made.reduce((gib, { spec }) => gib + (spec.rwxGib ?? 0), 0);
  const stuck = clusters.filter(({ status }) => status.phase === "blocked").length;
  const words = [
    `${clusters.length} of ${plural(clustersMax, "cluster")}`,
    plural(made.reduce(countOf, 0), "server"),
    ...(shared === 0 ? [] : [`${showSize(shared)} of shared storage`]),
    ...(stuck === 0 ? [] : [`:warning: ${stuck} ${stuck === 1 ? "needs" : "need"} a person`]),
  ];
  return row(`*${quote(name, 60)}* · ${words.join(" · ")}`, name, {
    action: HOME_ACTIONS.create,
    label: "Create a cluster",
    value: channel,
  });
}

const what = (request: Request): string =>
  `${request.action === "create" ? "Create" : "Delete"} *${request.name}* in ${quote(request.tenant, 60)}`;

function decisionRows(request: Request): readonly Block[] {
  const lapses = request.expiresMs === undefined ? "" : ` · lapses ${moment(request.expiresMs)}`;
  const { id: value } = request;
  return [
    section(`${what(request)}, asked for by ${mention(request.requester)}${lapses}\n${specWords(request.spec)}`),
    {
      type: "actions",
      elements: buttons(
        request.name,
        { action: HOME_ACTIONS.plan, label: "See the plan", value, style: "primary" },
        { action: HOME_ACTIONS.deny, label: "Deny", value },
      ),
    },
  ];
}

function askedRow(request: Request): Block {
  const state = request.state === "planning" ? ":mag: is being planned" : ":raised_hand: waits for an approval";
  const lapses = request.expiresMs === undefined ? "" : ` · lapses ${moment(request.expiresMs)}`;
  return row(`${what(request)} · ${state}${lapses}`, request.name, {
    action: HOME_ACTIONS.cancel,
    label: "Cancel it",
    value: request.id,
  });
}

function requestBlocks({ decisions, asked }: HomeState): readonly Block[] {
  return [
    ...(decisions.length === 0 ? [] : [heading(`Waiting for you: ${decisions.length}`)]),
    ...decisions.slice(0, REQUESTS_MAX).flatMap(decisionRows),
    ...rest(decisions.length, REQUESTS_MAX, "/k8s requests"),
    ...(asked.length === 0 ? [] : [heading(`You asked for: ${asked.length}`)]),
    ...asked.slice(0, REQUESTS_MAX).map(askedRow),
    ...rest(asked.length, REQUESTS_MAX, "/k8s requests"),
  ];
}

function clusterBlocks({ user, tenants, page }: HomeState): readonly Block[] {
  const mine = tenants.flatMap(({ clusters }) => clusters.filter((one) => one.requester === user)).sort(inOrder);
  if (mine.length === 0) {
    return [
      heading("Your clusters"),
      section(`You have none. Press *Create a cluster*, or type ${code("/k8s create")}`),
    ];
  }
  const pages = Math.ceil(mine.length / CLUSTERS_PER_PAGE);
  const at = Math.min(Math.max(page, 0), pages - 1);
  const shown = mine.slice(at * CLUSTERS_PER_PAGE, (at + 1) * CLUSTERS_PER_PAGE);
  const turn = [
    ...(at === 0 ? [] : [{ action: HOME_ACTIONS.earlier, label: "Previous page", value: String(at - 1) }]),
    ...(at === pages - 1 ? [] : [{ action: HOME_ACTIONS.later, label: "Next page", value: String(at + 1) }]),
  ];
  return [
    heading(`Your clusters: ${mine.length}`),
    ...shown.map((record) => clusterRow(record, tenants.length > 1 ? ` in ${quote(record.tenant, 60)}` : "")),
    ...(pages === 1 ? [] : [small(`Page ${at + 1} of ${pages}`), actions(...turn)]),
  ];
}

const welcome: readonly Block[] = [
  heading("Kubernetes clusters from Slack"),
  section(`Your clusters and requests appear here once you have typed ${code("/k8s list")} in your team's channel.`),
  section(`${code("/k8s help")} shows all that you can type there.`),
];

/** Pure, and without the time of day: what looks the same is not published again. */
export function homeView(state: HomeState): HomeView {
  const { tenants } = state;
  if (tenants.length === 0) return { type: "home", blocks: [...welcome] };
  return {
    type: "home",
    blocks: [
      ...requestBlocks(state),
      ...clusterBlocks(state),
      { type: "divider" },
      heading(tenants.length === 1 ? "Your team" : "Your teams"),
      ...tenants.slice(0, TENANTS_MAX).map(useRow),
      ...rest(tenants.length, TENANTS_MAX, "/k8s list"),
      small("Teams in whose channels you used kinvirt in the last 7 days · kept up to date by itself"),
    ],
  };
}
