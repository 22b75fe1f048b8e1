import { type AccessRule, isAdmin, rootOf, type World } from "./core.ts";
import { booleanAt, type Json, listAt, textAt } from "./json.ts";
import { checkRule, credentialOf, expiryOf, forbidden } from "./keystone-checks.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";
import type { Row } from "./table.ts";

export interface Credential extends Row {
  readonly name: string;
  readonly description: string | null;
  readonly user_id: string;
  readonly secret: string;
  readonly expiresMs: number | undefined;
  /** As it was asked for: null is false. */
  readonly unrestricted: boolean | null;
  readonly roles: readonly string[];
  readonly access_rules: readonly StoredRule[];
}

/** Shared by all credentials of one user with the same rule; it outlives them. */
interface StoredRule extends AccessRule, Row {
  readonly user_id: string;
}

const OTHER_ROLES = ["admin", "service", "manager"];
/** Those that Keystone itself sets up. */
const FIXED_ROLES = [...OTHER_ROLES, "member", "reader"];
const IMPLIED: Readonly<Record<string, readonly string[]>> = { admin: ["member", "reader"], member: ["reader"] };
/** A login that may not manage credentials; the second dot is Keystone's. */
const restricted = () =>
  forbidden("Using method 'application_credential' is not allowed for managing additional application credentials.");
const conflict = (name: string) => {
  const what = `Duplicate entry found with name ${name}`;
  return new Fault(409, `Conflict occurred attempting to store application_credential - ${what}.`);
};

/** The roles asked for, with those they imply; all of the token's when none are named, be it in an empty list. */
function rolesOf(asked: Json, held: readonly string[]): readonly string[] {
  const wanted = listAt(asked, "roles") ?? [];
  if (wanted.length === 0) return held;
  const names = wanted.map((role) => {
    const name = textAt(role, "name");
    if (name === undefined) return held.find((one) => roleId(one) === textAt(role, "id")) ?? "";
    if (held.includes(name) || OTHER_ROLES.includes(name)) return name;
    throw new Fault(404, `Role ${name} is not defined`);
  });
  const unassigned = "Cannot create an application credential with unassigned role";
  if (!names.every((name) => held.includes(name)))
    throw new Fault(400, `Invalid application credential: ${unassigned}`);
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
  checkRule(asked);
  const [service = "", method = "", path = ""] = ["service", "method", "path"].map((key) => textAt(asked, key));
  const same = mine.find((rule) => rule.service === service && rule.method === method && rule.path === path);
  return same ?? { id: world.hex(), project_id: request.project, user_id: request.user, service, method, path };
}

/** The same in every run, as the role is in every project. */
export const roleId = (name: string) => Buffer.from(name).toString("hex").padEnd(32, "0").slice(0, 32);
export const ruleView = ({ id, service, path, method }: StoredRule) => ({ id, service, path, method });
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
  roles: one.roles.map((name) => {
    const options = FIXED_ROLES.includes(name) ? { immutable: true } : {};
    return { id: roleId(name), name, domain_id: null, description: null, options };
  }),
  ...(one.access_rules.length === 0 ? {} : { access_rules: one.access_rules.map(ruleView) }),
  links: { self: `${rootOf(request, "identity")}/v3/application_credentials/${one.id}` },
});

function mayManage(world: World, request: SandboxRequest): void {
  if (world.tokens.get(request.headers["x-auth-token"] ?? "")?.unrestricted === false) throw restricted();
}

