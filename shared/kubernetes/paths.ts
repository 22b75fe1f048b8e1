/** What a path of the API is made of. No namespace means that the kind has none. */
export interface KindRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
}

export interface ObjectRef extends KindRef {
  readonly name: string;
}

/** How Kubernetes itself guesses the resource of a kind; it holds for all kinds that ship with it. */
export function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === "endpoints") return lower;
  if (lower.endsWith("s")) return `${lower}es`;
  return lower.endsWith("y") ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

export function pathOf({ apiVersion, kind, namespace }: KindRef, ...rest: readonly string[]): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = namespace === undefined ? [] : ["namespaces", namespace];
  return [root, ...[...scope, pluralOf(kind), ...rest].map(encodeURIComponent)].join("/");
}

export function queryOf(query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value));
  return params.size === 0 ? "" : `?${params}`;
}
