/**
 * What a caller can do about it, not which status code it was.
 * - retry: lost, timed out, overloaded or not yet consistent; the effect of a lost POST is unknown until looked up
 * - quota: the project's quota is used up
 * - conflict: the resource is in a state that refuses this change now (PENDING_*, in use); ask again later
 * - denied: credentials are wrong, expired or not allowed this
 * - invalid: the request can never succeed as it is, or the answer had a shape we do not know
 * - missing: it does not exist (any more), or the service is not in the catalog
 * - ambiguous: more than one carries the same mark; a person must look
 */
export type Trouble = "retry" | "quota" | "conflict" | "denied" | "invalid" | "missing" | "ambiguous";

/** OpenStack service types as the service-types authority names them. */
export type ServiceType =
  | "identity"
  | "compute"
  | "image"
  | "network"
  | "load-balancer"
  | "dns"
  | "key-manager"
  | "shared-file-system"
  | "block-storage";

export interface ErrorDetail {
  /** Who said it: the cloud, or the API server of a cluster in it. */
  readonly service: ServiceType | "kubernetes";
  readonly method: string;
  /** Path and query, without host and never with a secret. */
  readonly path: string;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** X-Openstack-Request-Id (or X-Compute-Request-Id): what an operator searches the service's log for. */
  readonly requestId?: string;
  /** The service's own words, shortened. */
  readonly fault: string;
  readonly trouble: Trouble;
  /** Seconds the service asked us to wait (Retry-After). */
  readonly retryAfterSeconds?: number;
  /** True for a POST or PATCH that nobody acted on: it was never sent, or turned away before anything was done. */
  readonly unheard?: true;
  /** It was not sent, because the service has not answered for so many seconds. `fault` is from when it was asked last. */
  readonly silentSeconds?: number;
  readonly cause?: unknown;
}

export class OpenStackError extends Error {
  override readonly name = "OpenStackError";
  readonly detail: ErrorDetail;

  constructor(detail: ErrorDetail) {
    const unsent = detail.silentSeconds === undefined ? "no answer" : "not asked";
    const status = detail.status === undefined ? unsent : String(detail.status);
    const request = detail.requestId === undefined ? "" : ` (${detail.requestId})`;
    super(`${detail.service} ${detail.method} ${detail.path}: ${status}: ${detail.fault}${request}`, {
      cause: detail.cause,
    });
    this.detail = detail;
  }

  get trouble(): Trouble {
    return this.detail.trouble;
  }
}

/** True when `error` is an OpenStackError of one of these troubles. */
export const isTrouble = (error: unknown, ...troubles: readonly Trouble[]): error is OpenStackError =>
  error instanceof OpenStackError && troubles.includes(error.trouble);

/** True when the service itself said something; false when nobody did, or a proxy in front of it. */
export const hasAnswered = ({ trouble, detail }: OpenStackError): boolean =>
  trouble !== "retry" || detail.status === 500;

/**
 * What a failed create may have left behind.
 * - nothing: it was refused or turned away, or the call that makes the resource was never sent
 * - listed: the service has ended its work with an error; whatever it made is in its listings
 * - unknown: it may work on it still
 */
type Remains = "nothing" | "listed" | "unknown";

export function remainsOf({ trouble, detail }: OpenStackError): Remains {
  const unsent = detail.unheard === true || detail.method === "GET" || detail.path === "/auth/tokens";
  if (trouble !== "retry" || unsent) return "nothing";
  return detail.status === 500 ? "listed" : "unknown";
}
