import type { Request, Response } from "express";
import type { SandboxSlack } from "../slack/index.ts";
import { BOT, type SlackEvent, TEAM } from "../slack/model.ts";
import type { Panel } from "./panel.ts";

const LOOK_MS = 400;

/** What this person's Slack would show: others' ephemeral messages, direct messages and modals are not theirs. */
export function seenBy(user: string, event: SlackEvent): boolean {
  switch (event.is) {
    case "message":
      return event.message.visibleTo === undefined || event.message.visibleTo === user;
    case "deleted":
      return event.visibleTo === undefined || event.visibleTo === user;
    case "channel":
      return event.channel.user === undefined || event.channel.user === user;
    case "view":
      return event.view.user === user;
    case "closed":
      return event.user === user;
  }
}

function hello(user: string, { workspace, views }: SandboxSlack, panel: Panel) {
  const channels = workspace.channels().filter((channel) => channel.user === undefined || channel.user === user);
  const known = new Set(channels.map(({ id }) => id));
  const messages = workspace
    .all()
    .filter((one) => known.has(one.channel) && seenBy(user, { is: "message", message: one }));
  const { commands, projects } = panel;
  return {
    user,
    people: workspace.people,
    channels,
    messages,
    views: views.of(user),
    commands,
    projects,
    bot: BOT,
    team: TEAM,
  };
}

/** Server-sent events of one person: `hello` with all there is, then `slack` for each change, `cloud` and `switches`. */
export function stream(slack: SandboxSlack, panel: Panel) {
  return (request: Request, response: Response): void => {
    const user = String(request.query["as"]);
    if (slack.workspace.person(user) === undefined) {
      response.status(404).json({ error: "no such person" });
      return;
    }
    response.set({ "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" });
    response.flushHeaders();
    const send = (event: string, data: string): void => void response.write(`event: ${event}\ndata: ${data}\n\n`);
    send("hello", JSON.stringify(hello(user, slack, panel)));

    const sent = new Map<string, string>();
    const sendChanged = (event: string, value: unknown): void => {
      const text = JSON.stringify(value);
      if (sent.get(event) === text) return;
      sent.set(event, text);
      send(event, text);
    };
    const look = (): void => {
      sendChanged("cloud", panel.rows());
      sendChanged("switches", panel.switches());
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    const unsubscribe = slack.workspace.subscribe((event) => {
      if (seenBy(user, event)) send("slack", JSON.stringify(event));
    });
    response.on("close", () => {
      clearInterval(timer);
      unsubscribe();
    });
  };
}
