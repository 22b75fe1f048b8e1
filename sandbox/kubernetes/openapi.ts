import { apiVersionOf, type Kind } from "./kinds.ts";
import { openapiV2 } from "./protobuf.ts";
import type { Reply } from "./request.ts";
import { type Shape, shapeOfType } from "./shape.ts";
import { noSuchPath } from "./status.ts";

const DEPTH = 12;

/** As deep as a person asks `kubectl explain`; JSON schemas contain themselves, so there is an end. */
function schemaOf(shape: Shape, depth = 0): unknown {
  if (shape.kind === "object" && depth < DEPTH)
    return {
      type: "object",
      properties: Object.fromEntries(
        shape.fields().map((name) => [name, schemaOf(shape.field(name) ?? shape.item(), depth + 1)]),
      ),
      required: shape.required,
    };
  if (shape.kind === "list") return { type: "array", items: schemaOf(shape.item(), depth + 1) };
  if (shape.kind === "map") return { type: "object", additionalProperties: schemaOf(shape.item(), depth + 1) };
  return shape.kind === "any" || shape.kind === "object" ? {} : { type: shape.kind };
}

const rootOf = (groupVersion: string) => (groupVersion.includes("/") ? `apis/${groupVersion}` : `api/${groupVersion}`);

const parameter = (name: string) => ({ name, in: "query", schema: { type: "string", uniqueItems: true } });
const PARAMETERS = ["dryRun", "fieldManager", "fieldValidation", "force", "pretty"].map(parameter);

function pathsOf(kind: Kind): readonly [string, unknown][] {
  const root = `/${rootOf(apiVersionOf(kind))}/${kind.namespaced ? "namespaces/{namespace}/" : ""}${kind.plural}`;
  const { group, version } = kind;
  const operation = (action: string) => ({
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, version, kind: kind.kind },
    parameters: PARAMETERS,
    responses: { 200: { description: "OK" } },
  });
  return [
    [root, { get: operation("list"), post: operation("post") }],
    [`${root}/{name}`, { get: operation("get"), put: operation("put"), patch: operation("patch") }],
  ];
}

function documentOf(kinds: readonly Kind[]) {
  const schemas = kinds.map((kind) => {
    const gvk = [{ group: kind.group, version: kind.version, kind: kind.kind }];
    const schema = kind.schema ?? schemaOf(shapeOfType(kind.type));
    return [
      `${apiVersionOf(kind).replace("/", ".")}.${kind.kind}`,
      { ...(schema as object), "x-kubernetes-group-version-kind": gvk },
    ];
  });
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "sandbox" },
    paths: Object.fromEntries(kinds.flatMap(pathsOf)),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

/** OpenAPI v3, from which kubectl reads what `explain` shows and whether the server checks fields; of v2, the least. */
export function openapi(path: string, kinds: readonly Kind[], version: number): Reply | undefined {
  if (path === "/openapi/v2") return { status: 200, body: openapiV2() };
  if (path === "/openapi/v3") {
    const all = [...new Set(kinds.map(apiVersionOf))].map(rootOf);
    const paths = all.map((root) => [root, { serverRelativeURL: `/openapi/v3/${root}?hash=${version}` }]);
    return { status: 200, body: { paths: Object.fromEntries(paths) } };
  }
  if (!path.startsWith("/openapi/v3/")) return undefined;
  const mine = kinds.filter((kind) => rootOf(apiVersionOf(kind)) === path.slice("/openapi/v3/".length));
  if (mine.length === 0) throw noSuchPath();
  return { status: 200, body: documentOf(mine) };
}
