import type { OpenTracing } from "../shared/adapters/otel.ts";
import { otelSettings } from "../shared/adapters/otel-settings.ts";
import { pinoLog } from "../shared/adapters/pino-log.ts";
import type { Metrics } from "../shared/ports/metrics.ts";
import type { Env, Problems } from "./clouds.ts";
import { environment } from "./environment.ts";

/** Undefined: nobody wants traces. */
export type Traced = OpenTracing | Problems | undefined;

/** The libraries read their own settings (headers, certificates, batches) from the environment and from nowhere else. */
function publish(env: Env): void {
  if (env === environment()) return;
  const theirs = Object.entries(env).filter(([name, value]) => name.startsWith("OTEL_") && value !== undefined);
  Object.assign(environment(), Object.fromEntries(theirs));
}

/** OpenTelemetry, where the environment names who takes the traces; where it does not, nothing of it is loaded. */
export async function tracingOf(env: Env): Promise<Traced> {
  const problems: string[] = [];
  const settings = otelSettings(env, problems);
  if (problems.length > 0) return { problems };
  if (settings === undefined) return undefined;
  publish(env);
  const { openTracing } = await import("../shared/adapters/otel.ts");
  return openTracing(settings, env, { log: pinoLog() });
}

/** What each part of a process gets of it. */
export function observed(metrics: Metrics | undefined, traced: Traced) {
  const problems = traced !== undefined && "problems" in traced ? [...traced.problems] : [];
  const open = traced === undefined || "problems" in traced ? undefined : traced;
  return {
    problems,
    measured: {
      ...(metrics === undefined ? {} : { metrics }),
      ...(open === undefined ? {} : { tracing: open.tracing }),
    },
    ids: open === undefined ? {} : { ids: open.ids },
    endTraces: async () => open?.close(),
  };
}

type Handler<Event, Answer> = (event: Event, context: object) => Promise<Answer>;

/** What a call has caused is sent before it ends, because the function may be frozen for long then. */
export function flushed<Event, Answer>(handler: Handler<Event, Answer>, traced: Traced): Handler<Event, Answer> {
  if (traced === undefined || "problems" in traced) return handler;
  return async (event, context) => {
    try {
      return await handler(event, context);
    } finally {
      await traced.flush();
    }
  };
}
