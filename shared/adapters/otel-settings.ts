type Env = Readonly<Record<string, string | undefined>>;

/** As OpenTelemetry's own libraries read them, except that what is wrong is told and not passed over. */
export interface OtelSettings {
  readonly protocol: "http/protobuf" | "http/json";
  /** How much of what happens is traced, from 0 to 1; of each trace all or nothing. */
  readonly share: number;
}

/** Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ (OTEL_TRACES_SAMPLER) */
const SAMPLERS = ["always_on", "always_off", "traceidratio"];

function shareOf(env: Env, problems: string[]): number {
  const sampler = env["OTEL_TRACES_SAMPLER"] || "parentbased_always_on";
  // What our spans are in are spans of ours, and the trace's id alone decides for all of them.
  const kind = sampler.replace(/^parentbased_/, "");
  const arg = env["OTEL_TRACES_SAMPLER_ARG"] || "1";
  const share = Number(arg);
  if (!SAMPLERS.includes(kind)) {
    const known = [...SAMPLERS, ...SAMPLERS.map((one) => `parentbased_${one}`)].join(", ");
    problems.push(`OTEL_TRACES_SAMPLER is "${sampler}": write one of ${known}.`);
  } else if (kind === "traceidratio" && !(share >= 0 && share <= 1))
    problems.push(`OTEL_TRACES_SAMPLER_ARG is "${arg}": write a number from 0 to 1, the share of all traces.`);
  return kind === "always_off" ? 0 : kind === "always_on" ? 1 : share;
}

function protocolOf(env: Env, problems: string[]): OtelSettings["protocol"] {
  const name = env["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"]
    ? "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"
    : "OTEL_EXPORTER_OTLP_PROTOCOL";
  const protocol = env[name] || "http/protobuf";
  if (protocol === "http/protobuf" || protocol === "http/json") return protocol;
  problems.push(`${name} is "${protocol}": write http/protobuf or http/json. A collector takes both at port 4318.`);
  return "http/protobuf";
}

/** Undefined: nobody wants traces. */
export function otelSettings(env: Env, problems: string[]): OtelSettings | undefined {
  const names = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
  const name = names.find((one) => (env[one] ?? "") !== "");
  const exporter = env["OTEL_TRACES_EXPORTER"] || "otlp";
  const isOff = exporter === "none" || env["OTEL_SDK_DISABLED"]?.toLowerCase() === "true";
  if (name === undefined || isOff) return undefined;
  if (exporter !== "otlp") problems.push(`OTEL_TRACES_EXPORTER is "${exporter}": write otlp, or none for no traces.`);
  const url = env[name] ?? "";
  if (!URL.canParse(url) || !/^https?:/.test(url))
    problems.push(`${name} is not an http or https address: write http://HOST:4318, or leave it out for no traces.`);
  return { protocol: protocolOf(env, problems), share: shareOf(env, problems) };
}
