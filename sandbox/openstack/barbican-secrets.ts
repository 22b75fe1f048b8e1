import { type Acls, aclRoutes } from "./barbican-acl.ts";
import { jsonBody, newSecret, PAYLOAD_MAX, TEXTS, timeOf, tooLarge, wrongType } from "./barbican-checks.ts";
import { byId, list } from "./barbican-list.ts";
import { show } from "./barbican-payload.ts";
import { isAdmin, rootOf, type World } from "./core.ts";
import { type Json, numberAt, textAt } from "./json.ts";
import { Fault, type Handle, type SandboxRequest, type SandboxResponse } from "./service.ts";
import type { Row, Table } from "./table.ts";

/** Without its payload: rows are what the page and the tests see. */
export interface Secret extends Row {
  readonly name: string | null;
  readonly secret_type: string;
  readonly algorithm: string | null;
  readonly bit_length: number | null;
  readonly mode: string | null;
  readonly expiration: string | null;
  readonly creator_id: string;
  readonly created: string;
  updated: string;
  status: string;
  /** Null: it has no payload yet. */
  content_type: string | null;
}

/** By secret. */
export type Payloads = Map<string, Buffer>;

const SORTS = /^(algorithm|bit_length|created|expiration|mode|name|secret_type|status|updated)(:(asc|desc))?$/;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

export const secretsOf = (world: World): Table<Secret> => world.table<Secret>("secret");
export const denied = (what: string) =>
  new Fault(403, `${what} attempt not allowed - please review your user/project privileges`);

export function room(world: World, request: SandboxRequest, resource: "secrets" | "orders", what: string): void {
  if (world.quotas.fits(request.project, "key-manager", resource)) return;
  throw new Fault(403, `${what} creation issue seen - Creation not allowed because a quota has been reached.`);
}

export const secretRef = (request: SandboxRequest, id: string): string =>
  `${rootOf(request, "key-manager")}/v1/secrets/${id}`;

const view = (request: SandboxRequest, row: Secret): Json => ({
  created: row.created,
  updated: row.updated,
  status: row.status,
  name: row.name,
  secret_type: row.secret_type,
  expiration: row.expiration,
  algorithm: row.algorithm,
  bit_length: row.bit_length,
  mode: row.mode,
  creator_id: row.creator_id,
  ...(row.content_type === null ? {} : { content_types: { default: row.content_type } }),
  secret_ref: secretRef(request, row.id),
});

const lives = (world: World, row: Secret): boolean =>
  row.expiration === null || Date.parse(`${row.expiration}Z`) > world.nowMs();

/** Another project's secret is not hidden but forbidden. */
function find(world: World, request: SandboxRequest, id: string, what: string, acl?: Acls): Secret {
  if (!UUID.test(id.toLowerCase())) throw new Fault(404, "Not Found. Provided secret id is invalid.");
  const row = secretsOf(world).get(id);
  if (row === undefined || !lives(world, row)) throw new Fault(404, "Secret not found.");
  const mayLook = isAdmin(request) && what === "Secret retrieval";
  const named = acl?.names(row.id, request.user) === true;
  if (row.project_id !== request.project && !mayLook && !named) throw denied(what);
  return row;
}

function listed(world: World, request: SandboxRequest): readonly Secret[] {
  const { query } = request;
  const equal = (value: string | null, key: string) => {
    const wanted = query.get(key);
    return wanted === null || wanted === "" || value?.toLowerCase() === wanted.toLowerCase();
  };
  const wantedBits = Number(query.get("bits") ?? 0) || 0;
  const rows = byId(
    secretsOf(world)
      .listed(request.project)
      .filter(
        (row) =>
          lives(world, row) &&
          equal(row.name, "name") &&
          equal(row.algorithm, "alg") &&
          equal(row.mode, "mode") &&
          equal(row.secret_type, "secret_type") &&
          (wantedBits === 0 || row.bit_length === wantedBits),
      ),
  );
  const sorts = query.get("sort")?.split(",") ?? [];
  if (!sorts.every((sort) => SORTS.test(sort))) throw new Fault(400, "URI provided invalid query string parameters.");
  for (const sort of sorts.toReversed()) {
    const [key = "", direction] = sort.split(":");
    const fieldOf = (row: Secret) => String(Reflect.get(row, key) ?? "");
    const sign = direction === "desc" ? -1 : 1;
    rows.sort((a, b) => sign * (fieldOf(a) < fieldOf(b) ? -1 : fieldOf(a) > fieldOf(b) ? 1 : 0));
  }
  return rows;
}

