import type { Request } from "../../shared/cluster/request.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { SlackError, type SlackMessage } from "../../shared/ports/slack.ts";
import { clusters, requests } from "../../shared/state/index.ts";
import { READERS } from "../args.ts";
import { cancel, open } from "../decide.ts";
import { placesOf } from "../home/place.ts";
import { turnPage } from "../home/publish.ts";
import { openForm } from "../modals/create.ts";
import { openedOr } from "../modals/unopened.ts";
import { tenantOf } from "../people.ts";
import { refused } from "../views/answers.ts";
import { HOME_ACTIONS } from "../views/home.ts";
import { planModal, saidModal } from "../views/home-modals.ts";
import { statusMessage } from "../views/list.ts";
import { denyModal } from "../views/modals.ts";
import type { Click } from "./click.ts";

type Deciding = "approve" | "deny";

/** What a click comes to, said in the channel where it belongs; undefined: something opened. */
type AtHome = (click: Click, deps: Deps) => Promise<{ said: SlackMessage; channel: string } | undefined>;

const gone = refused("That is not there any more: the tab shows what is.");

/** The request, if it is one of a team that the person is in. */
async function requestOf({ value, user }: Click, deps: Deps): Promise<Request | undefined> {
  const id = READERS.request.read(value);
  const found = id === undefined ? undefined : await requests(deps.store).get(id);
  return found !== undefined && (await placesOf(deps, user)).has(found.tenant) ? found : undefined;
}

/** Opens the form of a decision, unless this person can't decide on the request as it is now. */
const deciding =
  (verdict: Deciding): AtHome =>
  async (click, deps) => {
    const request = await requestOf(click, deps);
    if (request === undefined) return { said: gone, channel: "" };
    const { id, channel } = request;
    const hash = request.plan?.hash ?? "";
    const may = await open(deps, { request: id, hash, user: click.user, channel, verdict });
    if (typeof may === "string") return { said: refused(may), channel };
    const form = verdict === "approve" ? planModal(request) : denyModal(`${id}:${hash}`, channel);
    const instead = verdict === "approve" ? `/k8s approve ${id}` : `/k8s deny ${id} too many servers for a test`;
    const said = await openedOr(deps, click.trigger, form, instead);
    return said === undefined ? undefined : { said, channel };
  };

const turn: AtHome = async ({ user, value }, deps) => {
  await turnPage(deps, user, /^\d{1,3}$/.test(value) ? Number(value) : 0);
  return undefined;
};

const HANDLERS: Readonly<Record<string, AtHome>> = {
  [HOME_ACTIONS.plan]: deciding("approve"),
  [HOME_ACTIONS.deny]: deciding("deny"),
  [HOME_ACTIONS.earlier]: turn,
  [HOME_ACTIONS.later]: turn,
  [HOME_ACTIONS.create]: async ({ user, value: channel, trigger }, deps) => {
    const tenant = tenantOf(deps.config, channel);
    if (tenant === undefined || !(await placesOf(deps, user)).has(tenant)) return { said: gone, channel: "" };
    const said = await openForm({ user, channel, tenant }, trigger, deps);
    return said === undefined ? undefined : { said, channel };
  },
  [HOME_ACTIONS.cancel]: async (click, deps) => {
    const request = await requestOf(click, deps);
    if (request === undefined) return { said: gone, channel: "" };
    const { id, channel } = request;
    return { said: await cancel(deps, { request: id, user: click.user, channel }), channel };
  },
  [HOME_ACTIONS.cluster]: async ({ user, value }, deps) => {
    const [tenant = ""] = value.split("/");
    const channel = (await placesOf(deps, user)).get(tenant);
    const record = channel === undefined ? undefined : await clusters(deps.store).get(value);
    if (channel === undefined || record === undefined) return { said: gone, channel: "" };
    const request = await requests(deps.store).get(record.request);
    return { said: statusMessage(record, request, deps.clock.nowMs()), channel };
  },
};

/** A click on the home tab is in no channel, so a modal answers it; and where Slack opens none, its person is told there. */
export async function clickedAtHome(click: Click, deps: Deps): Promise<undefined> {
  const handler = Object.hasOwn(HANDLERS, click.action) ? HANDLERS[click.action] : undefined;
  const answer = handler === undefined ? { said: gone, channel: "" } : await handler(click, deps);
  if (answer === undefined) return;
  try {
    await deps.slack.openModal(click.trigger, saidModal(answer.said, answer.channel));
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    deps.log.warn("slack.home", { user: click.user, code: error.code });
    if (answer.channel !== "") await deps.slack.ephemeral(answer.channel, click.user, answer.said);
  }
}
