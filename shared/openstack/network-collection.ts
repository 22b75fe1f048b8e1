import * as z from "zod";
import { anything, type Endpoint, type Query } from "./endpoint.ts";
import { isTrouble } from "./errors.ts";

/** The answer, or undefined where Neutron says that it does not exist. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isTrouble(error, "missing")) return undefined;
    throw error;
  }
}

/** Name and description are the owner mark. */
export interface Labels {
  readonly name: string;
  readonly description: string;
}

/** Absent where the cloud has no extension `standard-attr-tag`. */
export const tags = z.array(z.string()).default([]);

/** One Neutron collection: `networks` of `network`. Reads are parsed, 404 is undefined for get and success for delete. */
export function collection<T>(endpoint: Endpoint, path: string, one: string, item: z.ZodType<T>) {
  const key = path.slice(1).replaceAll("-", "_");
  const answer = z.object({ [one]: item }).transform((body) => body[one] as T);
  const many = z.object({ [key]: z.array(item) }).transform((body) => body[key] as readonly T[]);
  return {
    /** All pages. `query` filters on the server, by equality. */
    list: (query?: Query) => endpoint.all({ path, key, item, ...(query === undefined ? {} : { query }) }),
    get: (id: string) => unlessMissing(endpoint.call({ method: "GET", path: `${path}/${id}`, answer })),
    create: (body: Readonly<Record<string, unknown>>) =>
      endpoint.call({ method: "POST", path, body: { [one]: body }, answer }),
    /** All or none of them, in the order asked. Source: API reference, "Bulk create". */
    createAll: (bodies: readonly Readonly<Record<string, unknown>>[]) =>
      endpoint.call({ method: "POST", path, body: { [key]: bodies }, answer: many }),
    update: (id: string, body: Readonly<Record<string, unknown>>) =>
      endpoint.call({ method: "PUT", path: `${path}/${id}`, body: { [one]: body }, answer }),
    async setTags(id: string, wanted: readonly string[]): Promise<void> {
      await endpoint.call({ method: "PUT", path: `${path}/${id}/tags`, body: { tags: wanted }, answer: anything });
    },
    async delete(id: string): Promise<void> {
      await unlessMissing(endpoint.call({ method: "DELETE", path: `${path}/${id}`, answer: anything }));
    },
  };
}
