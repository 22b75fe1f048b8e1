import type { Exchanged, HttpRequest, HttpResponse, Runtime } from "./send.ts";
import { type Asked, requestIdOf, retryAfterSeconds, unanswered } from "./trouble.ts";

const TRIES = 3;
const FIRST_DELAY_MS = 500;
const DELAY_MS_MAX = 30_000;
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Sending twice leaves what sending once leaves. Source: RFC 9110 section 9.2.2. */
export const isRepeatable = (method: string): boolean => ["GET", "HEAD", "PUT", "DELETE"].includes(method);

const hasFailed = (method: string, status: number | undefined): boolean =>
  status === undefined || (status >= 400 && !(status === 404 && ["GET", "HEAD", "DELETE"].includes(method)));

/** One try, told to who wants to know. */
async function sent(runtime: Runtime, { service, method, path }: Asked, request: HttpRequest): Promise<HttpResponse> {
  const begunMs = runtime.nowMs();
  const tell = (end: Pick<Exchanged, "status" | "requestId" | "why">): void => {
    const seconds = Math.max(0, runtime.nowMs() - begunMs) / 1000;
    const failed = hasFailed(method, end.status);
    runtime.told?.({ service, method, path: path.split("?")[0] ?? "", seconds, failed, ...end });
  };
  try {
    const response = await runtime.send(request);
    const requestId = requestIdOf(response);
    tell({ status: response.status, ...(requestId === undefined ? {} : { requestId }) });
    return response;
  } catch (cause) {
    tell({ why: cause instanceof Error ? cause.message : String(cause) });
    throw cause;
  }
}

/**
 * The answer of at most three tries, whatever its status; throws `retry` when none came. Between tries it waits as long as
 * Retry-After says (30 s at most), or 0.5 s and 1 s. What is not repeatable is sent once.
 */
export async function exchange(
  runtime: Runtime,
  asked: Asked,
  request: HttpRequest,
  repeatable: boolean,
): Promise<HttpResponse> {
  for (let tried = 1; ; tried++) {
    const last = !repeatable || tried === TRIES;
    const backOffMs = FIRST_DELAY_MS * 2 ** (tried - 1);
    let response: HttpResponse;
    try {
      response = await sent(runtime, asked, request);
    } catch (cause) {
      if (last) throw unanswered(asked, cause);
      await runtime.wait(backOffMs);
      continue;
    }
    if (last || !PASSING.has(response.status)) return response;
    const seconds = retryAfterSeconds(response, runtime.nowMs());
    await runtime.wait(seconds === undefined ? backOffMs : Math.min(seconds * 1000, DELAY_MS_MAX));
  }
}
