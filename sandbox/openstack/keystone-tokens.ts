import type { Project, Token, User, World } from "./core.ts";
import { jsonAt, textAt, textsAt } from "./json.ts";
import { catalogOf } from "./keystone-catalog.ts";
import type { Credential } from "./keystone-credentials.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

export const DOMAIN = { id: "default", name: "Default" };
const unauthorized = () => new Fault(401, "The request you have made requires authentication.");
const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}.000000Z`;

interface Proved {
  readonly user: User;
  readonly method: string;
  readonly credential: Credential | undefined;
}

/** Keystone never says which of name, password, project or domain was wrong. */
function byPassword(world: World, identity: unknown): Proved {
  const asked = jsonAt(jsonAt(identity, "password"), "user");
  const domain = jsonAt(asked, "domain");
  const user = world.users.find((one) => one.id === textAt(asked, "id") || one.name === textAt(asked, "name"));
  const home =
    textAt(asked, "id") !== undefined || textAt(domain, "id") === DOMAIN.id || textAt(domain, "name") === DOMAIN.name;
  if (user === undefined || !home || user.password !== textAt(asked, "password")) throw unauthorized();
  return { user, method: "password", credential: undefined };
}

function byCredential(world: World, identity: unknown): Proved {
  const asked = jsonAt(identity, "application_credential");
  const id = textAt(asked, "id");
  const owner = jsonAt(asked, "user");
  const credentials = world.table<Credential>("application-credential");
  const named = world.users.find((one) => one.id === textAt(owner, "id") || one.name === textAt(owner, "name"));
  const found =
    id !== undefined
      ? credentials.get(id)
      : credentials.all().find((one) => one.user_id === named?.id && one.name === textAt(asked, "name"));
  if (found === undefined)
    throw new Fault(404, `Could not find Application Credential: ${id ?? textAt(asked, "name") ?? ""}.`);
  const expired = found.expiresMs !== undefined && found.expiresMs <= world.nowMs();
  const user = world.users.find((one) => one.id === found.user_id);
  if (expired || user === undefined || found.secret !== textAt(asked, "secret")) throw unauthorized();
  return { user, method: "application_credential", credential: found };
}

function projectOf(world: World, proved: Proved, scope: unknown): Project | undefined {
  if (scope === "unscoped") return undefined;
  const asked = jsonAt(scope, "project");
  if (proved.credential !== undefined && asked !== undefined) throw unauthorized();
  const found = world.projects.find((one) =>
    proved.credential !== undefined
      ? one.id === proved.credential.project_id
      : asked === undefined
        ? one.name === proved.user.name
        : one.id === textAt(asked, "id") || one.name === textAt(asked, "name"),
  );
  const member = found?.name === proved.user.name || proved.user.roles.includes("admin");
  if (found === undefined || !member) throw unauthorized();
  return found;
}

function grant(world: World, proved: Proved, project: Project | undefined): Token {
  const { credential } = proved;
  const lasts = world.nowMs() + world.options.tokenSeconds * 1000;
  return {
    user: proved.user,
    project,
    roles: credential?.roles ?? proved.user.roles,
    expiresMs: Math.min(lasts, credential?.expiresMs ?? lasts),
    credential: credential?.id,
    accessRules: credential === undefined || credential.access_rules.length === 0 ? undefined : credential.access_rules,
    unrestricted: credential?.unrestricted ?? true,
  };
}

function show(world: World, request: SandboxRequest, token: Token, issuedMs: number): unknown {
  const credential = world.table<Credential>("application-credential").get(token.credential ?? "");
  return {
    token: {
      methods: [credential === undefined ? "password" : "application_credential"],
      user: { domain: DOMAIN, id: token.user.id, name: token.user.name, password_expires_at: null },
      audit_ids: [world.hex().slice(0, 22)],
      expires_at: stamp(token.expiresMs),
      issued_at: stamp(issuedMs),
      ...(token.project === undefined
        ? {}
        : {
            project: { domain: DOMAIN, ...token.project },
            is_domain: false,
            roles: token.roles.map((name) => ({ id: `role-${name}`, name })),
            catalog: catalogOf(request, world.options.absent),
          }),
      ...(credential === undefined
        ? {}
        : {
            application_credential: { id: credential.id, name: credential.name, restricted: !credential.unrestricted },
          }),
    },
  };
}

function issue(world: World): Handle {
  return (request) => {
    const auth = jsonAt(request.body, "auth");
    const identity = jsonAt(auth, "identity");
    const methods = textsAt(identity, "methods");
    if (methods === undefined)
      throw new Fault(400, "Invalid input for field 'identity': 'methods' is a required property");
    const [method] = methods;
    if (method !== "password" && method !== "application_credential") throw unauthorized();
    const proved = method === "password" ? byPassword(world, identity) : byCredential(world, identity);
    const token = grant(world, proved, projectOf(world, proved, auth?.["scope"]));
    for (const [id, old] of world.tokens) if (old.expiresMs <= request.nowMs) world.tokens.delete(id);
    const id = `gAAAAA${world.hex()}${world.hex()}`;
    world.tokens.set(id, token);
    return { status: 201, headers: { "x-subject-token": id }, body: show(world, request, token, request.nowMs) };
  };
}

function subject(world: World, request: SandboxRequest): readonly [string, Token] {
  const id = request.headers["x-subject-token"] ?? "";
  const token = world.tokens.get(id);
  if (token === undefined || token.expiresMs <= request.nowMs) throw new Fault(404, "Could not find token.");
  return [id, token];
}

/** `/v3/auth/tokens`. */
export const tokenRoutes = (world: World): Readonly<Record<string, Handle>> => ({
  "POST /v3/auth/tokens": issue(world),
  "GET /v3/auth/tokens": (request) => {
    const [id, token] = subject(world, request);
    return { status: 200, headers: { "x-subject-token": id }, body: show(world, request, token, request.nowMs) };
  },
  "DELETE /v3/auth/tokens": (request) => {
    world.tokens.delete(subject(world, request)[0]);
    return { status: 204 };
  },
});
