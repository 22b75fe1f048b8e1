/** What one name server said. */
export type NameAnswer =
  /** As the record has them, without the dot at a name's end; of an SOA record its serial alone. */
  | { readonly is: "answered"; readonly records: readonly string[] }
  /** There is no such name (NXDOMAIN). */
  | { readonly is: "unknown" }
  /** There is such a name, without a record of this type (NODATA). */
  | { readonly is: "empty" }
  /** It does not answer for this zone (REFUSED). */
  | { readonly is: "refused" }
  /** Nobody answered in time. */
  | { readonly is: "timeout" }
  /** It could not be asked, or its answer was no use: `SERVFAIL`, `its own name does not resolve`. */
  | { readonly is: "failed"; readonly why: string };

/** Name servers, each asked by itself and never through a cache. */
export interface NameServers {
  /** `server`: `192.0.2.53`, `192.0.2.53:5353`, or a host name. Never rejects; answers within some seconds. */
  ask(server: string, name: string, type: "A" | "PTR" | "SOA"): Promise<NameAnswer>;
}
