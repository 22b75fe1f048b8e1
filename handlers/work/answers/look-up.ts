import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { judgeAnswer, type Lookup, type ZoneTruth } from "../../../shared/resources/dns-truth.ts";
import type { ServedZone } from "../../views/on-call/dns-findings.ts";

/** A zone may have many; two tell whether it is served. */
const SERVERS_MAX = 2;
/** Stands for whatever a wildcard answers for. */
const ANY = "kinvirt-looks";

type Asking = Pick<Deps, "config" | "nameServers">;

/** Where a tenant's zone is looked up. */
export const serversFor = ({ config }: Asking, tenant: string, zone: ZoneTruth | undefined): readonly string[] =>
  (config.tenants[tenant]?.nameServers ?? zone?.nameServers ?? []).slice(0, SERVERS_MAX);

/** The serial that each of them has. One that says none was asked for nothing else, as it would take as long again. */
export const zoneAt = async (deps: Asking, servers: readonly string[], zone: string): Promise<readonly ServedZone[]> =>
  Promise.all(
    (deps.nameServers === undefined ? [] : servers).map(async (server) => {
      const said = await deps.nameServers?.ask(server, zone, "SOA");
      if (said?.is === "answered") return { server, serial: Number(said.records[0]) };
      return { server, why: said?.is === "failed" ? said.why : (said?.is ?? "") };
    }),
  );

type Wanted = Pick<Lookup, "fqdn" | "type"> & { readonly records: readonly string[] };

/** Every wanted name, asked of every server that answers for the zone at all. */
export async function lookUp(
  { nameServers }: Asking,
  servers: readonly ServedZone[],
  wanted: readonly Wanted[],
): Promise<readonly Lookup[]> {
  if (nameServers === undefined) return [];
  const asked = servers.flatMap(({ server, serial, why = "" }) =>
    wanted.map(async ({ fqdn, type, records }): Promise<Lookup> => {
      const name = fqdn.replace(/^\*/, ANY);
      const about = { server, asked: name, fqdn, type };
      if (serial === undefined) return { ...about, verdict: "silent", records: [], why };
      return { ...about, ...judgeAnswer(records, await nameServers.ask(server, name, type)) };
    }),
  );
  return Promise.all(asked);
}

/** Whether a name is one of a cluster's: `api.dev.k8s.example.org.`, `shop.apps.dev.k8s.example.org.`. */
export const holdsName = ({ spec, resolved }: ClusterRecord, fqdn: string): boolean =>
  resolved !== undefined && fqdn.endsWith(`.${spec.name}.${resolved.zone.name}`);
