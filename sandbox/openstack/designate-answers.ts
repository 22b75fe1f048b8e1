import type { NameAnswer, NameServers } from "../../shared/ports/name-servers.ts";
import type { World } from "./core.ts";
import { inZone, type Recordset, zonesOf } from "./designate-rows.ts";

const withoutDot = (name: string): string => name.replace(/\.$/, "");

/** In a zone's file: what was written once stays there while a change of it waits. */
const isWritten = (row: Recordset): boolean =>
  row.status === "ACTIVE" || (row.status === "PENDING" && row.action === "UPDATE");

/** `a.b.example.org.` -> `*.b.example.org.`, `*.example.org.`: whose records answer for a name that is not there itself. */
const wildcardsOf = (name: string): readonly string[] =>
  name
    .split(".")
    .slice(1, -2)
    .map((_, at, labels) => `*.${labels.slice(at).join(".")}.${name.split(".").slice(-2).join(".")}`);

/** A name server follows so many names that stand for others. */
const ALIASES_MAX = 8;

/** What a name server has that Designate writes to: a zone's records once they are ACTIVE, and a wildcard's for the rest. */
export function nameServers(world: World): NameServers {
  function answer(name: string, type: string, hops: number): NameAnswer {
    const fqdn = `${withoutDot(name)}.`;
    const zone = zonesOf(world)
      .all()
      .filter((one) => fqdn === one.name || fqdn.endsWith(`.${one.name}`))
      .toSorted((a, b) => b.name.length - a.name.length)
      .at(0);
    if (zone === undefined) return { is: "refused" };
    if (type === "SOA") return { is: "answered", records: [String(zone.serial)] };
    const written = inZone(world, zone).filter(isWritten);
    const named = (one: string) => written.filter((row) => row.name === one);
    const rows = [fqdn, ...wildcardsOf(fqdn)].map(named).find((found) => found.length > 0) ?? [];
    const [alias] = rows.find((row) => row.type === "CNAME")?.records ?? [];
    if (alias !== undefined && hops > 0) return answer(alias, type, hops - 1);
    const records = rows.filter((row) => row.type === type).flatMap((row) => row.records.map(withoutDot));
    if (records.length > 0) return { is: "answered", records };
    return { is: rows.length > 0 ? "empty" : "unknown" };
  }
  return {
    async ask(_server, name, type) {
      world.settle();
      return answer(name, type, ALIASES_MAX);
    },
  };
}
