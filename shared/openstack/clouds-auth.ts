/** A domain, a user or a project may be given by id or by name; names of users and projects need a domain. */
export type DomainRef = { readonly id: string } | { readonly name: string };
export type UserRef = { readonly id: string } | { readonly name: string; readonly domain: DomainRef };
export type ProjectRef = { readonly id: string } | { readonly name: string; readonly domain: DomainRef };

export type Auth =
  | { readonly method: "password"; readonly user: UserRef; readonly password: string; readonly project: ProjectRef }
  | {
      readonly method: "application-credential";
      readonly credential: { readonly id: string } | { readonly name: string; readonly user: UserRef };
      readonly secret: string;
    };

/** Looks up a key of the `auth` section; notes a problem when a value is there and is not text. */
export type Read = (key: string) => string | undefined;

/** Notes what to fix; where the settings come from is said by the caller. */
export type Note = (key: string, advice: string) => undefined;

function domainOf(read: Read, of: "user" | "project", note: Note): DomainRef | undefined {
  const id = read(`${of}_domain_id`) ?? read("domain_id") ?? read("default_domain_id") ?? read("default_domain");
  const name = read(`${of}_domain_name`) ?? read("domain_name") ?? read("default_domain_name");
  if (name !== undefined && read(`${of}_domain_id`) === undefined) return { name };
  if (id !== undefined) return { id };
  return note(`${of}_domain_name`, "is missing: add the domain's name, usually Default");
}

function userOf(read: Read, note: Note): UserRef | undefined {
  const id = read("user_id");
  if (id !== undefined) return { id };
  const name = read("username");
  if (name === undefined) return note("username", "is missing: add the user's name (or user_id)");
  const domain = domainOf(read, "user", note);
  return domain && { name, domain };
}

function projectOf(read: Read, note: Note): ProjectRef | undefined {
  // Version 2 called projects tenants, and so do the openrc files of some providers to this day.
  const id = read("project_id") ?? read("tenant_id");
  if (id !== undefined) return { id };
  const name = read("project_name") ?? read("tenant_name");
  if (name === undefined) return note("project_name", "is missing: add the project's name (or project_id)");
  const domain = domainOf(read, "project", note);
  return domain && { name, domain };
}

function passwordAuth(read: Read, note: Note): Auth | undefined {
  const user = userOf(read, note);
  const password = read("password") ?? note("password", "is missing: add it here or in secure.yaml");
  const project = projectOf(read, note);
  return user && password !== undefined && project ? { method: "password", user, password, project } : undefined;
}

function credentialAuth(read: Read, note: Note): Auth | undefined {
  const method = "application-credential";
  const secret =
    read("application_credential_secret") ??
    note("application_credential_secret", "is missing: add it here or in secure.yaml");
  const id = read("application_credential_id");
  if (id !== undefined) return secret === undefined ? undefined : { method, credential: { id }, secret };
  const name = read("application_credential_name");
  if (name === undefined) return note("application_credential_id", "is missing: add the id (or its name and username)");
  const user = userOf(read, note);
  return user && secret !== undefined ? { method, credential: { name, user }, secret } : undefined;
}

/** The login that `auth_type` names; without one, whichever the `auth` section is written for. */
export function authOf(type: string | undefined, read: Read, note: Note): Auth | undefined {
  const credential = type === undefined && read("application_credential_secret") !== undefined;
  if (credential || type === "v3applicationcredential") return credentialAuth(read, note);
  if (type === undefined || type === "password" || type === "v3password") return passwordAuth(read, note);
  return note("auth_type", `"${type}" is not supported: use v3applicationcredential or password`);
}
