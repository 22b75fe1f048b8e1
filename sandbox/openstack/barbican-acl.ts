import { mismatch } from "./barbican-checks.ts";
import type { World } from "./core.ts";
import { isJson, type Json, jsonAt } from "./json.ts";
import { python } from "./nova-schema.ts";
import type { Handle, SandboxRequest } from "./service.ts";

interface Rule {
  readonly "project-access": boolean;
  readonly users: readonly string[];
  readonly created: string;
  readonly updated: string;
}

/** Who beside a secret's own user may read it. Without a rule it is whoever has a role in the project. */
export interface Acls {
  isPrivate(id: string): boolean;
  /** Somebody who is named, of whatever project. */
  names(id: string, user: string): boolean;
  forget(id: string): void;
}

const SCHEMA = "ACL";
const FIELDS = ["users", "project-access"];
const extra = (strange: readonly string[]) =>
  `Additional properties are not allowed (${strange.map(python).join(", ")} ${strange.length > 1 ? "were" : "was"} unexpected)`;

/** The part of a body that rules reading; undefined if it has none. */
function ruleIn(body: unknown): Json | undefined {
  const asked = isJson(body) ? body : {};
  const read = asked["read"];
  if (read !== undefined) checkRule(read);
  const strange = Object.keys(asked).filter((name) => name !== "read");
  if (strange.length > 0) throw mismatch(SCHEMA, extra(strange), "None");
  return jsonAt(asked, "read");
}

function checkRule(read: unknown): void {
  const wrong = (value: unknown, type: string) => mismatch(SCHEMA, `${python(value)} is not of type '${type}'`, "read");
  if (!isJson(read)) throw wrong(read, "object");
  const { users, "project-access": access } = read;
  if (users !== undefined && !Array.isArray(users)) throw wrong(users, "array");
  if (access !== undefined && typeof access !== "boolean") throw wrong(access, "boolean");
  const strange = Object.keys(read).filter((name) => !FIELDS.includes(name));
  if (strange.length > 0) throw mismatch(SCHEMA, extra(strange), "read");
}

/** `/v1/secrets/{id}/acl`. `find` answers with a Fault for a secret that is not there for this caller. */
export function aclRoutes(
  world: World,
  find: (request: SandboxRequest, id: string) => void,
  refOf: (request: SandboxRequest, id: string) => string,
): Acls & { readonly routes: Readonly<Record<string, Handle>> } {
  const rules = new Map<string, Rule>();
  const now = (): string => new Date(world.nowMs()).toISOString().slice(0, 19);
  /** A PATCH leaves what it doesn't name. */
  const set =
    (whole: boolean): Handle =>
    (request, { id = "" }) => {
      find(request, id);
      const asked = ruleIn(request.body);
      const before = rules.get(id);
      if (asked === undefined && whole) rules.delete(id);
      const base = whole ? undefined : before;
      const users = Array.isArray(asked?.["users"]) ? [...new Set(asked["users"].map(String))] : (base?.users ?? []);
      const access = asked?.["project-access"] ?? base?.["project-access"] ?? true;
      const rule = { "project-access": access === true, users, created: before?.created ?? now(), updated: now() };
      if (asked !== undefined) rules.set(id, rule);
      return { status: 200, body: { acl_ref: `${refOf(request, id)}/acl` } };
    };
  const path = "/v1/secrets/:id/acl";
  return {
    isPrivate: (id) => rules.get(id)?.["project-access"] === false,
    names: (id, user) => rules.get(id)?.users.includes(user) === true,
    forget: (id) => void rules.delete(id),
    routes: {
      [`GET ${path}`]: (request, { id = "" }) => {
        find(request, id);
        return { status: 200, body: { read: rules.get(id) ?? { "project-access": true } } };
      },
      [`PUT ${path}`]: set(true),
      [`PATCH ${path}`]: set(false),
      [`DELETE ${path}`]: (request, { id = "" }) => {
        find(request, id);
        rules.delete(id);
        return { status: 200, body: null };
      },
    },
  };
}
