import { AsyncLocalStorage } from "node:async_hooks";
import type { Facts, Place, SpanStart, Tracing } from "../ports/tracing.ts";
import { type Ids, idsIn, spanIdOf, traceIdOf, traceparentOf } from "./otel-ids.ts";

/** Where a span is to be: what is left out is drawn. Without a parent it is the first of its trace. */
export interface At {
  readonly trace?: string;
  readonly parent?: string;
  readonly own?: string;
}

/** A span under way. */
export interface Begun {
  readonly ids: Ids;
  readonly sampled: boolean;
  tell(facts: Facts): void;
  link(to: Ids): void;
  /** `error`: what kind of failure ended it. */
  end(atMs: number, error?: string): void;
}

export interface Beginning {
  readonly name: string;
  readonly kind: "internal" | "server" | "client" | "consumer";
  readonly startMs: number;
  readonly facts: Facts;
  readonly links: readonly Ids[];
}

export type Begin = (what: Beginning, at: At) => Begun;

/** What goes on. Its span is begun as late as can be, because until then it may turn out which trace it is a part of. */
interface Frame {
  readonly start: SpanStart;
  readonly startMs: number;
  readonly outer: Frame | undefined;
  place?: Place;
  begun?: Begun;
}

const outermost = (frame: Frame): Frame => (frame.outer === undefined ? frame : outermost(frame.outer));

/** Without `inside`, it is the first of its trace itself. */
const derived = ({ trace, inside }: Place): At =>
  inside === undefined
    ? { trace: traceIdOf(trace), own: spanIdOf(trace) }
    : { trace: traceIdOf(trace), parent: spanIdOf(inside) };

const kindOfError = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

/** What is done with a frame, whatever goes on in it. */
function keeper(begin: Begin, nowMs: () => number) {
  function whereabouts({ outer, place, start }: Frame): At {
    if (outer !== undefined) return within(outer);
    if (place !== undefined) return derived(place);
    const from = idsIn(start.from);
    return from === undefined ? {} : { trace: from.trace, parent: from.span };
  }

  function opened(frame: Frame): Begun {
    if (frame.begun !== undefined) return frame.begun;
    const { start, startMs } = frame;
    const at = whereabouts(frame);
    const from = idsIn(start.from);
    const links = from === undefined || from.span === at.parent ? [] : [from];
    const { name, kind = "internal", facts = {} } = start;
    frame.begun = begin({ name, kind, startMs, facts, links }, at);
    return frame.begun;
  }

  function within(frame: Frame): At {
    const { trace, span } = opened(frame).ids;
    return { trace, parent: span };
  }

  /** What goes on was told already, so it stays where it is; the first of a trace is made in its stead. */
  function linked(frame: Frame, place: Place): void {
    const { name, kind = "internal" } = frame.start;
    const begun = opened(frame);
    if (place.inside === undefined)
      begin({ name, kind, startMs: frame.startMs, facts: {}, links: [begun.ids] }, derived(place)).end(nowMs());
    begun.link({ trace: traceIdOf(place.trace), span: spanIdOf(place.inside ?? place.trace) });
  }

  return {
    opened,
    within,
    put(frame: Frame, place: Place): void {
      const first = outermost(frame);
      if (first.place?.trace === place.trace) return;
      if (first.place === undefined && first.begun === undefined) first.place = place;
      else linked(first, place);
    },
    ended(frame: Frame, facts: Facts, error?: string): void {
      if (frame.begun === undefined && frame.start.ifBusy === true && error === undefined) return;
      const begun = opened(frame);
      const about = frame.place === undefined ? {} : { "kinvirt.about": frame.place.trace };
      begun.tell({ ...facts, ...about });
      begun.end(nowMs(), error);
    },
  };
}

/** Who causes what, kept along with what runs; `begin` makes spans of it. */
export function framedTracing(begin: Begin, nowMs: () => number): Tracing & { ids(): Facts } {
  const frames = new AsyncLocalStorage<Frame>();
  const { opened, within, put, ended } = keeper(begin, nowMs);
  /** Of what goes on, if anything does. */
  const here = <T>(use: (frame: Frame) => T): T | undefined => {
    const frame = frames.getStore();
    return frame === undefined ? undefined : use(frame);
  };
  return {
    async during(start, work, answered) {
      const frame: Frame = { start, startMs: start.startMs ?? nowMs(), outer: frames.getStore() };
      try {
        const answer = await frames.run(frame, work);
        ended(frame, answered?.(answer) ?? {});
        return answer;
      } catch (error) {
        ended(frame, {}, kindOfError(error));
        throw error;
      }
    },
    begins: (trace) => here((frame) => put(frame, { trace })),
    belongs: (place) => here((frame) => put(frame, place)),
    call: ({ name, seconds, facts, error }) =>
      here((frame) => {
        const endMs = nowMs();
        const span = { name, kind: "client", startMs: endMs - seconds * 1000, facts, links: [] } as const;
        begin(span, within(frame)).end(endMs, error);
      }),
    past({ name, startMs, endMs, facts, trace, span, inside }) {
      const parent = inside === undefined ? {} : { parent: spanIdOf(inside) };
      const at = { trace: traceIdOf(trace), own: spanIdOf(span), ...parent };
      begin({ name, kind: "internal", startMs, facts, links: [] }, at).end(endMs);
    },
    traceparent: () =>
      here((frame) => {
        const { ids, sampled } = opened(frame);
        return traceparentOf(ids, sampled);
      }),
    ids: () =>
      here((frame) => {
        const { trace, span } = opened(frame).ids;
        return { trace_id: trace, span_id: span };
      }) ?? {},
  };
}
