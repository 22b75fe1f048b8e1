import type { Plain } from "./cloud.ts";
import type { Call } from "./wire.ts";

/** The catalog's service that a call went to. */
function serviceOf(cloud: Plain): (call: Call) => string | undefined {
  const places = cloud.login.catalog.flatMap(({ type, endpoints }) => endpoints.map(({ url }) => ({ type, url })));
  const rootOf = (url: string) => url.replace(/\/v\d.*$/, "").replace(/\/$/, "");
  return ({ url }) =>
    places.filter((one) => url.startsWith(rootOf(one.url))).toSorted((a, b) => b.url.length - a.url.length)[0]?.type;
}

/** The others go into the cluster itself. */
export function toCloud(cloud: Plain, calls: readonly Call[]): readonly Call[] {
  const typeOf = serviceOf(cloud);
  return calls.filter((call) => typeOf(call) !== undefined);
}

/** Calls by service, reading and changing. */
export function byService(cloud: Plain, calls: readonly Call[]): string {
  const typeOf = serviceOf(cloud);
  const counts = new Map<string, { read: number; change: number }>();
  for (const call of calls) {
    const type = typeOf(call) ?? "elsewhere";
    const count = counts.get(type) ?? { read: 0, change: 0 };
    count[call.method === "GET" || call.method === "HEAD" ? "read" : "change"] += 1;
    counts.set(type, count);
  }
  return [...counts].map(([type, { read, change }]) => `${type} ${read}+${change}`).join(", ");
}

/** Servers, networks, addresses, load balancers, names and shares; the others hold what the machines fetch later. */
const GROUND = ["compute", "network", "load-balancer", "dns", "shared-file-system", "sharev2"];

/**
 * Seconds until the last call to one of these services had its answer: what is ready is not looked at again, so that was the
 * moment in which the last of its resources was seen to be.
 */
export function groundSeconds(cloud: Plain, calls: readonly Call[], beganMs: number): number {
  const typeOf = serviceOf(cloud);
  const ends = calls.filter((call) => GROUND.includes(typeOf(call) ?? "")).map(({ toMs }) => toMs);
  return (Math.max(beganMs, ...ends) - beganMs) / 1000;
}
