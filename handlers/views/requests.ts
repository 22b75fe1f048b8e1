import type { Rules } from "../../shared/cluster/policy.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { Block, SlackMessage } from "../../shared/ports/slack.ts";
import { specWords } from "./plan.ts";
import { REQUEST_ACTIONS } from "./request.ts";
import { actions, type Button, code, mention, message, moment, plural, section, small } from "./text.ts";
import { agreed, approvalsLeft, askable, listedPeople } from "./waiting.ts";

/** The value of `review` is `<request>:<plan hash>`, of the others `<mine|all>:<page>`. */
export const REQUESTS_ACTIONS = {
  review: "requests:review",
  earlier: "requests:earlier",
  later: "requests:later",
  again: "requests:again",
  whose: "requests:whose",
} as const;

export const REQUESTS_PAGE = 5;

export interface OpenRequest {
  readonly request: Request;
  readonly rules: Rules;
  /** The person who looks may decide on it, as far as Slack says. */
  readonly decides: boolean;
}

export interface RequestsView {
  readonly tenant: string;
  readonly viewer: string;
  readonly mine: boolean;
  readonly page: number;
  /** Of this page. */
  readonly open: readonly OpenRequest[];
  /** On all pages, and how many of them wait for the person who looks. */
  readonly count: number;
  readonly forViewer: number;
}

/** What it waits for, and for whom. */
function waits({ request, rules }: OpenRequest): string {
  if (request.state === "planning") return ":mag: is being planned";
  const left = plural(approvalsLeft(request, rules), "approval");
  if ((request.short ?? 0) > 0) return `:warning: needs ${left}, and nobody is left who may give it`;
  const people = askable(request, rules);
  if (people.length === 0) return `:warning: needs ${left}, and nobody is named who may give it`;
  const yes = [...agreed(request)];
  const sofar = yes.length === 0 ? "" : `; approved so far by ${listedPeople(yes)}`;
  return `:raised_hand: needs ${left} of ${listedPeople(people)}${sofar}`;
}

function line(one: OpenRequest): string {
  const { request } = one;
  const until = request.expiresMs === undefined ? "" : ` · lapses ${moment(request.expiresMs)}`;
  const price = request.plan?.price;
  const costs = price === undefined ? "" : ` · ${price.perMonth.toFixed(2)} ${price.currency} a month`;
  return [
    `*${request.name}* (${request.action}) ${waits(one)}`,
    `${specWords(request.spec)}${costs}`,
    `asked for by ${mention(request.requester)} ${moment(request.createdMs)}${until} · request ${code(request.id)}`,
  ].join("\n");
}

function buttons({ request, decides }: OpenRequest, viewer: string): readonly Block[] {
  const own = request.requester === viewer;
  const may = decides && !own && request.state === "waiting" && request.plan !== undefined;
  const value = `${request.id}:${request.plan?.hash ?? ""}`;
  const all: readonly Button[] = [
    ...(may
      ? [
          { action: REQUESTS_ACTIONS.review, label: `Approve ${request.name}…`, value, style: "primary" as const },
          { action: REQUEST_ACTIONS.deny, label: `Deny ${request.name}`, value, style: "danger" as const },
        ]
      : []),
    ...(own ? [{ action: REQUEST_ACTIONS.cancel, label: `Cancel ${request.name}`, value: request.id }] : []),
  ];
  return all.length === 0 ? [] : [actions(...all)];
}

function turns({ mine, page, count }: RequestsView): Block {
  const last = Math.max(0, Math.ceil(count / REQUESTS_PAGE) - 1);
  const { earlier, later, again, whose } = REQUESTS_ACTIONS;
  const value = (those: boolean, at: number) => `${those ? "mine" : "all"}:${at}`;
  return actions(
    ...(page > 0 ? [{ action: earlier, label: "Earlier", value: value(mine, page - 1) }] : []),
    ...(page < last ? [{ action: later, label: "Later", value: value(mine, page + 1) }] : []),
    { action: again, label: "Refresh", value: value(mine, page) },
    { action: whose, label: mine ? "All of the team" : "Only mine", value: value(!mine, 0) },
  );
}

/** What waits, the one that lapses first at the top. */
export function requestsMessage(view: RequestsView): SlackMessage {
  const { tenant, viewer, mine, page, open, count, forViewer } = view;
  const whose = mine ? `of yours in *${tenant}*` : `of *${tenant}*`;
  if (count === 0) return message(`:white_check_mark: No request ${whose} waits.`, turns(view));
  const yours = forViewer === 0 ? "" : `, ${forViewer} of them for you`;
  const pages = Math.ceil(count / REQUESTS_PAGE);
  return message(
    `:raised_hand: ${plural(count, "request")} ${whose} ${count === 1 ? "waits" : "wait"}${yours}.`,
    ...open.flatMap((one) => [section(line(one)), ...buttons(one, viewer)]),
    turns(view),
    ...(pages < 2 ? [] : [small(`page ${page + 1} of ${pages}`)]),
  );
}
