import type { Answer, Line } from "./line.ts";
import type { Parts } from "./methods/method.ts";
import { type Json, type Message, Refusal, SLACKBOT, type View } from "./model.ts";
import { applyReply } from "./reply.ts";
import {
  closingPayload,
  homeOpenedEvent,
  pressPayload,
  slashForm,
  submissionPayload,
  viewPressPayload,
} from "./requests.ts";
import type { ReplyTo } from "./tickets.ts";
import type { Views } from "./views.ts";
import type { Workspace } from "./workspace.ts";

function parsed(answer: Answer): Json | undefined {
  if (answer.is === "failed" || answer.text === "" || !answer.isJson) return undefined;
  const value: unknown = JSON.parse(answer.text);
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}

/** Shows the answer to a slash command, or Slackbot's words when there was none. */
function showAnswer(workspace: Workspace, to: ReplyTo, command: string, text: string, answer: Answer): void {
  const { channel, user } = to;
  if (answer.is === "failed") {
    const said = `${command} failed with the error "${answer.code}"`;
    workspace.post({ channel, user: SLACKBOT, text: said, visibleTo: user });
    return;
  }
  const body = parsed(answer) ?? { text: answer.text };
  if (body["response_type"] === "in_channel") workspace.post({ channel, user, text: `${command} ${text}`.trim() });
  applyReply(workspace, to, body);
}

/** Follows the answer to a submitted modal. Source: https://docs.slack.dev/surfaces/modals#response_actions */
function followAnswer(views: Views, view: View, answer: Answer): Json {
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

/** What people do: each becomes the signed request that Slack would send, and its answer becomes what Slack would show. */
export function createInteractions(parts: Parts, line: Line) {
  const { workspace, views } = parts;
  const payload = (value: Json) => line.send({ payload: JSON.stringify(value) });
  return {
    say: (user: string, channel: string, text: string, thread?: string): Message =>
      workspace.post({ user, channel, text, ...(thread === undefined ? {} : { thread_ts: thread }) }),

    async slash(user: string, channel: string, command: string, text: string): Promise<void> {
      const to = { channel, user, ephemeral: true };
      const answer = await line.send(slashForm(parts, to, command, text));
      showAnswer(workspace, to, command, text, answer);
    },

    async press(user: string, channel: string, ts: string, action: Json, values: Json): Promise<Answer> {
      const message = workspace.get(channel, ts);
      if (message.visibleTo !== undefined && message.visibleTo !== user) throw new Refusal("message_not_found");
      return payload(pressPayload(parts, { user, message, action, values }));
    },

    /** In a modal or home tab. */
    async pressView(user: string, id: string, action: Json, values: Json): Promise<Answer> {
      const view = views.of(user).find((one) => one.id === id);
      if (view === undefined) throw new Refusal("not_found");
      return payload(viewPressPayload(parts, user, view, action, values));
    },

    openHome: (user: string): Promise<Answer> => line.tell(homeOpenedEvent(parts, user)),

    async submit(user: string, id: string, values: Json): Promise<Json> {
      const view = views.get(id);
      return followAnswer(views, view, await payload(submissionPayload(parts, user, view, values)));
    },

    async close(user: string, id: string): Promise<void> {
      const view = views.get(id);
      views.close(id);
      if (view.notify_on_close) await payload(closingPayload(parts, user, view));
    },
  };
}

export type Interactions = ReturnType<typeof createInteractions>;
