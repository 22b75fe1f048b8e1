import { isJson, type Json } from "./json.ts";
import { atLeast } from "./microversion.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

const NAME_MAX = 255;
const VALUE_MAX = 1023;

export const bad = (message: string) => new Fault(400, message);
export const invalid = (reason: string) => bad(`Invalid input received: ${reason}.`);
export const denied = () => new Fault(403, "Access was denied to this resource.");
export const notFound = (message = "The resource could not be found.") => new Fault(404, message);
export const unprocessable = () => new Fault(422, "Unable to process the contained instructions");
/** What Manila says when it met a mistake of its own: a field that it takes for granted, a filter that is no Python. */
export const broken = () =>
  new Fault(500, "The server has either erred or is incapable of performing the requested operation.");
export const overLimit = (message: string) => new Fault(413, message, "", 0);

/** `2026-11-24T07:30:59.123000`: to the microsecond, without a zone. */
export const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23)}000`;

/** Fields that came with a microversion. */
export const since = (request: SandboxRequest, version: string, fields: Json): Json =>
  atLeast(request, version) ? fields : {};

/** A route that came with a microversion, and looks as if it weren't there below it. */
export const from =
  (version: string, handle: Handle): Handle =>
  (request, params) => {
    if (!atLeast(request, version)) throw notFound();
    return handle(request, params);
  };

export function checkLength(value: unknown, key: string): void {
  if (typeof value === "string" && value.length > NAME_MAX)
    throw invalid(`${key} can only be ${NAME_MAX} characters long`);
}

const NOT_TEXT = "The server could not comply with the request since it is either malformed or otherwise incorrect.";

/** Metadata of a share or an access rule; none if it is absent. */
export function metadataOf(value: unknown, notText = NOT_TEXT): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [key, text] of Object.entries(isJson(value) ? value : {})) {
    if (key === "") throw bad("Metadata property key is blank.");
    if (key.length > NAME_MAX) throw bad("Metadata property key is greater than 255 characters.");
    if (text === "" || text === null) throw bad("Metadata property value is blank.");
    if (typeof text !== "string") throw bad(notText);
    if (text.length > VALUE_MAX) throw bad("Metadata property value is greater than 1023 characters.");
    found[key] = text;
  }
  return found;
}

/** Whether metadata carries all of a `metadata={...}` filter, which Manila reads as Python. */
export function metadataFilter(request: SandboxRequest): (metadata: Json) => boolean {
  const text = request.query.get("metadata");
  if (text === null) return () => true;
  let wanted: unknown;
  try {
    wanted = JSON.parse(text.replaceAll("'", '"'));
  } catch {
    throw broken();
  }
  if (!isJson(wanted)) throw invalid(`Wrong metadata filter provided: ${text}`);
  const pairs = Object.entries(wanted);
  return (metadata) => pairs.every(([key, value]) => metadata[key] === value);
}

function whole(request: SandboxRequest, key: string): number | undefined {
  const text = request.query.get(key);
  if (text === null) return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw bad(`${key} param must be an integer`);
  return Number(text);
}

/** `limit` and `offset`, as they were asked for. */
export function windowOf(request: SandboxRequest): { readonly limit: number | undefined; readonly offset: number } {
  const offset = whole(request, "offset") ?? 0;
  const limit = whole(request, "limit");
  if (limit !== undefined && limit < 0) throw bad("limit param must be positive");
  if (offset < 0) throw bad("offset param must be positive");
  return { limit, offset };
}
