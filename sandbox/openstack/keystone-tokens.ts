import { isAdmin, type Token, type World } from "./core.ts";
import { catalogOf } from "./keystone-catalog.ts";
import { authOf, forbidden } from "./keystone-checks.ts";
import { roleId, ruleView } from "./keystone-credentials.ts";
import { credentialsOf, DOMAIN, type Login, noCredential, prove } from "./keystone-login.ts";
import { Fault, type Handle, type SandboxRequest } from "./service.ts";

/** What every token of Keystone begins with. */
const FERNET = "gAAAAA";
/** The credential that it was made with is gone, and it with it. */
export const isOrphan = (world: World, token: Token): boolean =>
  token.credential !== undefined && credentialsOf(world).get(token.credential) === undefined;
const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}.000000Z`;

function grant(world: World, { user, project, credential }: Login): Token {
  const lasts = world.nowMs() + world.options.tokenSeconds * 1000;
  return {
    user,
    project,
    roles: credential?.roles ?? user.roles,
    expiresMs: Math.min(lasts, credential?.expiresMs ?? lasts),
    credential: credential?.id,
    accessRules: credential === undefined || credential.access_rules.length === 0 ? undefined : credential.access_rules,
    unrestricted: credential === undefined || credential.unrestricted === true,
  };
}

function show(world: World, request: SandboxRequest, token: Token, issuedMs: number): unknown {
  const credential = credentialsOf(world).get(token.credential ?? "");
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
            roles: token.roles.map((name) => ({ id: roleId(name), name })),
            catalog: catalogOf(request, world.options.absent),
          }),
      ...(credential === undefined
        ? {}
        : {
            application_credential: {
              id: credential.id,
              name: credential.name,
              restricted: credential.unrestricted !== true,
              ...(token.accessRules === undefined ? {} : { access_rules: credential.access_rules.map(ruleView) }),
            },
          }),
    },
  };
}

function issue(world: World): Handle {
  return (request) => {
    const token = grant(world, prove(world, authOf(request)));
    for (const [id, old] of world.tokens) if (old.expiresMs <= request.nowMs) world.tokens.delete(id);
    const id = `${FERNET}${world.hex()}${world.hex()}`;
    world.tokens.set(id, token);
    return { status: 201, headers: { "x-subject-token": id }, body: show(world, request, token, request.nowMs) };
  };
}

/** The caller's own token, or anybody's for an admin. */
function subject(world: World, request: SandboxRequest, action: string): readonly [string, Token] {
  const id = request.headers["x-subject-token"] ?? "";
  if (id === "") throw forbidden(`identity:${action}`);
  const token = world.tokens.get(id);
  if (token === undefined || token.expiresMs <= request.nowMs) {
    const isFernet = id.startsWith(FERNET);
    throw new Fault(404, isFernet ? "Failed to validate token" : "Could not recognize Fernet token");
  }
  if (isOrphan(world, token)) throw noCredential(token.credential ?? "");
  if (token.user.id !== request.user && !isAdmin(request)) throw forbidden(`identity:${action}`);
  return [id, token];
}

/** `/v3/auth/tokens`. */
export function tokenRoutes(world: World): Readonly<Record<string, Handle>> {
  const path = "/v3/auth/tokens";
  return {
    [`POST ${path}`]: issue(world),
    [`GET ${path}`]: (request) => {
      const [id, token] = subject(world, request, "validate_token");
      return { status: 200, headers: { "x-subject-token": id }, body: show(world, request, token, request.nowMs) };
    },
    [`HEAD ${path}`]: (request) => ({
      status: 200,
      headers: { "x-subject-token": subject(world, request, "check_token")[0] },
    }),
    [`DELETE ${path}`]: (request) => {
      world.tokens.delete(subject(world, request, "revoke_token")[0]);
      return { status: 204 };
    },
  };
}
