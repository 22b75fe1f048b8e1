import type { Breaker } from "./breaker.ts";
import type { ServiceType } from "./errors.ts";

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One exchange with one try. Rejects when no answer came; what the request did by then is unknown. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** What is known of one exchange once it has ended. */
export interface Exchanged {
  readonly service: ServiceType;
  readonly method: string;
  /** Without the query, which may name things. */
  readonly path: string;
  readonly seconds: number;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** What the service calls the request. */
  readonly requestId?: string;
  /** Of no answer: what the connection says, `connect ECONNREFUSED 10.0.0.1:5000`. */
  readonly why?: string;
  /** No answer, or a refusal. That what was looked for or deleted is not there is none. */
  readonly failed: boolean;
}

/** All that the client needs from outside. */
export interface Runtime {
  readonly send: Send;
  /** Shared by all that go to the same cloud. */
  readonly breaker?: Breaker;
  /** Hears of each exchange, every try by itself. */
  told?(exchanged: Exchanged): void;
  nowMs(): number;
  wait(ms: number): Promise<void>;
}
