import type { AccessRule } from "./core.ts";

/**
 * A rule's path as keystonemiddleware reads it: `*` and `{name}` are one segment, `**` is anything, and every other
 * character is a piece of a regular expression as it stands. Source: keystonemiddleware/auth_token/__init__.py, _path_matches.
 */
function pathOf(pattern: string): RegExp {
  const text = pattern.replaceAll(/\*\*|\*|\{[^}]*\}/g, (token) => (token === "**" ? ".*" : "[^/]+"));
  try {
    return new RegExp(`^${text}$`);
  } catch {
    return /^\b$/;
  }
}

/** `path` is the whole path of the URL, with the prefix of the service: `/networking/v2.0/ports`. */
export function allowed(
  rules: readonly AccessRule[] | undefined,
  service: string,
  method: string,
  path: string,
): boolean {
  if (rules === undefined) return true;
  return rules.some((rule) => rule.service === service && rule.method === method && pathOf(rule.path).test(path));
}
