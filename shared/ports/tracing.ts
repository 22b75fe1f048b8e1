/** What a span says besides its name: OpenTelemetry's attributes. Never a secret, and never what a person wrote. */
export type Facts = Readonly<Record<string, string | number>>;

export interface SpanStart {
  /** One of a handful: what differs from one to the next is among the facts. */
  readonly name: string;
  /** `internal` unless told. */
  readonly kind?: "server" | "consumer";
  readonly facts?: Facts;
  /** When it began, where that was before it is told. */
  readonly startMs?: number;
  /** The `traceparent` that came with it: of what asked for it. */
  readonly from?: string;
  /** True: it is left out where nothing happens in it. */
  readonly ifBusy?: true;
}

/** Something that has just ended, and that caused nothing which is traced itself. */
export interface Call {
  readonly name: string;
  readonly seconds: number;
  readonly facts: Facts;
  /** Of a failure: a status, Slack's or the system's code. */
  readonly error?: string | undefined;
}

/**
 * Where in which trace something is. The ids are derived from these words, so whoever works on an operation, in whatever
 * process and however long after, finds its trace without being told.
 */
export interface Place {
  readonly trace: string;
  /** The span that it is inside of. */
  readonly inside?: string;
}

/** An operation, told when it has ended: others have long put theirs inside of it. */
export interface Past extends Place {
  readonly span: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly facts: Facts;
}

/** Takes note of what happens and why; it never fails, waits, or changes what it takes note of. */
export interface Tracing {
  /** All that `work` causes until it ends is inside this span. `ended` is asked what came of it. */
  during<T>(start: SpanStart, work: () => Promise<T>, ended?: (answer: T) => Facts): Promise<T>;
  /** What goes on turns out to be the begin of this trace: others will be inside of it. */
  begins(trace: string): void;
  /** What goes on turns out to be a part of this; where its own trace is told already, it is linked with that. */
  belongs(place: Required<Place>): void;
  call(call: Call): void;
  past(past: Past): void;
  /** For whoever goes on with what goes on here. Source: https://www.w3.org/TR/trace-context/#traceparent-header */
  traceparent(): string | undefined;
}

/** The same where nobody traces. */
export const inSpan = <T>(
  { tracing }: { readonly tracing?: Tracing },
  start: SpanStart,
  work: () => Promise<T>,
  ended?: (answer: T) => Facts,
): Promise<T> => (tracing === undefined ? work() : tracing.during(start, work, ended));
