import type { Kind } from "./kinds.ts";
import type { User } from "./rbac.ts";

/** One HTTP request as the API server sees it, after TLS. */
export interface ApiRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, YAML, or Kubernetes' protobuf. */
  readonly body: string | Buffer;
  /** Whom the client certificate names; undefined without one, and "unknown" with one that is not of this cluster. */
  readonly user: User | undefined | "unknown";
}

/** What is asked of a resource, after routing. */
export interface Call {
  readonly verb: string;
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly sub: string | undefined;
  readonly user: User;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly contentType: string;
  readonly accept: string;
  /** `kubectl` of `kubectl/v1.35.2 (linux/amd64)`: whose fields these are when the caller doesn't say. */
  readonly agent: string;
}

export interface Reply {
  readonly status: number;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  /** Instead of a body: lines as they come. Answers how to stop. */
  readonly watch?: (emit: (line: string) => void) => () => void;
  /** How long a watch goes on. */
  readonly seconds?: number;
}
