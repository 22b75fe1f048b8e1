import { flushCompileCache } from "node:module";
import process from "node:process";
import { compose } from "./functions/compose.ts";
import { environment } from "./functions/environment.ts";
import { metricsPage } from "./functions/metrics.ts";
import { unreachable } from "./functions/reach.ts";
import { tokenRefused } from "./functions/slack-token.ts";
import { socketFront } from "./functions/socket.ts";
import { tracingOf } from "./functions/tracing.ts";
import { download } from "./handlers/download.ts";
import { health } from "./handlers/health.ts";
import { listenOn, work } from "./handlers/run.ts";
import { slackApp } from "./handlers/slack/app.ts";
import { unhandled } from "./handlers/unhandled.ts";
import { prometheus } from "./shared/adapters/prometheus.ts";

function refuse(problems: readonly string[]): void {
  process.stderr.write(`kinvirt can't start:\n${problems.map((one) => `- ${one}\n`).join("")}`);
  process.exitCode = 1;
}

/** `npm run serve`: Slack's front door (HTTP, or Socket Mode), the queue's worker and the sweep in one process. */
async function serve(): Promise<void> {
  const measured = prometheus();
  const composed = compose(environment(), measured.metrics, await tracingOf(environment()));
  if ("problems" in composed) return refuse(composed.problems);
  const { deps, worker, signingSecret, slackTokens, socket, port } = composed;
  const away = [...(await unreachable(deps)), ...(await tokenRefused(slackTokens))];
  if (away.length > 0) {
    await composed.close();
    return refuse(away);
  }
  const web = slackApp(deps, { signingSecret }).express;
  web.use(health(deps), metricsPage(measured), download(deps), unhandled(deps.log));
  const front = await listenOn(web, port, "0.0.0.0");
  const line = socket === undefined ? undefined : await socketFront(deps, signingSecret, socket);
  const back = work(deps, worker);
  // For the next start, also when this process will be killed. Nothing where NODE_COMPILE_CACHE names no folder.
  flushCompileCache();
  deps.log.info("serving", { url: front.url, tenants: Object.keys(deps.config.tenants) });
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    deps.log.info("stopping", { signal });
    await Promise.all([front.stop(), line?.stop()]);
    await back.stop();
    await composed.close();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop(signal));
}

try {
  await serve();
} catch (error) {
  const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  const words = error instanceof Error ? error.message : String(error);
  process.stderr.write(`kinvirt can't start:\n- ${taken ? "PORT is taken: set it to a free one." : words}\n`);
  // What is open already would keep a process alive that serves nobody.
  process.exit(1);
}
