import express, { type Router } from "express";
import type { SandboxSlack } from "../slack/index.ts";
import { actRoutes } from "./acts.ts";
import { pageFiles } from "./files.ts";
import type { Panel } from "./panel.ts";
import { stream } from "./stream.ts";

/** The page where a person is a developer, an approver or on-call. `folder` is where `sandbox/page` is on disk. */
export function slackPage(slack: SandboxSlack, panel: Panel, folder: string): Router {
  const router = express.Router();
  router.use(pageFiles(folder));
  router.get("/sandbox/stream", stream(slack, panel));
  router.use(actRoutes(slack, panel));
  return router;
}
