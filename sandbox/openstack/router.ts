import type { Handle, Params, Routes } from "./service.ts";

/** A segment and where it is. */
type Placed = readonly [at: number, text: string];

interface Route {
  readonly method: string;
  readonly literals: readonly Placed[];
  readonly params: readonly Placed[];
  readonly handle: Handle;
}

export type Routed =
  | { readonly is: "found"; readonly handle: Handle; readonly params: Params }
  | { readonly is: "no-route" }
  | { readonly is: "no-method" };

const segmentsOf = (path: string): readonly string[] => path.split("/").filter((segment) => segment !== "");
const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** Literal segments win over parameters: `/servers/detail` is not the server named `detail`. */
export function router(routes: Routes): (method: string, path: string) => Routed {
  const byLength = new Map<number, Route[]>();
  for (const [key, handle] of Object.entries(routes)) {
    const [method = "", path = ""] = key.split(" ");
    const segments = segmentsOf(path);
    const placed = segments.map((segment, at): Placed => [at, segment]);
    const literals = placed.filter(([, text]) => !text.startsWith(":"));
    const params = placed.flatMap(([at, text]) => (text.startsWith(":") ? [[at, text.slice(1)] as const] : []));
    byLength.set(segments.length, [...(byLength.get(segments.length) ?? []), { method, literals, params, handle }]);
  }
  for (const some of byLength.values()) some.sort((a, b) => a.params.length - b.params.length);
  return (method, path) => {
    const segments = segmentsOf(path);
    const some = byLength.get(segments.length) ?? [];
    const fits = ({ literals }: Route) => literals.every(([at, text]) => segments[at] === text);
    const route = some.find((one) => one.method === method && fits(one));
    if (route === undefined) return { is: some.some(fits) ? "no-method" : "no-route" };
    const params = route.params.map(([at, name]) => [name, decode(segments[at] ?? "")] as const);
    return { is: "found", handle: route.handle, params: Object.fromEntries(params) };
  };
}