function create(world: World): Handle {
  const credentials = world.table<Credential>("application-credential");
  const rules = world.table<StoredRule>("access-rule");
  return (request, { user = "" }) => {
    if (user !== request.user) throw forbidden("identity:create_application_credential");
    mayManage(world, request);
    const asked = credentialOf(request);
    if (request.project === "")
      throw new Fault(400, "Invalid input for field/attribute project_id. Value: None. None is not of type 'string'");
    const name = textAt(asked, "name") ?? "";
    const expiresMs = expiryOf(asked, request.nowMs);
    const roles = rolesOf(asked, request.roles);
    if (credentials.all().some((one) => one.user_id === user && one.name === name)) throw conflict(name);
    const named = world.options.accessRules.dropped === true ? [] : (listAt(asked, "access_rules") ?? []);
    const access = named.map((rule) => ruleOf(world, request, rule));
    const twice =
      new Set(access.map(({ service, method, path }) => `${method} ${service} ${path}`)).size < access.length;
    if (twice) throw conflict(name);
    for (const rule of access) if (rules.get(rule.id) === undefined) rules.add(rule);
    const secret = textAt(asked, "secret") || `${world.hex()}${world.hex()}`;
    const row = credentials.add({
      id: world.hex(),
      project_id: request.project,
      user_id: user,
      name,
      description: textAt(asked, "description") ?? null,
      secret,
      expiresMs,
      unrestricted: booleanAt(asked, "unrestricted") ?? null,
      roles,
      access_rules: access,
    });
    return { status: 201, body: { application_credential: { ...view(request, row), secret } } };
  };
}

/** Keystone has no pages. */
export const pageLinks = (request: SandboxRequest) => {
  const query = request.query.size === 0 ? "" : `?${request.query}`;
  return { next: null, self: `${rootOf(request, "identity")}${request.path}${query}`, previous: null };
};

/** `/v3/users/{user}/application_credentials` and `/access_rules`, for the user alone. */
export function credentialRoutes(world: World): Readonly<Record<string, Handle>> {
  const credentials = world.table<Credential>("application-credential", (row) => ({
    description: row.description ?? "",
  }));
  const rules = world.table<StoredRule>("access-rule", (row) => ({ name: `${row.method} ${row.service} ${row.path}` }));
  const own = (request: SandboxRequest, user: string, action: string) => {
    if (user !== request.user && !isAdmin(request)) throw forbidden(`identity:${action}`);
  };
  const one = (request: SandboxRequest, id: string, action: string): Credential => {
    const found = credentials.get(id);
    if (found === undefined) throw new Fault(404, `Could not find Application Credential: ${id}.`);
    own(request, found.user_id, action);
    return found;
  };
  const rule = (request: SandboxRequest, id: string, action: string): StoredRule => {
    const found = rules.get(id);
    if (found === undefined) throw new Fault(404, `Could not find Access Rule: ${id}.`);
    own(request, found.user_id, action);
    return found;
  };
  const selfOf = (request: SandboxRequest, id: string) => ({
    links: { self: `${rootOf(request, "identity")}/v3/access_rules/${id}` },
  });
  const base = "/v3/users/:user/application_credentials";
  return {
    [`POST ${base}`]: create(world),
    [`GET ${base}`]: (request, { user = "" }) => {
      own(request, user, "list_application_credentials");
      const name = request.query.get("name");
      const mine = credentials.listed().filter((row) => row.user_id === user && (name === null || row.name === name));
      return {
        status: 200,
        body: { application_credentials: mine.map((row) => view(request, row)), links: pageLinks(request) },
      };
    },
    [`GET ${base}/:id`]: (request, { id = "" }) => {
      const row = one(request, id, "get_application_credential");
      return { status: 200, body: { application_credential: view(request, row) } };
    },
    [`DELETE ${base}/:id`]: (request, { id = "" }) => {
      const row = one(request, id, "delete_application_credential");
      mayManage(world, request);
      credentials.remove(row.id);
      return { status: 204 };
    },
    "GET /v3/users/:user/access_rules": (request, { user = "" }) => {
      own(request, user, "list_access_rules");
      const mine = rules.listed().filter((row) => row.user_id === user);
      const shown = mine.map((row) => ({ ...ruleView(row), ...selfOf(request, row.id) }));
      return { status: 200, body: { access_rules: shown, links: pageLinks(request) } };
    },
    "GET /v3/users/:user/access_rules/:id": (request, { id = "" }) => {
      const shown = ruleView(rule(request, id, "get_access_rule"));
      return { status: 200, body: { access_rule: { ...shown, ...selfOf(request, id) } } };
    },
    "DELETE /v3/users/:user/access_rules/:id": (request, { id = "" }) => {
      rule(request, id, "delete_access_rule");
      const used = credentials.all().some((row) => row.access_rules.some((one) => one.id === id));
      if (used) throw new Fault(403, "May not delete access rule in use");
      rules.remove(id);
      return { status: 204 };
    },
  };
}
