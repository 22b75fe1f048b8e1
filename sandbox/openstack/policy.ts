const VERBS: Readonly<Record<string, string>> = { POST: "create", PUT: "update", PATCH: "update", DELETE: "delete" };

/** What a call does, and to what: `create` and `security_group`. Undefined for one that only looks. */
export function deed(method: string, path: string) {
  const verb = VERBS[method];
  const [, , many = ""] = path.split("/");
  return verb === undefined ? undefined : { verb, many, one: many.replaceAll("-", "_").replace(/s$/, "") };
}
