import type { World } from "./core.ts";
import { jsonAt } from "./json.ts";
import { bad, metadataOf, notFound } from "./manila-common.ts";
import { findShare } from "./manila-shares.ts";
import type { Handle, SandboxRequest } from "./service.ts";

const PATH = "/v2/shares/:id/metadata";

export function metadataRoutes(world: World): Readonly<Record<string, Handle>> {
  const find = (request: SandboxRequest, id: string) => findShare(world, request, id, "Share not found.");
  const item = (request: SandboxRequest, id: string, key: string) => {
    const row = find(request, id);
    const value = row.metadata[key];
    if (value === undefined) throw notFound("MetadataItemNotFound: Metadata item is not found.");
    return { row, value };
  };
  const set =
    (keeps: boolean): Handle =>
    (request, { id = "" }) => {
      const asked = jsonAt(request.body, "metadata");
      if (asked === undefined) throw bad("Malformed request body");
      // Manila looks for the share twice, and only the first look tells that there is none of this id at all.
      if (world.table("share").get(id) === undefined) throw notFound("NotFound: Resource could not be found.");
      const metadata = metadataOf(asked, "Malformed request body");
      const row = find(request, id);
      row.metadata = keeps ? { ...row.metadata, ...metadata } : metadata;
      return { status: 200, body: { metadata: row.metadata } };
    };
  return {
    [`GET ${PATH}`]: (request, { id = "" }) => ({ status: 200, body: { metadata: find(request, id).metadata } }),
    [`POST ${PATH}`]: set(true),
    [`PUT ${PATH}`]: set(false),
    [`GET ${PATH}/:key`]: (request, { id = "", key = "" }) => ({
      status: 200,
      body: { meta: { [key]: item(request, id, key).value } },
    }),
    [`DELETE ${PATH}/:key`]: (request, { id = "", key = "" }) => {
      const { row } = item(request, id, key);
      const { [key]: _gone, ...kept } = row.metadata;
      row.metadata = kept;
      return { status: 200 };
    },
  };
}
