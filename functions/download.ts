import express from "express";
import serverless from "serverless-http";
import { download } from "../handlers/download.ts";
import { unhandled } from "../handlers/unhandled.ts";
import type { Deps } from "../shared/ports/deps.ts";

/** API Gateway (HTTP API, payload 2.0) -> the page and the file behind a one-time link. */
export const downloadFunction = (deps: Deps) =>
  serverless(express().disable("x-powered-by").use(download(deps), unhandled(deps.log)));
