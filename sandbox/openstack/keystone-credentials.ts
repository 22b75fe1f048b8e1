import { type AccessRule, rootOf, type World } from "./core.ts";
import { booleanAt, type Json, jsonAt, listAt, textAt } from "./json.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";
import type { Row } from "./table.ts";

export interface Credential extends Row {
  readonly name: string;
  readonly description: string | null;
  readonly user_id: string;
  readonly secret: string;
  readonly expiresMs: number | undefined;
  readonly unrestricted: boolean;
  readonly roles: readonly string[];
  readonly access_rules: readonly StoredRule[];
}

/** Shared by all credentials of one user with the same rule; it outlives them. */
interface StoredRule extends AccessRule, Row {
  readonly user_id: string;
}

const METHODS = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"];
const MALFORMED =
  "The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.";
const IMPLIED: Readonly<Record<string, readonly string[]>> = { admin: ["member", "reader"], member: ["reader"] };
const forbidden = (action: string) =>
  new Fault(403, `You are not authorized to perform the requested action: ${action}.`);

function expiry(asked: Json, nowMs: number): number | undefined {
  const text = textAt(asked, "expires_at");
  if (text === undefined) return undefined;
  const ms = Date.parse(/Z$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(ms)) throw new Fault(400, `Timestamp not in expected format. ${MALFORMED}`);
  if (ms <= nowMs) throw new Fault(400, `The 'expires_at' must not be before now. ${MALFORMED}`);
  return ms;
}

/** The roles asked for, with those they imply; all of the token's when none are named. */
function rolesOf(asked: Json, held: readonly string[]): readonly string[] {
  const wanted = listAt(asked, "roles");
  if (wanted === undefined) return held;
  const names = wanted.map((role) => textAt(role, "name") ?? textAt(role, "id")?.replace(/^role-/, "") ?? "");
  for (const name of names) {
    const known = held.includes(name) || ["admin", "service", "manager"].includes(name);
    if (!known) throw new Fault(404, `Role ${name} is not defined`);
    if (!held.includes(name))
      throw new Fault(
        400,
        "Invalid application credential: Cannot create an application credential with unassigned role",
      );
  }
  return [...new Set(names.flatMap((name) => [name, ...(IMPLIED[name] ?? [])]))];
}

function ruleOf(world: World, request: SandboxRequest, asked: unknown): StoredRule {
  const rules = world.table<StoredRule>("access-rule");
  const mine = rules.all().filter((rule) => rule.user_id === request.user);
  const id = textAt(asked, "id");
  if (id !== undefined) {
    const found = mine.find((rule) => rule.id === id);
    if (found === undefined) throw new Fault(404, `Could not find Access Rule: ${id}.`);
    return found;
  }
  const service = textAt(asked, "service") ?? "";
  const method = textAt(asked, "method") ?? "";
  const path = textAt(asked, "path") ?? "";
  if (service === "" || !METHODS.includes(method) || !path.startsWith("/") || path.length > 128)
    throw new Fault(400, `Invalid input for field/attribute access_rules. Value: ${JSON.stringify(asked)}.`);
  const same = mine.find((rule) => rule.service === service && rule.method === method && rule.path === path);
  return same ?? { id: world.hex(), project_id: request.project, user_id: request.user, service, method, path };
}

