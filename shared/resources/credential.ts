import type { Cloud } from "../openstack/cloud.ts";
import { isTrouble } from "../openstack/errors.ts";
import type { AccessRule, ApplicationCredential } from "../openstack/identity.ts";
import { type Kind, markOf, nameOf, type Seen } from "./kind.ts";
import { byDescription } from "./listed.ts";

export interface CredentialSpec {
  /** Called once, when it is created: the text is never kept, logged or compared. */
  readonly secret: (cloud: Cloud) => Promise<string>;
  /** Names of roles that we have ourselves. */
  readonly roles: readonly string[];
  /** Never empty: an empty list would be no restriction. */
  readonly accessRules: readonly AccessRule[];
  /** ISO 8601. Without it, it ends with the cluster. */
  readonly expiresAt?: string;
}

const see = (credential: ApplicationCredential): Seen => ({
  id: credential.id,
  name: credential.name,
  status: "ready",
  state: "ACTIVE",
  facts: {
    ...(credential.expires_at == null ? {} : { expiresAt: isoOf(credential.expires_at) }),
    ...(credential.access_rules.length === 0 ? {} : { rules: credential.access_rules.map(({ id }) => id).join(" ") }),
  },
});

/** Keystone writes UTC without saying so: `2026-12-01T00:00:00.000000`. */
const isoOf = (text: string): string => new Date(/Z$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`).toISOString();

const rulesOf = ({ rules = "" }: Seen["facts"]): readonly string[] => rules.split(" ").filter((id) => id !== "");

/** Rules outlive their credential. Keystone itself refuses to delete one that another credential uses. */
export async function removeUnused(cloud: Cloud, rules: readonly string[]): Promise<void> {
  if (rules.length === 0) return;
  const others = await cloud.identity.listApplicationCredentials();
  const used = new Set(others.flatMap((other) => other.access_rules.map((rule) => rule.id)));
  const remove = async (id: string): Promise<void> => {
    await cloud.identity.deleteAccessRule(id).catch((error: unknown) => {
      if (!isTrouble(error, "denied")) throw error;
    });
  };
  await Promise.all(rules.filter((id) => !used.has(id)).map(remove));
}

/**
 * A login of the cluster's own: an application credential of our user, restricted to the calls that its holder makes. It
 * can't be changed and dies at `expiresAt`. Its secret is only ever in Barbican and in Keystone's hash.
 */
export const credential: Kind<CredentialSpec> = {
  kind: "credential",
  ...byDescription(
    (cloud) => cloud.identity.listApplicationCredentials(),
    (cloud, id) => cloud.identity.getApplicationCredential(id),
    see,
  ),
  async create(cloud, owner, spec) {
    const secret = await spec.secret(cloud);
    const { roles, accessRules, expiresAt } = spec;
    const end = expiresAt === undefined ? {} : { expiresAt };
    const labels = { name: nameOf(owner), description: markOf(owner) };
    return see(await cloud.identity.createApplicationCredential({ ...labels, secret, roles, accessRules, ...end }));
  },
  update: async (_cloud, _owner, _spec, seen) => seen,
  async remove(cloud, seen) {
    await cloud.identity.deleteApplicationCredential(seen.id);
    await removeUnused(cloud, rulesOf(seen.facts));
  },
  // For when `remove` did not come to its end.
  async clear(cloud, facts) {
    const ours = new Set(rulesOf(facts));
    const left = (await cloud.identity.listAccessRules()).map(({ id }) => id);
    await removeUnused(
      cloud,
      left.filter((id) => ours.has(id)),
    );
  },
};
