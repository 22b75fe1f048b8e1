import { App, ExpressReceiver, LogLevel } from "@slack/bolt";
import express, { type Express } from "express";
import { lazy } from "../../shared/adapters/lazy.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { Log } from "../../shared/ports/log.ts";
import { unhandled } from "../unhandled.ts";
import { ANSWER_MS_MAX } from "../within.ts";
import type { Verified } from "./verify.ts";

export const SLACK_PATH = "/slack/events";

/** The last resort, for a payload of a kind that Bolt does not know. */
const UNHANDLED_MS = 2600;

/** Bolt's own words go where ours go. */
export function boltLog(log: Log) {
  const words = (parts: readonly unknown[]) => ({ text: parts.map(String).join(" ") });
  return {
    debug: () => undefined,
    info: (...parts: unknown[]) => log.info("bolt", words(parts)),
    warn: (...parts: unknown[]) => log.warn("bolt", words(parts)),
    error: (...parts: unknown[]) => log.error("bolt", words(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}

export interface SlackOptions {
  readonly signingSecret: string;
}

/** The same front door for functions, server, sandbox and tests: an Express app that answers Slack on one path. */
export function slackApp(deps: Deps, options: SlackOptions): { readonly express: Express } {
  const web = express();
  web.disable("x-powered-by");
  // Without a header of ours, Node keeps those that Bolt hands to writeHead out of sight of serverless-http, and a function's
  // answer would lose its content-type.
  web.use((_request, response, next) => {
    response.set("cache-control", "no-store");
    next();
  });
  // A function's start need not wait for what it can be asked for: that is loaded when it is there.
  const inside = lazy(async () => {
    const { reception } = await import("./reception.ts");
    return reception(app, deps, options.signingSecret);
  });
  web.post(SLACK_PATH, async (request, response, next) => (await inside())(request, response, next));
  // Slack looks now and then whether the certificate holds, and wants a 200 for it.
  web.get(SLACK_PATH, (request, response) => void response.status("ssl_check" in request.query ? 200 : 405).send());
  const logger = boltLog(deps.log);
  const receiver = new ExpressReceiver({
    app: web,
    // Verified already, more strictly than Bolt does: Bolt takes requests from the future.
    signatureVerification: false,
    signingSecret: options.signingSecret,
    endpoints: SLACK_PATH,
    // A function is frozen as soon as it has answered.
    processBeforeResponse: true,
    logger,
    unhandledRequestTimeoutMillis: UNHANDLED_MS,
    // Bolt goes by the machine's clock alone: what is still under way by ours is answered by whoever handles it.
    unhandledRequestHandler: async ({ request, response }) => {
      const { dueMs = 0 }: Verified = request as Verified;
      const leftMs = Math.min(UNHANDLED_MS, dueMs + UNHANDLED_MS - ANSWER_MS_MAX - deps.clock.nowMs());
      if (leftMs > 0) await deps.clock.wait(leftMs);
      if (response.writableEnded) return;
      response.statusCode = 200;
      response.end("");
    },
    customPropertiesExtractor: (request) => ({ dueMs: (request as Verified).dueMs }),
  });
  // No token and no ids: calls to Slack go through the port, so Bolt has nobody to ask auth.test for.
  const app = new App({ receiver, logger, authorize: async () => ({}) });
  web.use(unhandled(deps.log));
  inside().catch(() => undefined);
  return { express: web };
}
