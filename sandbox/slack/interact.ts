import type { Answer, Line } from "./line.ts";
import { messageJson, type Parts } from "./methods/method.ts";
import { BOT, type Json, type Message, Refusal, SLACKBOT, TEAM, type View } from "./model.ts";
import { applyReply } from "./reply.ts";
import { viewJson } from "./views.ts";

const COMMON = {
  token: "unused",
  team: { id: TEAM.id, domain: TEAM.domain },
  enterprise: null,
  api_app_id: BOT.app,
} as const;

function parsed(answer: Answer): Json | undefined {
  if (answer.is === "failed" || answer.text === "" || !answer.isJson) return undefined;
  const value: unknown = JSON.parse(answer.text);
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}

/** What people do: each becomes the signed request that Slack would send, and its answer becomes what Slack would show. */
export function createInteractions(parts: Parts, line: Line) {
  const { workspace, tickets, views, origin } = parts;
  const userJson = (id: string): Json => {
    const name = workspace.person(id)?.name ?? id;
    return { id, username: name, name, team_id: TEAM.id };
  };
  const replyUrl = (id: string) => `${origin}/slack/response/${id}`;
  const payload = (value: Json) => line.send({ payload: JSON.stringify(value) });
  const channelName = (id: string) => workspace.channel(id)?.name ?? "";

  /** The answer to a submitted modal. Source: https://docs.slack.dev/surfaces/modals#response_actions */
  function submitted(view: View, answer: Answer): Json {
    if (answer.is === "failed") return { failed: "We had some trouble connecting. Try again?" };
    const body = parsed(answer);
    switch (body?.["response_action"]) {
      case "errors":
        return { errors: body["errors"] };
      case "update":
        views.update(view.id, body["view"]);
        return {};
      case "push":
        views.push(view.id, body["view"]);
        return {};
      case "clear":
        views.clear(view.user);
        return {};
      default:
        views.close(view.id);
        return {};
    }
  }

  const acts = {
    say: (user: string, channel: string, text: string, thread?: string): Message =>
      workspace.post({ user, channel, text, ...(thread === undefined ? {} : { thread_ts: thread }) }),

    async slash(user: string, channel: string, command: string, text: string): Promise<void> {
      const to = { channel, user, ephemeral: true };
      const answer = await line.send({
        token: "unused",
        team_id: TEAM.id,
        team_domain: TEAM.domain,
        channel_id: channel,
        channel_name: channelName(channel),
        user_id: user,
        user_name: workspace.person(user)?.name ?? user,
        command,
        text,
        api_app_id: BOT.app,
        is_enterprise_install: "false",
        response_url: replyUrl(tickets.reply(to)),
        trigger_id: tickets.trigger(user),
      });
      if (answer.is === "failed") {
        const said = `${command} failed with the error "${answer.code}"`;
        workspace.post({ channel, user: SLACKBOT, text: said, visibleTo: user });
        return;
      }
      const body = parsed(answer) ?? { text: answer.text };
      if (body["response_type"] === "in_channel") workspace.post({ channel, user, text: `${command} ${text}`.trim() });
      applyReply(workspace, to, body);
    },

    async press(user: string, channel: string, ts: string, action: Json, values: Json): Promise<Answer> {
      const message = workspace.get(channel, ts);
      if (message.visibleTo !== undefined && message.visibleTo !== user) throw new Refusal("message_not_found");
      const ephemeral = message.visibleTo !== undefined;
      const container = { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: ephemeral };
      return payload({
        ...COMMON,
        type: "block_actions",
        user: userJson(user),
        container: { ...container, ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }) },
        trigger_id: tickets.trigger(user),
        is_enterprise_install: false,
        channel: { id: channel, name: channelName(channel) },
        ...(ephemeral ? {} : { message: messageJson(message, [], true) }),
        state: { values },
        response_url: replyUrl(tickets.reply({ channel, user, ts, ephemeral })),
        actions: [{ ...action, action_ts: workspace.stamp() }],
      });
    },

    async submit(user: string, id: string, values: Json): Promise<Json> {
      const view = views.get(id);
      const trigger = tickets.trigger(user);
      const common = {
        ...COMMON,
        user: userJson(user),
        trigger_id: trigger,
        is_enterprise_install: false,
        response_urls: [],
      };
      return submitted(view, await payload({ ...common, type: "view_submission", view: viewJson(view, values) }));
    },

    async close(user: string, id: string): Promise<void> {
      const view = views.get(id);
      views.close(id);
      if (!view.notify_on_close) return;
      const common = { ...COMMON, user: userJson(user), is_enterprise_install: false, is_cleared: false };
      await payload({ ...common, type: "view_closed", view: viewJson(view) });
    },
  };
  return acts;
}

export type Interactions = ReturnType<typeof createInteractions>;
