import type { Project, User, World } from "./core.ts";
import { isJson, type Json, jsonAt, textAt, textsAt } from "./json.ts";
import { expecting } from "./keystone-checks.ts";
import type { Credential } from "./keystone-credentials.ts";
import { Fault, unauthorized } from "./service.ts";

export const DOMAIN = { id: "default", name: "Default" };
export const credentialsOf = (world: World) => world.table<Credential>("application-credential");
export const noCredential = (id: string) => new Fault(404, `Could not find Application Credential: ${id}.`);

/** Who logs in, with which credential if any, and for which project. */
export interface Login {
  readonly user: User;
  readonly credential: Credential | undefined;
  readonly project: Project | undefined;
}

type Proved = Omit<Login, "project">;

/** The domain that a name is of; an id needs none. Undefined if there is neither name nor id. */
function named(
  asked: Json | undefined,
  what: string,
): ((one: { readonly id: string; readonly name: string }) => boolean) | undefined {
  const [id, name, domain] = [textAt(asked, "id"), textAt(asked, "name"), jsonAt(asked, "domain")];
  if (id !== undefined) return (one) => one.id === id;
  if (name === undefined) return undefined;
  if (domain === undefined) throw expecting("domain", what);
  const home = textAt(domain, "id") === DOMAIN.id || textAt(domain, "name") === DOMAIN.name;
  return (one) => home && one.name === name;
}

const unnamed = (field: string) => new Fault(400, `Invalid input for field ${field}: id or name must be present.`);

/** Keystone never says which of name, password, project or domain was wrong. */
function byPassword(world: World, identity: Json): Proved {
  const section = jsonAt(identity, "password");
  if (section === undefined) throw expecting("password", "identity");
  const asked = jsonAt(section, "user");
  if (asked === undefined) throw expecting("user", "None");
  const isHim = named(asked, "user");
  if (isHim === undefined) throw unnamed("identity/password/user");
  const user = world.users.find(isHim);
  if (user === undefined || user.password !== textAt(asked, "password")) throw unauthorized();
  return { user, credential: undefined };
}

function credentialOf(world: World, asked: Json): Credential {
  const credentials = credentialsOf(world);
  const [id, name] = [textAt(asked, "id"), textAt(asked, "name")];
  if (id !== undefined) {
    const found = credentials.get(id);
    if (found === undefined) throw noCredential(id);
    return found;
  }
  if (name === undefined) throw expecting("name or ID", "application credential");
  const isOwner = named(jsonAt(asked, "user"), "user");
  if (isOwner === undefined) throw expecting("user", "application credential");
  const owner = world.users.find(isOwner);
  const found = credentials.all().find((one) => one.user_id === owner?.id && one.name === name);
  if (found === undefined) throw unauthorized();
  return found;
}

function byCredential(world: World, identity: Json): Proved {
  const asked = jsonAt(identity, "application_credential");
  if (asked === undefined) throw expecting("application_credential", "identity");
  const found = credentialOf(world, asked);
  const expired = found.expiresMs !== undefined && found.expiresMs <= world.nowMs();
  const user = world.users.find((one) => one.id === found.user_id);
  if (expired || user === undefined || found.secret !== textAt(asked, "secret")) throw unauthorized();
  return { user, credential: found };
}

type Wanted = "unscoped" | "unknown" | ((one: Project) => boolean) | undefined;

/** Which project a login asks for; undefined leaves the choice to Keystone. */
function scopeOf(scope: unknown): Wanted {
  if (scope === undefined || scope === "unscoped") return scope;
  const [kind = "", ...more] = isJson(scope) ? Object.keys(scope) : [];
  if (more.length > 0 || !["system", "project", "domain", "OS-TRUST:trust", "unscoped"].includes(kind))
    throw expecting("system, project, domain, OS-TRUST:trust or unscoped", "scope");
  if (kind === "unscoped") return kind;
  if (kind !== "project") return "unknown";
  const isIt = named(jsonAt(scope, "project"), "project");
  if (isIt === undefined) throw unnamed("scope/project");
  return isIt;
}

function projectOf(world: World, proved: Proved, wanted: Wanted): Project | undefined {
  const { credential, user } = proved;
  if (credential !== undefined) {
    const why = "Error authenticating with application credential: Application credentials cannot request a scope.";
    if (wanted !== undefined) throw new Fault(401, why, "AuthPluginException");
    return world.projects.find((one) => one.id === credential.project_id);
  }
  if (wanted === "unscoped") return undefined;
  const isIt = wanted ?? ((one: Project) => one.name === user.name);
  const found = isIt === "unknown" ? undefined : world.projects.find(isIt);
  if (found === undefined || !(found.name === user.name || user.roles.includes("admin"))) throw unauthorized();
  return found;
}

/** What is wrong with the scope comes before what is wrong with the proof. */
export function prove(world: World, auth: Json): Login {
  const identity = jsonAt(auth, "identity") ?? {};
  const wanted = scopeOf(auth["scope"]);
  const [method] = textsAt(identity, "methods") ?? [];
  if (method === undefined) throw unauthorized();
  if (method !== "password" && method !== "application_credential")
    throw new Fault(401, "Attempted to authenticate with an unsupported method.", "AuthMethodNotSupported");
  const proved = method === "password" ? byPassword(world, identity) : byCredential(world, identity);
  return { ...proved, project: projectOf(world, proved, wanted) };
}
