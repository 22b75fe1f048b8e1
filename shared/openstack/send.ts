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

/** All that the client needs from outside. */
export interface Runtime {
  readonly send: Send;
  nowMs(): number;
  wait(ms: number): Promise<void>;
}
