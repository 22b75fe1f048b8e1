import * as z from "zod";
import { anything, type Endpoint } from "./endpoint.ts";
import { unlessMissing } from "./network-collection.ts";

/** One `policy` with `rules` in the place of a list of policies. Rocky, 2018. */
const MICROVERSION = "2.64";

const PATH = "/os-server-groups";

const serverGroup = z.object({
  id: z.string(),
  name: z.string(),
  project_id: z.string(),
  policy: z.string(),
  /** Ids of servers. */
  members: z.array(z.string()),
});

export type ServerGroup = z.infer<typeof serverGroup>;

export type ServerGroupPolicy = "anti-affinity" | "soft-anti-affinity";

/**
 * The fewest that any cloud puts on a page, by a wide margin (`[api] max_limit` is 1000): a page with fewer is the last.
 * The listing has no links to the next page.
 */
const PAGE_MIN = 100;

/** They have neither tags nor metadata: the name is all that a group can be known by. */
export function serverGroups(endpoint: Endpoint) {
  const one = z.object({ server_group: serverGroup }).transform((body) => body.server_group);
  const many = z.object({ server_groups: z.array(serverGroup) });
  return {
    /** All those of the project. */
    async listServerGroups(): Promise<readonly ServerGroup[]> {
      const found = new Map<string, ServerGroup>();
      for (let offset = 0; ; ) {
        const call = {
          method: "GET",
          path: PATH,
          query: { offset },
          microversion: MICROVERSION,
          answer: many,
        } as const;
        const { server_groups: page } = await endpoint.call(call);
        for (const group of page) found.set(group.id, group);
        if (page.length < PAGE_MIN) return [...found.values()];
        offset += page.length;
      }
    },
    getServerGroup: (id: string) =>
      unlessMissing(endpoint.call({ method: "GET", path: `${PATH}/${id}`, microversion: MICROVERSION, answer: one })),
    createServerGroup: (asked: { readonly name: string; readonly policy: ServerGroupPolicy }) =>
      endpoint.call({
        method: "POST",
        path: PATH,
        body: { server_group: asked },
        microversion: MICROVERSION,
        answer: one,
      }),
    /** Its servers stay. */
    async deleteServerGroup(id: string): Promise<void> {
      await unlessMissing(endpoint.call({ method: "DELETE", path: `${PATH}/${id}`, answer: anything }));
    },
  };
}
