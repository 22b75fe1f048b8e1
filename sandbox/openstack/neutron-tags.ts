import type { World } from "./core.ts";
import { isJson, isoOf } from "./json.ts";
import { bad, invalid, text } from "./neutron-attributes.ts";
import { type Collection, canSee, type NeutronRow, routesOf } from "./neutron-collection.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const TAG_MAX = 255;
const TAGS_MAX = 50;

/** Neutron breaks over the tags of what there isn't. */
const broken = () =>
  new Fault(500, "Request Failed: internal server error while processing your request.", "HTTPInternalServerError");

function tagsIn({ body }: SandboxRequest): readonly string[] {
  const tags = isJson(body) ? body["tags"] : undefined;
  if (tags === undefined) throw invalid("Invalid tags body.");
  if (!Array.isArray(tags)) throw invalid(`'${tags}' is not a list.`);
  const words = tags.map(String);
  if (new Set(words).size < words.length) throw invalid(`Duplicate items in the list: '${twice(words).join(", ")}'.`);
  for (const tag of tags) checkTag(tag);
  return words;
}

const twice = (words: readonly string[]) => [...new Set(words.filter((one, at) => words.indexOf(one) < at))];

function checkTag(tag: unknown): void {
  const why = text(TAG_MAX)(tag);
  if (why !== undefined) throw invalid(why);
}

/** Those of a collection with the extension `standard-attr-tag`. */
export const taggedRoutesOf = <T extends NeutronRow>(world: World, of: Collection<T>) => ({
  ...routesOf(world, of),
  ...tagRoutes(world, of),
});

function tagRoutes<T extends NeutronRow>(world: World, of: Collection<T>): Readonly<Record<string, Handle>> {
  const path = `/v2.0${of.path}/:id/tags`;
  const rowOf = (request: SandboxRequest, id = ""): T => {
    const row = of.table.get(id);
    if (row === undefined || !canSee(request, of, row)) throw broken();
    return row;
  };
  const change = (row: T, tags: readonly string[]) => {
    if (new Set(tags).size > TAGS_MAX) {
      const why = `The number of tags exceed the per-resource limit of ${TAGS_MAX}.`;
      throw bad(`Bad ${of.many} request: ${why}`, "BadRequest");
    }
    row.tags = [...tags].sort();
    row.updated_at = isoOf(world.nowMs());
  };
  return {
    [`GET ${path}`]: (request, { id }) => ({ status: 200, body: { tags: rowOf(request, id).tags ?? [] } }),
    [`PUT ${path}`]: (request, { id }) => {
      const tags = tagsIn(request);
      const row = rowOf(request, id);
      change(row, tags);
      return { status: 200, body: { tags } };
    },
    [`DELETE ${path}`]: (request, { id }) => {
      change(rowOf(request, id), []);
      return { status: 204 };
    },
    [`GET ${path}/:tag`]: (request, { id, tag = "" }) => {
      checkTag(tag);
      if (rowOf(request, id).tags?.includes(tag) !== true) throw absent(tag);
      return { status: 204 };
    },
    [`POST ${path}`]: (request, { id }) => {
      const tags = tagsIn(request);
      const row = rowOf(request, id);
      change(row, [...new Set([...(row.tags ?? []), ...tags])]);
      return { status: 200, body: { tags } };
    },
    [`PUT ${path}/:tag`]: (request, { id, tag = "" }) => {
      checkTag(tag);
      const row = rowOf(request, id);
      change(row, [...new Set([...(row.tags ?? []), tag])]);
      return { status: 201, body: null };
    },
    [`DELETE ${path}/:tag`]: (request, { id, tag = "" }) => {
      const row = rowOf(request, id);
      if (row.tags?.includes(tag) !== true) throw absent(tag);
      change(
        row,
        row.tags.filter((one) => one !== tag),
      );
      return { status: 204 };
    },
  };
}

const absent = (tag: string) => new Fault(404, `Tag ${tag} could not be found.`, "TagNotFound");
