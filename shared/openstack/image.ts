import * as z from "zod";
import type { Endpoint } from "./endpoint.ts";
import { OpenStackError } from "./errors.ts";
import { unlessMissing } from "./network-collection.ts";

const image = z.object({
  id: z.string(),
  /** Absent or null where nobody gave one. */
  name: z.string().nullish(),
  /** Only an `active` one can be booted from. */
  status: z.string(),
  tags: z.array(z.string()),
  /** ISO 8601, UTC: sorts as text. */
  created_at: z.string(),
  /** GiB */
  min_disk: z.int(),
  /** MiB */
  min_ram: z.int(),
});

export type Image = z.infer<typeof image>;

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Glance, API v2. Source: https://docs.openstack.org/api-ref/image/v2/. */
export function images(endpoint: Endpoint) {
  const list = (query: { readonly name?: string; readonly tag?: string }) =>
    endpoint.all({ path: "/images", key: "images", query: { ...query, status: "active" }, item: image });
  const getImage = (id: string): Promise<Image | undefined> =>
    unlessMissing(endpoint.call({ method: "GET", path: `/images/${id}`, answer: image }));

  /** Glance reads `in:a,b` in a name filter as a list, unless it is quoted. */
  async function named(name: string): Promise<Image | undefined> {
    const filter = /[:,"]/.test(name) ? `in:"${name.replace(/["\\]/g, "\\$&")}"` : name;
    const found = (await list({ name: filter })).filter((one) => one.name === name && one.status === "active");
    if (found.length <= 1) return found[0];
    const fault = `${found.length} images are named "${name}": ${found.map((one) => one.id).join(", ")}; use an id`;
    throw new OpenStackError({ service: "image", method: "GET", path: "/images", fault, trouble: "ambiguous" });
  }

  return {
    getImage,
    /**
     * The active image with this id; else the only one with this name; else the newest with this tag, so that a tag can
     * stand for "the current build". Undefined if there is none. Ambiguous when several have the name.
     */
    async findImage(nameOrTagOrId: string): Promise<Image | undefined> {
      const byId = UUID.test(nameOrTagOrId) ? await getImage(nameOrTagOrId) : undefined;
      if (byId?.status === "active") return byId;
      const byName = await named(nameOrTagOrId);
      if (byName !== undefined) return byName;
      const tagged = (await list({ tag: nameOrTagOrId })).filter((one) => one.tags.includes(nameOrTagOrId));
      return tagged.toSorted((a, b) => b.created_at.localeCompare(a.created_at))[0];
    },
  };
}

export type Images = ReturnType<typeof images>;