/** `text/plain; charset=utf-8` is `text/plain` to those who ask for it. */
const plain = (type: string): string => (TEXTS.includes(type.toLowerCase()) ? "text/plain" : type);

function create(world: World, request: SandboxRequest, payloads: Payloads): SandboxResponse {
  const asked = jsonBody(request, "Secret");
  const { name, expiration, payload } = newSecret(asked, world.nowMs());
  room(world, request, "secrets", "Secret");
  const now = timeOf(world.nowMs());
  const row = secretsOf(world).add({
    id: world.uuid(),
    project_id: request.project,
    name,
    secret_type: textAt(asked, "secret_type") ?? "opaque",
    algorithm: textAt(asked, "algorithm") ?? null,
    bit_length: numberAt(asked, "bit_length") ?? null,
    mode: textAt(asked, "mode") ?? null,
    expiration,
    creator_id: request.user,
    created: now,
    updated: now,
    status: world.faults.broken("secret", name ?? "") === undefined ? "ACTIVE" : "ERROR",
    content_type: payload === undefined ? null : plain(textAt(asked, "payload_content_type") ?? ""),
  });
  if (payload !== undefined)
    payloads.set(row.id, Buffer.from(payload, asked["payload_content_encoding"] === "base64" ? "base64" : "utf8"));
  const ref = secretRef(request, row.id);
  return { status: 201, body: { secret_ref: ref }, headers: { location: ref } };
}

/** The second step of a secret that was made without a payload. */
function store(world: World, request: SandboxRequest, id: string, payloads: Payloads): SandboxResponse {
  const row = find(world, request, id, "Secret update");
  const [type = ""] = (request.headers["content-type"] ?? "").split(";");
  if (type !== "text/plain" && type !== "application/octet-stream")
    throw wrongType(["application/octet-stream", "text/plain"]);
  const text = typeof request.body === "string" ? request.body : "";
  if (text === "") throw new Fault(400, "Secret update issue seen - No data supplied to process..");
  const payload = Buffer.from(text, request.headers["content-encoding"] === "base64" ? "base64" : "utf8");
  if (payload.byteLength > PAYLOAD_MAX) throw tooLarge();
  if (payloads.has(id)) throw new Fault(409, "Secret already has data, cannot modify it.");
  payloads.set(id, payload);
  row.content_type = type;
  row.updated = timeOf(world.nowMs());
  return { status: 204 };
}

export function secretRoutes(world: World, payloads: Payloads): Readonly<Record<string, Handle>> {
  const wantsJson = ({ headers }: SandboxRequest) => /^$|json|^\*\/\*/.test(headers["accept"] ?? "");
  const acl = aclRoutes(world, (request, id) => void find(world, request, id, "SecretACL(s) retrieval"), secretRef);
  const mayRead = (request: SandboxRequest, row: Secret): Secret => {
    const mine = row.creator_id === request.user || acl.names(row.id, request.user);
    if (acl.isPrivate(row.id) && !mine) throw denied("Secret payload retrieval");
    return row;
  };
  return {
    ...acl.routes,
    "GET /v1/secrets": (request) => ({
      status: 200,
      body: list(world, request, "secrets", listed(world, request), (row) => view(request, row)),
    }),
    "POST /v1/secrets": (request) => create(world, request, payloads),
    "GET /v1/secrets/:id": (request, { id = "" }) => {
      const row = find(world, request, id, "Secret retrieval", acl);
      if (wantsJson(request)) return { status: 200, body: view(request, row) };
      if (row.project_id !== request.project && !acl.names(id, request.user)) throw denied("Secret payload retrieval");
      return show(request, mayRead(request, row), payloads, "Secret retrieval");
    },
    "GET /v1/secrets/:id/payload": (request, { id = "" }) => {
      const what = "Secret payload retrieval";
      return show(request, mayRead(request, find(world, request, id, what, acl)), payloads, what);
    },
    "PUT /v1/secrets/:id": (request, { id = "" }) => store(world, request, id, payloads),
    "DELETE /v1/secrets/:id": (request, { id = "" }) => {
      const row = find(world, request, id, "Secret deletion");
      secretsOf(world).remove(row.id);
      acl.forget(row.id);
      payloads.delete(row.id);
      return { status: 204 };
    },
  };
}
