import express, { type Request, type Response, type Router } from "express";
import type { SlackFaults } from "./faults.ts";
import { methods } from "./methods/index.ts";
import type { Parts } from "./methods/method.ts";
import { type Json, Refusal } from "./model.ts";
import type { Oauth } from "./oauth.ts";
import { rateLimits } from "./rate-limits.ts";
import { applyReply } from "./reply.ts";

/** Arguments that are objects, and what Slack says when their JSON can't be read. */
const OBJECTS: Readonly<Record<string, string>> = {
  blocks: "invalid_blocks_format",
  metadata: "invalid_metadata_format",
  view: "invalid_arguments",
  attachments: "invalid_arguments",
};

/** Forms carry objects as JSON text. @throws Refusal as `OBJECTS` says */
function argumentsOf(request: Request): Json {
  const body: unknown = request.body;
  const given: Json = { ...request.query, ...(typeof body === "object" && body !== null ? body : {}) };
  const decoded = Object.entries(given).map(([name, value]): [string, unknown] => {
    const unreadable = OBJECTS[name];
    if (unreadable === undefined || typeof value !== "string") return [name, value];
    try {
      return [name, JSON.parse(value)];
    } catch {
      throw new Refusal(unreadable);
    }
  });
  return Object.fromEntries(decoded);
}

/** @throws Refusal `not_authed`, and what the token is refused for */
function authorise(request: Request, args: Json, oauth: Oauth): void {
  const bearer = /^Bearer (.+)$/.exec(request.get("authorization") ?? "")?.[1];
  const given = bearer ?? (typeof args["token"] === "string" ? args["token"] : undefined);
  if (given === undefined) throw new Refusal("not_authed");
  oauth.authorise(given);
}

/** What is wrong is told twice for blocks, and once for every other argument. */
function refused({ code, messages }: Refusal): Json {
  const told = { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } };
  return {
    ok: false,
    error: code,
    ...(code === "invalid_blocks" ? { errors: messages } : {}),
    ...(messages.length === 0 ? {} : told),
  };
}

export interface DoorOptions {
  readonly oauth: Oauth;
  readonly faults: SlackFaults;
  nowMs(): number;
}

/** The one method that needs no token: it is how one is had. */
const OAUTH = "oauth.v2.access";

/** The Web API under `/slack/api/` and the response URLs under `/slack/response/`. */
export function slackDoor(parts: Parts, { oauth, faults, nowMs }: DoorOptions): Router {
  const router = express.Router();
  const limited = rateLimits(nowMs);
  router.use(
    ["/slack/api", "/slack/response"],
    express.json({ limit: "1mb" }),
    express.urlencoded({ extended: false, limit: "1mb" }),
  );

  router.all("/slack/api/:method", (request: Request, response: Response) => {
    if (faults.down) {
      request.socket.destroy();
      return;
    }
    const name = String(request.params["method"]);
    const ofLimits = faults.limits ? limited(name, String(Object(request.body)["channel"] ?? "")) : 0;
    const retryAfter = Math.max(faults.retryAfterSeconds, ofLimits);
    if (retryAfter > 0) {
      response.status(429).set("retry-after", String(retryAfter)).json({ ok: false, error: "ratelimited" });
      return;
    }
    try {
      const args = argumentsOf(request);
      if (name === OAUTH) return void response.json({ ok: true, ...oauth.access(args) });
      authorise(request, args, oauth);
      const method = methods[name];
      if (method === undefined) throw new Refusal("unknown_method");
      response.json({ ok: true, ...method(args, parts) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.json(refused(error));
    }
  });

  router.post("/slack/response/:id", (request: Request, response: Response) => {
    try {
      const to = parts.tickets.useReply(String(request.params["id"]));
      applyReply(parts.workspace, to, argumentsOf(request));
      response.send("ok");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.status(error.code.endsWith("_url") ? 404 : 400).json(refused(error));
    }
  });
  return router;
}
