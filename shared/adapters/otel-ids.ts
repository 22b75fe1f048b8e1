import { createHash } from "node:crypto";

/** In lower-case hexadecimal: 32 digits of the trace, 16 of the span. */
export interface Ids {
  readonly trace: string;
  readonly span: string;
}

const digits = (what: string, words: string, length: number): string =>
  createHash("sha256").update(`kinvirt ${what} ${words}`).digest("hex").slice(0, length);

/** The same words are the same trace, for every process and at any time. */
export const traceIdOf = (words: string): string => digits("trace", words, 32);
export const spanIdOf = (words: string): string => digits("span", words, 16);

/** Source: https://www.w3.org/TR/trace-context/#traceparent-header */
export const traceparentOf = ({ trace, span }: Ids, sampled: boolean): string =>
  `00-${trace}-${span}-${sampled ? "01" : "00"}`;

/** Undefined: there is none, or it is none of ours. */
export function idsIn(traceparent: string | undefined): Ids | undefined {
  const [, trace, span] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent ?? "") ?? [];
  return trace === undefined || span === undefined ? undefined : { trace, span };
}
