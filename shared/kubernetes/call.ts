import * as z from "zod";
import { mayBegin, timeFor } from "../openstack/deadline.ts";
import { isRefusal, jsonOf, refused, unreachable, unreadable } from "./errors.ts";
import { type KindRef, pathOf, queryOf } from "./paths.ts";
import type { KubernetesRequest, KubernetesResponse, KubernetesSend } from "./send.ts";
import { listShape } from "./shapes.ts";

const TIMEOUT_MS = 15_000;
/** Tries of a call, and tries in a row without an answer after which an API server counts as away. */
const TRIES_MAX = 3;
const PAGE = 500;
const PAGES_MAX = 1000;
/** Far above any listing of a cluster's that is asked for here. Whoever owns the cluster may make its API say anything. */
const LISTING_CHARS_MAX = 32 * 1024 * 1024;

type Asked = Omit<KubernetesRequest, "timeoutMs">;

export interface Selection {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Reads, and patches that say what should be: twice is as good as once. */
const isRepeatable = ({ method }: Asked): boolean => method === "GET" || method === "PATCH";

/**
 * What the API's calls are made of: one exchange, its answer's shape, and listings page by page. A call that is lost on its way
 * to a server that answers others is made again: of a hundred calls one would be lost each time where a connection in thirty is.
 */
export function caller(send: KubernetesSend) {
  let silent = TRIES_MAX;

  async function exchange(asked: Asked, tries = 1): Promise<KubernetesResponse> {
    const request = { ...asked, timeoutMs: timeFor(TIMEOUT_MS, `kubernetes ${asked.method}`) };
    try {
      const response = await send(request);
      silent = 0;
      return response;
    } catch (error) {
      silent += 1;
      if (isRepeatable(asked) && tries < TRIES_MAX && silent < TRIES_MAX && mayBegin())
        return exchange(asked, tries + 1);
      throw unreachable(request, error);
    }
  }

  async function answered<T>(
    asked: Asked,
    answer: z.ZodType<T>,
  ): Promise<{ readonly said: T; readonly chars: number }> {
    const request = { ...asked, timeoutMs: TIMEOUT_MS };
    const response = await exchange(asked);
    if (response.status < 200 || response.status >= 300) throw refused(request, response);
    const read = answer.safeParse(jsonOf(response.body));
    if (read.success) return { said: read.data, chars: response.body.length };
    throw unreadable(request, response.status, read.error.issues[0]?.path.join(".") || "its top level");
  }

  const call = async <T>(asked: Asked, answer: z.ZodType<T>): Promise<T> => (await answered(asked, answer)).said;

  async function pages<T>(of: KindRef, item: z.ZodType<T>, selection: Selection): Promise<readonly T[]> {
    const items: T[] = [];
    let next: string | undefined;
    let read = 0;
    for (let page = 0; page < PAGES_MAX && read < LISTING_CHARS_MAX; page++) {
      const path = pathOf(of) + queryOf({ limit: PAGE, continue: next, ...selection });
      const { said, chars } = await answered({ method: "GET", path }, listShape(item));
      read += chars;
      // Not all as arguments: a page may have more than a call can have.
      for (const one of said.items ?? []) items.push(one);
      next = said.metadata.continue;
      if (next === undefined || next === "") return items;
    }
    throw unreadable(
      { method: "GET", path: pathOf(of), timeoutMs: 0 },
      200,
      `a page after ${read} characters, which is not its last`,
    );
  }

  return {
    exchange,
    call,
    /** A listing whose place in time is forgotten by the server (410 Expired) is asked once more from its beginning. */
    list: <T>(of: KindRef, item: z.ZodType<T>, selection: Selection = {}): Promise<readonly T[]> =>
      pages(of, item, selection).catch((error: unknown) => {
        if (isRefusal(error, "Expired", "Gone")) return pages(of, item, selection);
        throw error;
      }),
  };
}

/** An object that is gone is undefined, not an error. */
export const unlessGone = <T>(asked: Promise<T>): Promise<T | undefined> =>
  asked.catch((error: unknown) => {
    if (isRefusal(error, "NotFound")) return undefined;
    throw error;
  });

export const anything = z.unknown();
