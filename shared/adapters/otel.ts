import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { Log } from "../ports/log.ts";
import type { Facts, Tracing } from "../ports/tracing.ts";
import { reasonOf } from "./error-code.ts";
import { framedTracing } from "./otel-frames.ts";
import { openSdk } from "./otel-sdk.ts";
import type { OtelSettings } from "./otel-settings.ts";

/** A person waits for a function's answer, which its spans go out before. */
const FLUSH_MS = 300;
const CLOSE_MS = 5000;
/** For how long a function does not wait for whoever took no spans, and how often that is told. */
const REST_MS = 60_000;

export interface OpenTracing {
  readonly tracing: Tracing;
  /** Of what goes on, for the log. Source: https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/ */
  ids(): Facts;
  /** Sends what has ended so far, unless nobody takes it at once. */
  flush(): Promise<void>;
  /** Sends the rest, for five seconds at most. */
  close(): Promise<void>;
}

/** False: it failed, or took longer. */
async function inTime(ms: number, work: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  const done = work.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([done, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What comes of exports: told once a minute when they fail. */
function watch(log: Log) {
  let restsUntilMs = 0;
  const failed = (reason: string): void => {
    if (Date.now() < restsUntilMs) return;
    restsUntilMs = Date.now() + REST_MS;
    log.warn("tracing.failed", { reason });
  };
  return {
    failed,
    rests: () => Date.now() < restsUntilMs,
    watched: (exporter: SpanExporter): SpanExporter => ({
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          if (result.error !== undefined) failed(reasonOf(result.error));
          done(result);
        }),
      shutdown: () => exporter.shutdown(),
    }),
  };
}

/** OpenTelemetry's SDK over OTLP. Whoever takes the spans may be away: then they are lost, and nothing else is. */
export async function openTracing(
  settings: OtelSettings,
  env: Readonly<Record<string, string | undefined>>,
  { log, nowMs = () => Date.now() }: { readonly log: Log; readonly nowMs?: () => number },
): Promise<OpenTracing> {
  const { watched, rests, failed } = watch(log);
  const { provider, begin } = await openSdk(settings, env, watched);
  const { ids, ...tracing } = framedTracing(begin, nowMs);
  return {
    tracing,
    ids,
    async flush() {
      if (!rests() && !(await inTime(FLUSH_MS, provider.forceFlush()))) failed(`no answer within ${FLUSH_MS} ms`);
    },
    close: async () => void (await inTime(CLOSE_MS, provider.shutdown())),
  };
}
