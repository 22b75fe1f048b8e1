import { markOf, type Owner } from "./kind.ts";

/**
 * The name of a DNS record is what people type, so its description tells the step too: `kinvirt:k7f3m2q9x1 dns/api`.
 */
export const describe = (owner: Owner): string => `${markOf(owner)} ${owner.step}`;

/** Some cluster's. */
export const isMarked = (description: string | null | undefined): boolean =>
  (description ?? "").startsWith(markOf({ cluster: "" }));

/** The owner that a description names; undefined when it is not this cluster. */
export function describedOwner(
  cluster: Pick<Owner, "cluster" | "name">,
  description: string | null | undefined,
): Owner | undefined {
  const [mark, step, ...more] = (description ?? "").split(" ");
  if (mark !== markOf(cluster) || step === undefined || step === "" || more.length > 0) return undefined;
  return { cluster: cluster.cluster, name: cluster.name, step };
}

/** Designate's status words, which mean the same for recordsets and for PTR records. */
export function dnsStatus(of: {
  readonly status: string;
  readonly action: string;
}): "pending" | "ready" | "failed" | "leaving" {
  if (of.status === "ERROR") return "failed";
  if (of.action === "DELETE" || of.status === "DELETED") return "leaving";
  return of.status === "ACTIVE" ? "ready" : "pending";
}

/** Designate tells no more than ERROR; its log has the name server's answer. */
export const DNS_FAULT = "Designate could not write it to the name servers";
