import type { Pointer } from "../openstack/dns.ts";
import { OpenStackError } from "../openstack/errors.ts";
import { DNS_FAULT, describe, describedOwner, dnsStatus, isMarked } from "./dns-mark.ts";
import { type Kind, nameOf, type Owner, type Seen } from "./kind.ts";

export interface PtrSpec {
  readonly region: string;
  readonly floatingIpId: string;
  /** Fully qualified, with the dot at its end. */
  readonly ptrdname: string;
  /** Seconds. */
  readonly ttl: number;
}

function seeAs(owner: Owner, pointer: Pointer): Seen {
  const status = dnsStatus(pointer);
  return {
    id: pointer.id,
    name: nameOf(owner),
    status,
    state: pointer.action === "NONE" ? pointer.status : `${pointer.status} ${pointer.action}`,
    ...(status === "failed" ? { fault: DNS_FAULT } : {}),
    facts: { ptrdname: pointer.ptrdname ?? "", address: pointer.address, ttl: String(pointer.ttl ?? "") },
  };
}

function see(cluster: Pick<Owner, "cluster" | "name">, pointer: Pointer): Seen | undefined {
  const owner = pointer.ptrdname === null ? undefined : describedOwner(cluster, pointer.description);
  return owner === undefined ? undefined : seeAs(owner, pointer);
}

/** Designate's id is `<region>:<floating IP's id>`. */
const partsOf = (id: string): readonly [string, string] => {
  const at = id.lastIndexOf(":");
  return [id.slice(0, at), id.slice(at + 1)];
};

/**
 * The PTR record of a floating IP. It is a field of the floating IP in Designate, so there is never more than one; Designate
 * takes it away itself when the floating IP goes.
 */
export const ptr: Kind<PtrSpec> = {
  kind: "ptr",
  // Designate keeps it by address, and hands it on with the address.
  outlives: true,
  // Designate lists the floating IPs of the token's project only: there is no project in the answer to compare.
  find: async (cloud, cluster) => (await cloud.dns.listPointers()).flatMap((one) => see(cluster, one) ?? []),
  async get(cloud, cluster, id) {
    const found = await cloud.dns.getPointer(...partsOf(id));
    return found === undefined ? undefined : see(cluster, found);
  },
  async create(cloud, owner, { region, floatingIpId, ptrdname, ttl }) {
    const now = await cloud.dns.getPointer(region, floatingIpId);
    const description = describe(owner);
    const asked = { service: "dns", method: "PATCH", path: `/reverse/floatingips/${region}:${floatingIpId}` } as const;
    // Designate asks Neutron's listing, which may be behind: it will know the address when it is asked again.
    if (now === undefined) {
      const fault = `Designate does not know the floating IP ${floatingIpId} yet`;
      throw new OpenStackError({ ...asked, fault, trouble: "conflict" });
    }
    // A PATCH would overwrite what somebody else has set. What another cluster's mark is on came with the address, whose floating
    // IP was deleted by hand before: no other has it now.
    if (now.ptrdname !== null && !isMarked(now.description)) {
      const whose = `already has the PTR record ${now.ptrdname}, which is somebody else's`;
      const fault = `The floating IP ${now.address} ${whose}: remove it first`;
      throw new OpenStackError({ ...asked, fault, trouble: "ambiguous" });
    }
    return seeAs(owner, await cloud.dns.setPointer(region, floatingIpId, { ptrdname, ttl, description }));
  },
  async update(cloud, owner, { ptrdname, ttl }, seen) {
    const same = seen.facts["ptrdname"] === ptrdname && seen.facts["ttl"] === String(ttl);
    if (same || seen.status === "leaving") return seen;
    const description = describe(owner);
    return seeAs(owner, await cloud.dns.setPointer(...partsOf(seen.id), { ptrdname, ttl, description }));
  },
  remove: (cloud, seen) => cloud.dns.unsetPointer(...partsOf(seen.id)),
};
