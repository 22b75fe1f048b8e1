import type { ErrorRequestHandler } from "express";
import type { Log } from "../shared/ports/log.ts";

const BROKEN = 500;

/** Express says what a request's own fault is by a 4xx on the error: a path that is no UTF-8. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && "status" in error ? Number(error.status) : BROKEN;
  return status >= 400 && status < BROKEN ? status : BROKEN;
}

/**
 * The last of each front door, for what nobody there has caught. Express itself would show the stack to whoever has asked, and
 * write it beside the log. What was wrong with a request is not told anywhere: its path may hold a token.
 */
export const unhandled =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    // Whoever sent it has gone.
    if (request.readableAborted) return;
    const status = statusOf(error);
    if (status < BROKEN) log.warn("http.refused", { status });
    else log.error("http.broke", { error: error instanceof Error ? error.stack : String(error) });
    if (response.headersSent) return void response.destroy();
    response.status(status).type("text/plain").send("This can't be answered.");
  };
