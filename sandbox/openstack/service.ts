import type { ServiceType } from "../../shared/openstack/errors.ts";

/** One HTTP request as a service sees it: the path below the service's endpoint, query and parsed JSON body. */
export interface SandboxRequest {
  readonly method: string;
  /** Without the endpoint's own prefix: `/v2.0/networks/ID`, `/v2/lbaas/loadbalancers`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or the text as it came when the content-type is not JSON. */
  readonly body: unknown;
  /** Who asks; services other than identity are only reached with a valid token. */
  readonly project: string;
  readonly user: string;
  readonly roles: readonly string[];
  readonly nowMs: number;
  /** The microversion asked for, or the least there is; empty where the service has none. */
  readonly microversion: string;
}

export interface SandboxResponse {
  readonly status: number;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A service throws this; the door turns it into the fault shape of that service. */
export class Fault extends Error {
  readonly status: number;
  /** The service's own fault type where its shape has one (Neutron's `OverQuota`, `NetworkInUse`). */
  readonly type: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, message: string, type = "", retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.type = type;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What every service says of a token that it doesn't take. */
export const unauthorized = () => new Fault(401, "The request you have made requires authentication.");

export type Params = Readonly<Record<string, string>>;
export type Handle = (request: SandboxRequest, params: Params) => SandboxResponse;

/** `GET /v2.0/networks/:id` -> handle. Segments that begin with `:` are parameters, decoded. */
export type Routes = Readonly<Record<string, Handle>>;

export interface SandboxService {
  readonly type: ServiceType;
  /** Catalog name: `neutron`. */
  readonly name: string;
  readonly routes: Routes;
  /** Checked by the door, which answers 406 to what is out of range. `header` is in lower case. */
  readonly microversions?: { readonly header: string; readonly min: string; readonly max: string };
  /** The status of a method that a path doesn't have; 405 unless told. */
  readonly noMethod?: number;
  /** What it says to somebody who has no role but `reader`; undefined where that is enough. */
  toReader?(method: string, path: string): Fault | undefined;
  /** The JSON of an error in this service's shape; a string is sent as HTML. No route: 404 `HTTPNotFound`. */
  fault(fault: Fault): unknown;
}
