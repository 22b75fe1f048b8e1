import { OpenStackError } from "../openstack/errors.ts";
import type { ShareAccess } from "../openstack/shared-file-system-access.ts";
import { type Kind, nameOf, type Owner, type Seen } from "./kind.ts";
import { labelledStep, listOurShares, shareLabels } from "./share.ts";

export interface ShareAccessSpec {
  readonly shareId: string;
  /** CEPHFS knows users instead of addresses. Default `ip`. */
  readonly accessType?: "ip" | "cephx";
  /** Who may mount: an IPv4 network, or with `cephx` the user's name. */
  readonly cidr: string;
  readonly level: "rw" | "ro";
}

type Cluster = Pick<Owner, "cluster" | "name">;

function statusOf(state: string): Seen["status"] {
  if (state === "active") return "ready";
  if (state === "error") return "failed";
  return state === "queued_to_deny" || state === "denying" || state === "deleted" ? "leaving" : "pending";
}

function seeAs(owner: Owner, shareId: string, rule: ShareAccess): Seen {
  const status = statusOf(rule.state);
  return {
    id: rule.id,
    name: nameOf(owner),
    status,
    state: rule.state,
    ...(status === "failed" ? { fault: "Manila's storage refused the access rule" } : {}),
    facts: { shareId, to: rule.access_to, level: rule.access_level },
  };
}

function see({ cluster, name }: Cluster, shareId: string, rule: ShareAccess): Seen | undefined {
  const step = labelledStep({ cluster }, rule.metadata);
  return step === undefined ? undefined : seeAs({ cluster, name, step }, shareId, rule);
}

/** Opening a share to every address is a mistake whoever asks for it. */
function refuseEverybody({ accessType = "ip", cidr, shareId }: ShareAccessSpec): void {
  if (accessType !== "ip" || !/\/0+$/.test(cidr)) return;
  const fault = `A share is never opened to every address (${cidr}): name the cluster's own network`;
  const path = `/shares/${shareId}/action`;
  throw new OpenStackError({ service: "shared-file-system", method: "POST", path, fault, trouble: "invalid" });
}

/** Who may mount the cluster's share: its network (NFS) or its user (CEPHFS). A rule can't be changed, only replaced. */
export const shareAccess: Kind<ShareAccessSpec> = {
  kind: "share-access",
  // A rule that Manila has queued and forgotten would keep its share for ever.
  releases: ["share"],
  async find(cloud, cluster) {
    const shares = await listOurShares(cloud, cluster);
    const rules = await Promise.all(
      shares.map(async ({ id }) => {
        const all = await cloud.sharedFileSystem.listAccessRules(id);
        return all.flatMap((rule) => see(cluster, id, rule) ?? []);
      }),
    );
    return rules.flat();
  },
  async get(cloud, cluster, id) {
    const rule = await cloud.sharedFileSystem.getAccessRule(id);
    return rule?.share_id == null ? undefined : see(cluster, rule.share_id, rule);
  },
  look: (cloud, cluster, { id }) => shareAccess.get(cloud, cluster, id),
  async create(cloud, owner, spec) {
    refuseEverybody(spec);
    const { shareId, accessType = "ip", cidr, level } = spec;
    const fields = { access_type: accessType, access_to: cidr, access_level: level, metadata: shareLabels(owner) };
    return seeAs(owner, shareId, await cloud.sharedFileSystem.createAccessRule(shareId, fields));
  },
  update: async (_cloud, _owner, _spec, seen) => seen,
  remove: (cloud, seen) => cloud.sharedFileSystem.deleteAccessRule(seen.facts["shareId"] ?? "", seen.id),
};
