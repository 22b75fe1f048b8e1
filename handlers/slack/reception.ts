import type { App } from "@slack/bolt";
import { type RequestHandler, Router } from "express";
import type { Deps } from "../../shared/ports/deps.ts";
import { listen } from "./listen.ts";
import { outsiders } from "./outsiders.ts";
import { traced } from "./traced.ts";
import { verify } from "./verify.ts";

/** Who is let in before Bolt, and who answers behind it. All that the bot can be asked for comes with this file. */
export function reception(app: App, deps: Deps, signingSecret: string): RequestHandler {
  listen(app, deps);
  return Router().use(verify(deps, signingSecret), traced(deps), outsiders(deps));
}
