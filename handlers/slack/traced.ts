import { parse as parseForm } from "node:querystring";
import type { RequestHandler } from "express";
import * as z from "zod";
import type { Deps } from "../../shared/ports/deps.ts";
import type { Facts, SpanStart } from "../../shared/ports/tracing.ts";
import { commands } from "../commands/index.ts";
import { ANSWER_MS_MAX } from "../within.ts";
import type { Verified } from "./verify.ts";

const FORM = "application/x-www-form-urlencoded";

/** As much of what Slack sends as is ours: nothing that a person typed. */
const interaction = z.object({
  type: z.string(),
  actions: z.array(z.object({ action_id: z.string() })).optional(),
  view: z.object({ callback_id: z.string().optional() }).optional(),
});
const event = z.object({ event: z.object({ type: z.string() }) });

/** `/k8s create dev` -> `create`; what is no command of ours is words of a person's. */
function commandIn(text: string): string {
  const [word] = text.trim().split(/\s+/);
  return commands.find(({ name }) => name === word)?.name ?? "help";
}

function whatIs(body: string, contentType: string): { readonly name: string; readonly facts: Facts } {
  const form = contentType === FORM ? parseForm(body) : undefined;
  if (typeof form?.["command"] === "string") {
    const command = commandIn(String(form["text"] ?? ""));
    return { name: `slack ${command}`, facts: { "slack.command": command } };
  }
  if (typeof form?.["payload"] === "string") {
    const { type, actions = [], view } = interaction.parse(JSON.parse(form["payload"]));
    const what = actions[0]?.action_id ?? view?.callback_id ?? "";
    return { name: `slack ${type}`, facts: { "slack.type": type, "slack.what": what } };
  }
  const { type } = event.parse(JSON.parse(body)).event;
  return { name: `slack ${type}`, facts: { "slack.type": type } };
}

function spanOf({ rawBody, dueMs = 0 }: Verified, contentType: string): SpanStart {
  const start = { kind: "server", startMs: dueMs - ANSWER_MS_MAX } as const;
  const facts = { "http.request.method": "POST", "http.route": "/slack/events" };
  try {
    const { name, facts: more } = whatIs(rawBody?.toString("utf8") ?? "", contentType);
    return { ...start, name, facts: { ...facts, ...more } };
  } catch {
    return { ...start, name: "slack", facts };
  }
}

/** Each request that Slack has signed is a span, until it is answered. */
export const traced =
  (deps: Pick<Deps, "tracing">): RequestHandler =>
  (request, response, next) => {
    const { tracing } = deps;
    if (tracing === undefined) return next();
    const answered = () =>
      new Promise<void>((done) => {
        response.once("close", done);
        response.once("finish", done);
        next();
      });
    const span = spanOf(request as Verified, request.headers["content-type"] ?? "");
    void tracing.during(span, answered, () => ({ "http.response.status_code": response.statusCode }));
  };
