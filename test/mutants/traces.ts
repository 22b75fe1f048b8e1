import { among, type Mutant } from "./mutant.ts";

const life = ["test/functions/traced-life.test.ts"];
const tests = ["test/functions/tracing.test.ts"];
const queues = ["test/shared/adapters/queue.test.ts"];

/** What is told of who caused what, and how late messages are. */
export const traces: readonly Mutant[] = [
  ...among({ file: "shared/adapters/otel-frames.ts", tests: life }, [
    {
      name: "a request's first span has ids that nobody else can derive",
      find: "? { trace: traceIdOf(trace), own: spanIdOf(trace) }",
      replace: "? { trace: traceIdOf(trace) }",
    },
    {
      name: "what woke a pass is not told",
      find: "from === undefined || from.span === at.parent ? [] : [from]",
      replace: "[]",
    },
    {
      name: "a sweep that wakes nobody is a trace of its own",
      find: "frame.begun === undefined && frame.start.ifBusy === true && error === undefined",
      replace: "false",
      tests,
    },
    {
      name: "what turns out late to be a trace's begin is not in it",
      find: "if (place.inside === undefined)",
      replace: "if (place.inside === name)",
      tests,
    },
  ]),
  ...among({ file: "shared/adapters/otel.ts", tests }, [
    {
      name: "a function waits each time for whoever takes no spans",
      find: "if (!rests() && !(await inTime",
      replace: "if (!(await inTime",
    },
    {
      name: "a process ends without its last spans",
      find: "provider.shutdown()",
      replace: "Promise.resolve()",
    },
  ]),
  ...among({ file: "functions/tracing.ts", tests }, [
    {
      name: "a function is frozen before its spans have gone",
      find: "await traced.flush();",
      replace: "setImmediate(() => void traced.flush());",
    },
    {
      name: "OpenTelemetry is loaded for nobody",
      find: "if (settings === undefined) return undefined;",
      replace:
        'await import("../shared/adapters/otel-sdk.ts");\n  await import("@opentelemetry/api");\n  if (settings === undefined) return undefined;',
    },
  ]),
  ...among({ file: "functions/observe.ts", tests: life }, [
    {
      name: "the ids of what is called are in a span's name",
      find: '(part) ? part : "{id}")',
      replace: "(part) ? part : part)",
    },
    {
      name: "messages do not say who sends them",
      find: "queue.enqueue(message, afterSeconds, tracing.traceparent())",
      replace: "queue.enqueue(message, afterSeconds)",
    },
  ]),
  {
    name: "the name of a command is whatever a person typed",
    file: "handlers/slack/traced.ts",
    find: 'commands.find(({ name }) => name === word)?.name ?? "help"',
    replace: 'word ?? "help"',
    tests: life,
  },
  {
    name: "while a delete waits, the create is told with it",
    file: "handlers/work/measure.ts",
    find: "/^request:(.+)$/.exec(message?.key",
    replace: "/^none:(.+)$/.exec(message?.key",
    tests: ["test/handlers/work/measure.test.ts"],
    only: "traced",
  },
  {
    name: "of equal messages the last one's sender is told",
    file: "shared/adapters/memory-queue.ts",
    find: "equal?.traceparent ?? traceparent",
    replace: "traceparent ?? equal?.traceparent",
    tests: queues,
    only: "memory",
  },
  {
    name: "of equal messages in SQLite the last one's sender is told",
    file: "shared/adapters/sqlite-queue.ts",
    find: "traceparent = coalesce(traceparent, excluded.traceparent)",
    replace: "traceparent = coalesce(excluded.traceparent, traceparent)",
    tests: queues,
    only: "sqlite",
  },
  {
    name: "what SQS was to hold back counts as late",
    file: "shared/adapters/sqs-attributes.ts",
    find: " - Number(delay) * 1000",
    replace: "",
    tests: ["test/functions/observe.test.ts"],
    only: "SQS",
  },
];
