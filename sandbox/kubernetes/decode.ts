import { parse } from "yaml";
import { isJson } from "../openstack/json.ts";
import { misfits, pruned } from "./checks.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import type { Meta, Obj } from "./object.ts";
import { isObject } from "./read.ts";
import type { Call } from "./request.ts";
import { type Shape, shapeOfSchema, shapeOfType } from "./shape.ts";
import { badRequest, wrongMedia } from "./status.ts";

export const shapeOf = (kind: Kind): Shape =>
  kind.schema === undefined ? shapeOfType(kind.type) : shapeOfSchema(kind.schema, true);
const TYPES = ["application/json", "application/yaml"];

/** JSON is YAML, and far sooner read. */
export function yamlIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parse(text);
  }
}

export function bodyOf(call: Call): unknown {
  if (/protobuf|cbor/.test(call.contentType)) throw wrongMedia(TYPES);
  try {
    return /yaml/.test(call.contentType) ? yamlIn(call.body) : JSON.parse(call.body);
  } catch {
    throw badRequest("the object provided is unrecognized (must be of type json or yaml)");
  }
}

/** The object of a create or an update, checked for fields that its kind does not have. */
export function objectOf(call: Call, value: unknown, shape: Shape): Obj {
  const { kind, namespace, name, query } = call;
  const apiVersion = apiVersionOf(kind);
  const given = isJson(value) ? { apiVersion, kind: kind.kind, ...value } : value;
  if (!isObject(given)) throw badRequest("Object 'Kind' is missing");
  if (given.apiVersion !== apiVersion || given.kind !== kind.kind)
    throw badRequest(
      `the API version in the data (${given.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  const strange = misfits(given, shape);
  const cannot = `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: `;
  const [typed] = strange.filter(({ expected }) => expected !== undefined);
  if (typed !== undefined)
    throw badRequest(`${cannot}json: cannot unmarshal ${typed.got} into Go struct field ${typed.path}`);
  if (query.get("fieldValidation") === "Strict" && strange.length > 0)
    throw badRequest(
      `${cannot}strict decoding error: ${strange.map(({ path }) => `unknown field "${path}"`).join(", ")}`,
    );
  const made = pruned(given, shape);
  const meta: Partial<Meta> = made.metadata ?? {};
  if (namespace !== undefined && meta.namespace !== undefined && meta.namespace !== namespace)
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  if (name !== undefined && meta.name !== undefined && meta.name !== name)
    throw badRequest(`the name of the object (${meta.name}) does not match the name on the URL (${name})`);
  const placed = namespace === undefined ? {} : { namespace };
  return { ...made, metadata: { ...meta, name: meta.name ?? name ?? "", ...placed } as Meta };
}
