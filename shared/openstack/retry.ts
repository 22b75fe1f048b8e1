import { mayBegin, timeFor } from "./deadline.ts";
import { OpenStackError } from "./errors.ts";
import type { Exchanged, HttpRequest, HttpResponse, Runtime } from "./send.ts";
import { type Asked, impossible, notAsked, refused, requestIdOf, retryAfterSeconds, unanswered } from "./trouble.ts";

const TRIES = 3;
const FIRST_DELAY_MS = 500;
const DELAY_MS_MAX = 30_000;
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Nobody who could answer was behind the proxy. A 500 is about one request, and must not keep others' from being sent. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

/** Sending twice leaves what sending once leaves. Source: RFC 9110 section 9.2.2. */
export const isRepeatable = (method: string): boolean => ["GET", "HEAD", "PUT", "DELETE"].includes(method);

const hasFailed = (method: string, status: number | undefined): boolean =>
  status === undefined || (status >= 400 && !(status === 404 && ["GET", "HEAD", "DELETE"].includes(method)));

/** One try, told to who wants to know. `whole`: it has all the time that such a call may take. */
async function sent(runtime: Runtime, asked: Asked, request: HttpRequest, whole: boolean): Promise<HttpResponse> {
  const { service, method, path } = asked;
  const turn = runtime.breaker?.enter(service);
  if (turn !== undefined && "silentSeconds" in turn) throw notAsked(asked, turn);
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
    if (AWAY.has(response.status)) turn?.failed(refused(asked, response, runtime.nowMs()).detail.fault);
    else turn?.answered();
    return response;
  } catch (cause) {
    tell({ why: cause instanceof Error ? cause.message : String(cause) });
    if (whole) turn?.failed(unanswered(asked, cause).detail.fault);
    throw cause;
  }
}

/** Where the answer sends us, if that is another place: a token goes nowhere but to the address that we were given. */
function elsewhere({ url }: HttpRequest, { status, headers }: HttpResponse): string | undefined {
  const location = headers["location"];
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined || !URL.canParse(location, url)) return;
  const { origin } = new URL(location, url);
  return origin === new URL(url).origin ? undefined : origin;
}

/**
 * The answer of at most three tries, whatever its status; throws `retry` when none came. Between tries it waits as long as
 * Retry-After says (30 s at most), or 0.5 s and 1 s. What is not repeatable is sent once, and so is what goes to a service that
 * has not answered for a while; `retry` too when that is not to be asked now. OutOfTime: it was not sent at all,
 * because the deadline of whoever asks has passed.
 */
export async function exchange(
  runtime: Runtime,
  asked: Asked,
  request: HttpRequest,
  repeatable: boolean,
): Promise<HttpResponse> {
  for (let tried = 1; ; tried++) {
    const isLast = (): boolean => !repeatable || tried === TRIES || runtime.breaker?.rests(asked.service) === true;
    const backOffMs = FIRST_DELAY_MS * 2 ** (tried - 1);
    const timeoutMs = timeFor(request.timeoutMs, `${asked.service} ${asked.method}`);
    let response: HttpResponse;
    try {
      response = await sent(runtime, asked, { ...request, timeoutMs }, timeoutMs === request.timeoutMs);
    } catch (cause) {
      if (cause instanceof OpenStackError) throw cause;
      if (isLast() || !mayBegin(backOffMs)) throw unanswered(asked, cause);
      await runtime.wait(backOffMs);
      continue;
    }
    const origin = elsewhere(request, response);
    if (origin !== undefined) {
      const key =
        asked.path === "/auth/tokens" ? "auth_url" : `${asked.service.replaceAll("-", "_")}_endpoint_override`;
      throw impossible(
        asked,
        `its address sends us on to ${origin}: write the new one as ${key} into clouds.yaml`,
        response,
      );
    }
    if (!PASSING.has(response.status) || isLast()) return response;
    const seconds = retryAfterSeconds(response, runtime.nowMs());
    const pauseMs = seconds === undefined ? backOffMs : Math.min(seconds * 1000, DELAY_MS_MAX);
    if (!mayBegin(pauseMs)) return response;
    await runtime.wait(pauseMs);
  }
}
