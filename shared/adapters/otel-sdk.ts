import { randomUUID } from "node:crypto";
import type { Attributes, HrTime, Link } from "@opentelemetry/api";
import type { IdGenerator, SpanExporter, TracerProviderOptions } from "@opentelemetry/sdk-trace";
import type { Facts } from "../ports/tracing.ts";
import type { At, Begin } from "./otel-frames.ts";
import type { Ids } from "./otel-ids.ts";
import type { OtelSettings } from "./otel-settings.ts";
import { redaction } from "./redaction.ts";

type Env = Readonly<Record<string, string | undefined>>;

async function libraries(protocol: OtelSettings["protocol"]) {
  const [api, sdk, resources, { OTLPTraceExporter }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/resources"),
    protocol === "http/json"
      ? import("@opentelemetry/exporter-trace-otlp-http")
      : import("@opentelemetry/exporter-trace-otlp-proto"),
  ]);
  return { api, sdk, resources, exporter: new OTLPTraceExporter() as SpanExporter };
}
type Libraries = Awaited<ReturnType<typeof libraries>>;

/** Who speaks. Source: https://opentelemetry.io/docs/specs/semconv/resource/ */
function resourceOf({ resources }: Libraries, env: Env) {
  const { resourceAttributesEnvDetector, serviceNameEnvDetector } = resources;
  const name = env["AWS_LAMBDA_FUNCTION_NAME"];
  const aws = { "cloud.provider": "aws", "cloud.region": env["AWS_REGION"] ?? "", "faas.name": name ?? "" };
  const own = { "service.name": "kinvirt", "service.instance.id": randomUUID(), ...(name === undefined ? {} : aws) };
  return resources
    .defaultResource()
    .merge(resources.resourceFromAttributes(own))
    .merge(resources.detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] }));
}

/** Draws ids, except those that are wished for the span that is made just now. */
function ids({ sdk }: Libraries) {
  const random = new sdk.RandomIdGenerator();
  let wish: At = {};
  const idGenerator: IdGenerator = {
    generateTraceId: () => wish.trace ?? random.generateTraceId(),
    generateSpanId: () => wish.own ?? random.generateSpanId(),
  };
  return {
    idGenerator,
    wishing<T>(at: At, make: () => T): T {
      wish = at;
      try {
        return make();
      } finally {
        wish = {};
      }
    },
  };
}

/** As two numbers, because one is taken for another clock's when it is before the process. */
const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.floor((ms % 1000) * 1e6)];

/** Sends spans to whom the environment names; `watched` may look at what comes of it. */
export async function openSdk(
  { protocol, share }: OtelSettings,
  env: Env,
  watched: (exporter: SpanExporter) => SpanExporter,
) {
  const all = await libraries(protocol);
  const { api, sdk } = all;
  const { idGenerator, wishing } = ids(all);
  const config: TracerProviderOptions = {
    resource: resourceOf(all, env),
    // By the trace's id alone: all processes decide alike on a trace that they share.
    sampler: new sdk.TraceIdRatioBasedSampler(share),
    idGenerator,
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: watched(all.exporter) })],
  };
  const provider = new sdk.TracerProvider(config);
  const tracer = provider.getTracer("kinvirt");
  const clean = redaction();
  const attributes = (facts: Facts): Attributes => clean(facts) as Attributes;
  const kinds = {
    internal: api.SpanKind.INTERNAL,
    server: api.SpanKind.SERVER,
    client: api.SpanKind.CLIENT,
    consumer: api.SpanKind.CONSUMER,
  };
  const contextOf = ({ trace, span }: Ids) => ({ traceId: trace, spanId: span, traceFlags: api.TraceFlags.SAMPLED });
  const linkOf = (to: Ids): Link => ({ context: contextOf(to) });
  const begin: Begin = ({ name, kind, startMs, facts, links }, at) => {
    const { trace, parent } = at;
    const inside =
      trace === undefined || parent === undefined
        ? api.ROOT_CONTEXT
        : api.trace.setSpanContext(api.ROOT_CONTEXT, contextOf({ trace, span: parent }));
    const told = {
      kind: kinds[kind],
      startTime: hrTime(startMs),
      attributes: attributes(facts),
      links: links.map(linkOf),
    };
    const span = wishing(at, () => tracer.startSpan(name, told, inside));
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      ids: { trace: traceId, span: spanId },
      sampled: traceFlags === api.TraceFlags.SAMPLED,
      tell: (more) => void span.setAttributes(attributes(more)),
      link: (to) => void span.addLink(linkOf(to)),
      end(atMs, error) {
        if (error !== undefined) span.setAttribute("error.type", error).setStatus({ code: api.SpanStatusCode.ERROR });
        span.end(hrTime(atMs));
      },
    };
  };
  return { provider, begin };
}
