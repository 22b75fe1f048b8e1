import express, { type NextFunction, type Request, type Response, type Router } from "express";
import * as z from "zod";
import type { SandboxSlack } from "../slack/index.ts";
import { Refusal } from "../slack/model.ts";
import type { Panel } from "./panel.ts";

const json = z.record(z.string(), z.unknown());
const by = { user: z.string(), channel: z.string() };
const inputs = {
  say: z.strictObject({ ...by, text: z.string().min(1).max(40_000), thread: z.string().optional() }),
  slash: z.strictObject({ ...by, command: z.string(), text: z.string() }),
  press: z.strictObject({ ...by, ts: z.string(), action: json, values: json }),
  pressView: z.strictObject({ user: z.string(), view: z.string(), action: json, values: json }),
  home: z.strictObject({ user: z.string() }),
  submit: z.strictObject({ user: z.string(), view: z.string(), values: json }),
  close: z.strictObject({ user: z.string(), view: z.string() }),
  dismiss: z.strictObject({ ...by, ts: z.string() }),
  flip: z.strictObject({ id: z.string(), on: z.boolean() }),
};

type Act = (body: unknown) => unknown;

function actsOf({ workspace, acts }: SandboxSlack, panel: Panel): Readonly<Record<string, Act>> {
  return {
    say(body) {
      const { user, channel, text, thread } = inputs.say.parse(body);
      acts.say(user, channel, text, thread);
    },
    async slash(body) {
      const { user, channel, command, text } = inputs.slash.parse(body);
      await acts.slash(user, channel, command, text);
    },
    press(body) {
      const { user, channel, ts, action, values } = inputs.press.parse(body);
      return acts.press(user, channel, ts, action, values);
    },
    pressView(body) {
      const { user, view, action, values } = inputs.pressView.parse(body);
      return acts.pressView(user, view, action, values);
    },
    home(body) {
      return acts.openHome(inputs.home.parse(body).user);
    },
    submit(body) {
      const { user, view, values } = inputs.submit.parse(body);
      return acts.submit(user, view, values);
    },
    async close(body) {
      const { user, view } = inputs.close.parse(body);
      await acts.close(user, view);
    },
    dismiss(body) {
      const { user, channel, ts } = inputs.dismiss.parse(body);
      if (workspace.get(channel, ts).visibleTo !== user) throw new Refusal("message_not_found");
      workspace.remove(channel, ts);
    },
    flip(body) {
      const { id, on } = inputs.flip.parse(body);
      panel.flip(id, on);
    },
  };
}

/** Another page in the same browser must not act here: only JSON from our own origin is heard. */
function ownOrigin(request: Request, response: Response, next: NextFunction): void {
  const origin = request.get("origin");
  if (request.is("application/json") && (origin === undefined || new URL(origin).host === request.get("host"))) next();
  else response.status(403).json({ error: "only this page may act here" });
}

/** `POST /sandbox/<act>`: what a person does on the page. */
export function actRoutes(slack: SandboxSlack, panel: Panel): Router {
  const router = express.Router();
  for (const [name, act] of Object.entries(actsOf(slack, panel))) {
    router.post(`/sandbox/${name}`, ownOrigin, express.json({ limit: "256kb" }), async (request, response) => {
      try {
        response.json((await act(request.body)) ?? {});
      } catch (error) {
        if (!(error instanceof Refusal || error instanceof z.ZodError)) throw error;
        response.status(400).json({ error: error instanceof Refusal ? error.code : z.prettifyError(error) });
      }
    });
  }
  return router;
}
