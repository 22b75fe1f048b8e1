import { messageJson, type Parts } from "./methods/method.ts";
import { BOT, type Json, type Message, TEAM, type View } from "./model.ts";
import type { ReplyTo } from "./tickets.ts";
import { viewJson } from "./views.ts";

const COMMON = {
  token: "unused",
  team: { id: TEAM.id, domain: TEAM.domain },
  enterprise: null,
  api_app_id: BOT.app,
  is_enterprise_install: false,
} as const;

/** A press of something in a message: the element's own part of `actions`, and what all inputs of the message hold. */
export interface Press {
  readonly user: string;
  readonly message: Message;
  readonly action: Json;
  readonly values: Json;
}

const channelName = ({ workspace }: Parts, id: string): string => workspace.channel(id)?.name ?? "";
const userName = ({ workspace }: Parts, id: string): string => workspace.person(id)?.name ?? id;
const replyUrl = ({ origin, tickets }: Parts, to: ReplyTo): string => `${origin}/slack/response/${tickets.reply(to)}`;

function userJson(parts: Parts, id: string): Json {
  const name = userName(parts, id);
  return { id, username: name, name, team_id: TEAM.id };
}

/** Source: https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling */
export const slashForm = (parts: Parts, to: ReplyTo, command: string, text: string) => ({
  token: "unused",
  team_id: TEAM.id,
  team_domain: TEAM.domain,
  channel_id: to.channel,
  channel_name: channelName(parts, to.channel),
  user_id: to.user,
  user_name: userName(parts, to.user),
  command,
  text,
  api_app_id: BOT.app,
  is_enterprise_install: "false",
  response_url: replyUrl(parts, to),
  trigger_id: parts.tickets.trigger(to.user),
});

/** Source: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function pressPayload(parts: Parts, { user, message, action, values }: Press): Json {
  const { channel, ts, thread_ts, visibleTo } = message;
  const ephemeral = visibleTo !== undefined;
  const container = { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: ephemeral };
  return {
    ...COMMON,
    type: "block_actions",
    user: userJson(parts, user),
    container: { ...container, ...(thread_ts === undefined ? {} : { thread_ts }) },
    trigger_id: parts.tickets.trigger(user),
    channel: { id: channel, name: channelName(parts, channel) },
    // Slack keeps no ephemeral message, so it has none to send back.
    ...(ephemeral ? {} : { message: messageJson(message, [], true) }),
    state: { values },
    response_url: replyUrl(parts, { channel, user, ts, ephemeral }),
    actions: [{ ...action, action_ts: parts.workspace.stamp() }],
  };
}

/** Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export const submissionPayload = (parts: Parts, user: string, view: View, values: Json): Json => ({
  ...COMMON,
  type: "view_submission",
  user: userJson(parts, user),
  trigger_id: parts.tickets.trigger(user),
  response_urls: [],
  view: viewJson(view, values),
});

export const closingPayload = (parts: Parts, user: string, view: View): Json => ({
  ...COMMON,
  type: "view_closed",
  user: userJson(parts, user),
  is_cleared: false,
  view: viewJson(view),
});

/** A press of something in a modal or home tab, which is in no channel. */
export const viewPressPayload = (parts: Parts, user: string, view: View, action: Json, values: Json): Json => ({
  ...COMMON,
  type: "block_actions",
  user: userJson(parts, user),
  container: { type: "view", view_id: view.id },
  trigger_id: parts.tickets.trigger(user),
  view: viewJson(view, values),
  actions: [{ ...action, action_ts: parts.workspace.stamp() }],
});

/** Source: https://docs.slack.dev/reference/events/app_home_opened */
export function homeOpenedEvent({ workspace, views }: Parts, user: string): Json {
  const home = views.of(user).find(({ type }) => type === "home");
  const event_ts = workspace.stamp();
  return {
    token: "unused",
    team_id: TEAM.id,
    api_app_id: BOT.app,
    type: "event_callback",
    // Unique, as timestamps here are.
    event_id: `Ev${event_ts.replace(".", "")}`,
    event_time: Math.floor(Number(event_ts)),
    event: {
      type: "app_home_opened",
      user,
      channel: `D0${user.slice(1)}`,
      tab: "home",
      event_ts,
      ...(home === undefined ? {} : { view: viewJson(home) }),
    },
  };
}
