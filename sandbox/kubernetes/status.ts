import type { Kind } from "./kinds.ts";

interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

interface Details {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

/** What the API server throws at itself; the door sends it as a `Status`. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly details: Details;

  constructor(status: number, reason: string, message: string, details: Details = {}) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.details = details;
  }
}

export const statusBody = ({ status, reason, message, details }: ApiError) => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message,
  ...(reason === "" ? {} : { reason }),
  ...(Object.keys(details).length === 0 ? {} : { details }),
  code: status,
});

type Named = Pick<Kind, "group" | "plural" | "kind">;

/** `deployments.apps`: the form in which refusals name a resource. */
export const resourceOf = ({ group, plural }: Pick<Kind, "group" | "plural">) =>
  group === "" ? plural : `${plural}.${group}`;
const detailsOf = ({ group, plural }: Named, name: string): Details => ({
  name,
  ...(group === "" ? {} : { group }),
  kind: plural,
});

export const notFound = (kind: Named, name: string) =>
  new ApiError(404, "NotFound", `${resourceOf(kind)} "${name}" not found`, detailsOf(kind, name));

export const noSuchPath = () => new ApiError(404, "NotFound", "the server could not find the requested resource", {});

export const alreadyExists = (kind: Named, name: string) =>
  new ApiError(409, "AlreadyExists", `${resourceOf(kind)} "${name}" already exists`, detailsOf(kind, name));

export const conflict = (kind: Named, name: string, why: string) =>
  new ApiError(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${resourceOf(kind)} "${name}": ${why}`,
    detailsOf(kind, name),
  );

export const STALE = "the object has been modified; please apply your changes to the latest version and try again";

/** `field: Required value` and the like, all at once. */
export function invalid({ group, kind }: Named, name: string, problems: readonly Cause[]): ApiError {
  const qualified = group === "" ? kind : `${kind}.${group}`;
  const listed = problems.map(({ field, message }) => `${field}: ${message}`);
  const text = listed.length === 1 ? listed[0] : `[${listed.join(", ")}]`;
  return new ApiError(422, "Invalid", `${qualified} "${name}" is invalid: ${text}`, {
    name,
    ...(group === "" ? {} : { group }),
    kind,
    causes: problems,
  });
}

export const required = (field: string, more = ""): Cause => ({
  reason: "FieldValueRequired",
  message: `Required value${more === "" ? "" : `: ${more}`}`,
  field,
});

export const wrongValue = (field: string, value: unknown, why: string): Cause => ({
  reason: "FieldValueInvalid",
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  field,
});

export const badRequest = (message: string) => new ApiError(400, "BadRequest", message);
export const unauthorized = () => new ApiError(401, "Unauthorized", "Unauthorized");
export const expired = (message: string) => new ApiError(410, "Expired", message);
export const noMethod = () =>
  new ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
export const wrongMedia = (accepted: readonly string[]) =>
  new ApiError(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`,
  );
