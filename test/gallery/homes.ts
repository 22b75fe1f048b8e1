import { type HomeState, type HomeTenant, homeView } from "../../handlers/views/home.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import { NOW_MS, record, request, spec } from "../handlers/given.ts";
import type { Picture } from "./views.ts";

const PHASES = ["ready", "creating", "blocked", "deleting", "requested"] as const;

/** So many clusters in all states, with the longest names. */
export const manyClusters = (count: number, tenant = "team-a"): readonly ClusterRecord[] =>
  Array.from({ length: count }, (_, at) =>
    record(
      {
        tenant,
        id: `k${at}`,
        spec: spec({ name: `${"abcdefghijklmnopqrstuvwxyz".slice(0, 22)}-${at}` }),
        ...(at % 2 === 0 ? { expiresMs: NOW_MS + at * 3_600_000 } : {}),
      },
      { phase: PHASES[at % PHASES.length] ?? "ready" },
    ),
  );

const team = (clusters: readonly ClusterRecord[], name = "team-a"): HomeTenant => ({
  name,
  channel: "C0TEAMA",
  clusters,
  clustersMax: 100,
});

export function homes(words: string): readonly Picture[] {
  const home = (name: string, over: Partial<HomeState>): Picture => ({
    name: `home ${name}`,
    surface: "home",
    view: homeView({ user: "U0DEV", tenants: [team([])], decisions: [], asked: [], page: 0, ...over }),
  });
  const odd = spec({ workers: { count: 100, flavor: words }, version: words });
  const wanted = (count: number) => Array.from({ length: count }, () => request({ spec: odd, tenant: words }));
  const all = manyClusters(100);
  return [
    home("of a stranger", { tenants: [] }),
    home("with nothing", {}),
    home("with 5 clusters", { tenants: [team(manyClusters(5))] }),
    home("with 100 clusters", { tenants: [team(all)] }),
    home("with 100 clusters, in the middle", { tenants: [team(all)], page: 2 }),
    home("with 100 clusters, beyond the end", { tenants: [team(all)], page: 99 }),
    home("of an approver", { decisions: wanted(2), asked: wanted(1) }),
    home("with all there can be", {
      decisions: wanted(60),
      asked: wanted(60),
      tenants: Array.from({ length: 30 }, (_, at) => team(manyClusters(40, `${words}-${at}`), `${words}-${at}`)),
      page: 1,
    }),
  ];
}