const ruleView = ({ id, service, path, method }: StoredRule) => ({ id, service, path, method });
const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}.000000`;
const view = (request: SandboxRequest, one: Credential) => ({
  id: one.id,
  name: one.name,
  description: one.description,
  user_id: one.user_id,
  project_id: one.project_id,
  system: null,
  expires_at: one.expiresMs === undefined ? null : stamp(one.expiresMs),
  unrestricted: one.unrestricted,
  roles: one.roles.map((name) => ({ id: `role-${name}`, name, domain_id: null, description: null, options: {} })),
  ...(one.access_rules.length === 0 ? {} : { access_rules: one.access_rules.map(ruleView) }),
  links: { self: `${rootOf(request, "identity")}/v3/application_credentials/${one.id}` },
});

function create(world: World): Handle {
  const credentials = world.table<Credential>("application-credential");
  const rules = world.table<StoredRule>("access-rule");
  return (request, { user = "" }) => {
    if (user !== request.user) throw forbidden("identity:create_application_credential");
    const token = world.tokens.get(request.headers["x-auth-token"] ?? "");
    if (token?.unrestricted === false) {
      const why =
        "Using method 'application_credential' is not allowed for managing additional application credentials.";
      throw forbidden(why);
    }
    const asked = jsonAt(request.body, "application_credential") ?? {};
    const name = textAt(asked, "name");
    if (name === undefined || name === "") {
      const what = `Invalid input for field/attribute application_credential. Value: ${JSON.stringify(asked)}.`;
      throw new Fault(400, `${what} 'name' is a required property`);
    }
    if (credentials.all().some((one) => one.user_id === user && one.name === name)) {
      const what = `Duplicate entry found with name ${name}`;
      throw new Fault(409, `Conflict occurred attempting to store application_credential - ${what}.`);
    }
    const expiresMs = expiry(asked, request.nowMs);
    const roles = rolesOf(asked, request.roles);
    const access = (listAt(asked, "access_rules") ?? []).map((rule) => ruleOf(world, request, rule));
    for (const rule of access) if (rules.get(rule.id) === undefined) rules.add(rule);
    const secret = textAt(asked, "secret") ?? `${world.hex()}${world.hex()}`;
    const row = credentials.add({
      id: world.hex(),
      project_id: request.project,
      user_id: user,
      name,
      description: textAt(asked, "description") ?? null,
      secret,
      expiresMs,
      unrestricted: booleanAt(asked, "unrestricted") ?? false,
      roles,
      access_rules: access,
    });
    return { status: 201, body: { application_credential: { ...view(request, row), secret } } };
  };
}

/** `/v3/users/{user}/application_credentials` and `/access_rules`, for the user alone. */
export function credentialRoutes(world: World): Readonly<Record<string, Handle>> {
  const credentials = world.table<Credential>("application-credential", (row) => ({
    description: row.description ?? "",
  }));
  const rules = world.table<StoredRule>("access-rule", (row) => ({ name: `${row.method} ${row.service} ${row.path}` }));
  const own = (request: SandboxRequest, user: string, action: string) => {
    if (user !== request.user) throw forbidden(`identity:${action}`);
  };
  const links = (request: SandboxRequest) => ({
    next: null,
    self: `${rootOf(request, "identity")}${request.path}`,
    previous: null,
  });
  const one = (id: string, user: string): Credential => {
    const found = credentials.get(id);
    if (found?.user_id !== user) throw new Fault(404, `Could not find Application Credential: ${id}.`);
    return found;
  };
  const base = "/v3/users/:user/application_credentials";
  return {
    [`POST ${base}`]: create(world),
    [`GET ${base}`]: (request, { user = "" }) => {
      own(request, user, "list_application_credentials");
      const name = request.query.get("name");
      const mine = credentials.listed().filter((row) => row.user_id === user && (name === null || row.name === name));
      return {
        status: 200,
        body: { application_credentials: mine.map((row) => view(request, row)), links: links(request) },
      };
    },
    [`GET ${base}/:id`]: (request, { user = "", id = "" }) => {
      own(request, user, "get_application_credential");
      return { status: 200, body: { application_credential: view(request, one(id, user)) } };
    },
    [`DELETE ${base}/:id`]: (request, { user = "", id = "" }) => {
      own(request, user, "delete_application_credential");
      credentials.remove(one(id, user).id);
      for (const [key, token] of world.tokens) if (token.credential === id) world.tokens.delete(key);
      return { status: 204 };
    },
    "GET /v3/users/:user/access_rules": (request, { user = "" }) => {
      own(request, user, "list_access_rules");
      const mine = rules.listed().filter((row) => row.user_id === user);
      return { status: 200, body: { access_rules: mine.map(ruleView), links: links(request) } };
    },
    "DELETE /v3/users/:user/access_rules/:id": (request, { user = "", id = "" }) => {
      own(request, user, "delete_access_rule");
      if (rules.get(id)?.user_id !== user) throw new Fault(404, `Could not find Access Rule: ${id}.`);
      const used = credentials.all().some((row) => row.access_rules.some((rule) => rule.id === id));
      if (used)
        throw forbidden(`Could not delete access rule ${id}: it is in use by one or more application credentials`);
      rules.remove(id);
      return { status: 204 };
    },
  };
}
