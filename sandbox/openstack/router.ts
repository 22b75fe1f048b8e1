import type { Handle, Params, Routes } from "./service.ts";

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handle: Handle;
}

export type Routed =
  | { readonly is: "found"; readonly handle: Handle; readonly params: Params }
  | { readonly is: "no-route" }
  | { readonly is: "no-method" };

const segmentsOf = (path: string): readonly string[] => path.split("/").filter((segment) => segment !== "");
const isParam = (segment: string): boolean => segment.startsWith(":");
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
    byLength.set(segments.length, [...(byLength.get(segments.length) ?? []), { method, segments, handle }]);
  }
  const params = (route: Route) => route.segments.filter(isParam).length;
  for (const some of byLength.values()) some.sort((a, b) => params(a) - params(b));
  return (method, path) => {
    const segments = segmentsOf(path);
    const some = byLength.get(segments.length) ?? [];
    const fits = (route: Route) => route.segments.every((segment, at) => segment === segments[at] || isParam(segment));
    const route = some.find((one) => one.method === method && fits(one));
    if (route === undefined) return { is: some.some(fits) ? "no-method" : "no-route" };
    const named = route.segments.flatMap((segment, at) =>
      isParam(segment) ? [[segment.slice(1), decode(segments[at] ?? "")] as const] : [],
    );
    return { is: "found", handle: route.handle, params: Object.fromEntries(named) };
  };
}
