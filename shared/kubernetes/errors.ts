import * as z from "zod";
import type { KubernetesRequest, KubernetesResponse } from "./send.ts";

export interface KubernetesFailure {
  readonly method: KubernetesRequest["method"];
  readonly path: string;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** Kubernetes' own word: `NotFound`, `Conflict`, `Forbidden`; `Unreachable` when no answer came. */
  readonly reason: string;
  /** The server's own words, shortened; withheld where they may quote a Secret. */
  readonly message: string;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

export class KubernetesError extends Error {
  override readonly name = "KubernetesError";
  readonly failure: KubernetesFailure;

  constructor(failure: KubernetesFailure) {
    const status = failure.status === undefined ? "no answer" : `${failure.status} ${failure.reason}`;
    super(`kubernetes ${failure.method} ${failure.path}: ${status}: ${failure.message}`, { cause: failure.cause });
    this.failure = failure;
  }

  get status(): number | undefined {
    return this.failure.status;
  }

  get reason(): string {
    return this.failure.reason;
  }

  /** Nobody answered for the API server: what the request did is unknown, and asking again later may help. */
  get unreachable(): boolean {
    return this.failure.status === undefined;
  }
}

/** True when `error` is the API server's refusal for one of these reasons. */
export const isRefusal = (error: unknown, ...reasons: readonly string[]): error is KubernetesError =>
  error instanceof KubernetesError && reasons.includes(error.reason);

const MESSAGE_MAX = 500;

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
const statusAnswer = z.object({
  kind: z.literal("Status"),
  reason: z.string().optional(),
  message: z.string().optional(),
  details: z.object({ retryAfterSeconds: z.number().optional() }).optional(),
});

/** A decoder or a validator may quote what it did not like. */
const isSecret = (path: string): boolean => /\/secrets(\/|\?|$)/.test(path);

const whereOf = ({ method, path }: KubernetesRequest) => ({ method, path: path.replace(/\?.*/, "") });

export function unreachable(request: KubernetesRequest, cause: unknown): KubernetesError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new KubernetesError({
    ...whereOf(request),
    reason: "Unreachable",
    message: message.slice(0, MESSAGE_MAX),
    cause,
  });
}

export function refused(request: KubernetesRequest, response: KubernetesResponse): KubernetesError {
  const told = statusAnswer.safeParse(jsonOf(response.body)).data;
  const retryAfterSeconds = told?.details?.retryAfterSeconds;
  const words = told?.message ?? (response.body.trim() || "no reason was given");
  return new KubernetesError({
    ...whereOf(request),
    status: response.status,
    reason: told?.reason ?? "Unknown",
    message: isSecret(request.path) ? "the server's words may quote a Secret" : words.slice(0, MESSAGE_MAX),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

export const unreadable = (request: KubernetesRequest, status: number, where: string): KubernetesError =>
  new KubernetesError({
    ...whereOf(request),
    status,
    reason: "Unreadable",
    message: `the answer has an unexpected shape at ${where}`,
  });

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
