import type { World } from "./core.ts";
import { isJson, jsonAt } from "./json.ts";
import type { Handle, SandboxRequest } from "./service.ts";
import { Fault } from "./service.ts";

interface Rule {
  readonly "project-access": boolean;
  readonly users: readonly string[];
  readonly created: string;
  readonly updated: string;
}

/** Who beside a secret's own user may read it. Without a rule it is whoever has a role in the project. */
export interface Acls {
  isPrivate(id: string): boolean;
  forget(id: string): void;
}

const notBoolean = (value: unknown): Fault => {
  const shown = typeof value === "string" ? `'${value}'` : JSON.stringify(value);
  const wrong = `Provided object does not match schema 'ACL': ${shown} is not of type 'boolean'. Invalid property: 'read'`;
  return new Fault(400, wrong);
};

/** `GET` and `PUT /v1/secrets/{id}/acl`. `find` answers with a Fault for a secret that is not there for this caller. */
export function aclRoutes(
  world: World,
  find: (request: SandboxRequest, id: string) => void,
  refOf: (request: SandboxRequest, id: string) => string,
): Acls & { readonly routes: Readonly<Record<string, Handle>> } {
  const rules = new Map<string, Rule>();
  const now = (): string => new Date(world.nowMs()).toISOString().slice(0, 19);
  return {
    isPrivate: (id) => rules.get(id)?.["project-access"] === false,
    forget: (id) => void rules.delete(id),
    routes: {
      "GET /v1/secrets/:id/acl": (request, { id = "" }) => {
        find(request, id);
        return { status: 200, body: { read: rules.get(id) ?? { "project-access": true } } };
      },
      "PUT /v1/secrets/:id/acl": (request, { id = "" }) => {
        find(request, id);
        const asked = jsonAt(request.body, "read");
        const access = isJson(asked) ? (asked["project-access"] ?? true) : true;
        if (typeof access !== "boolean") throw notBoolean(access);
        const before = rules.get(id);
        rules.set(id, { "project-access": access, users: [], created: before?.created ?? now(), updated: now() });
        return { status: 200, body: { acl_ref: `${refOf(request, id)}/acl` } };
      },
    },
  };
}
