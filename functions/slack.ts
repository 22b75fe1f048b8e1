import serverless from "serverless-http";
import { slackApp } from "../handlers/slack/app.ts";
import type { Deps } from "../shared/ports/deps.ts";

/** API Gateway (HTTP API, payload 2.0, or REST) -> Slack's front door. Bodies may be base64. */
export const slackFunction = (deps: Deps, signingSecret: string) =>
  serverless(slackApp(deps, { signingSecret }).express);
