import * as z from "zod";
import type { ServiceType } from "./errors.ts";

/** Of an answer that nobody reads. */
export const anything = z.unknown();

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Call<T> {
  readonly method: Method;
  /** Below the service's versioned root, with a leading slash: `/servers/detail`, `/networks`, `/lbaas/loadbalancers`. */
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON; a string is sent as it is with the content-type given in `headers`. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The least microversion that this call needs; refused with `invalid` when the service's maximum is lower. */
  readonly microversion?: string;
  /** Every answer is parsed; an unexpected shape is an `invalid` OpenStackError that names the field. */
  readonly answer: z.ZodType<T>;
}

/**
 * One service of one cloud, in one region, as one project. Implementations own the token (renewed before expiry and once
 * on 401), the versioned root URL from the catalog, the microversion header, the timeout of every call, and the retry of
 * GET, HEAD, PUT and DELETE (never POST or PATCH) on lost connections, 429, 502, 503 and 504, honouring Retry-After.
 */
export interface Endpoint {
  readonly service: ServiceType;
  call<T>(call: Call<T>): Promise<T>;
  /** A call whose answer's body is text or bytes (Barbican payloads, console logs). */
  text(call: Omit<Call<string>, "answer">): Promise<string>;
  /**
   * Every item of a listing, all pages: follows `<key>_links` / `links.next` / `next` URLs, wherever the service puts them.
   * `key` is the array's name in the answer (`servers`, `networks`, `recordsets`).
   */
  all<T>(listing: {
    readonly path: string;
    readonly key: string;
    readonly query?: Query;
    readonly item: z.ZodType<T>;
    readonly microversion?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }): Promise<readonly T[]>;
  /** The maximum microversion the service speaks (`2.96`), from its version document; undefined if it has none. */
  maxMicroversion(): Promise<string | undefined>;
  /** The newest version of the API that we speak, by the service's version document; undefined if that says none. */
  newestVersion(): Promise<string | undefined>;
  /** Path prefix of the versioned root as seen by the service, without a trailing slash (`/v2.0`, `/networking/v2.0`). */
  prefix(): Promise<string>;
  /** Of the versioned root, as the catalog has it, without a trailing slash. */
  url(): Promise<string>;
}

/** What of a quota is counted where the service tells its limit alone: all, or what has a limit; the rest is then 0. */
export type Counting = "all" | "limited";

/** One quota: `limit` -1 means none. `used` includes what is reserved. */
export interface Quota {
  readonly service: ServiceType;
  /** The service's own name of the resource: `cores`, `floatingip`, `load_balancer`, `gigabytes`. */
  readonly resource: string;
  readonly limit: number;
  readonly used: number;
  /** Of each such thing by itself (a server group's members): what one has is nothing to the others. */
  readonly each?: true;
}
