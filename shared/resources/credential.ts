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

/** Rules outlive their credential. Keystone itself refuses to delete one that another credential uses. */
async function removeUnused(cloud: Cloud, rules: readonly { readonly id: string }[]): Promise<void> {
  if (rules.length === 0) return;
  const others = await cloud.identity.listApplicationCredentials();
  const used = new Set(others.flatMap((other) => other.access_rules.map((rule) => rule.id)));
  const remove = async (id: string): Promise<void> => {
    await cloud.identity.deleteAccessRule(id).catch((error: unknown) => {
      if (!isTrouble(error, "denied")) throw error;
    });
  };
  await Promise.all(rules.filter((rule) => !used.has(rule.id)).map(({ id }) => remove(id)));
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
    const found = await cloud.identity.getApplicationCredential(seen.id);
    if (found === undefined) return;
    await cloud.identity.deleteApplicationCredential(seen.id);
    await removeUnused(cloud, found.access_rules);
  },
  // For when `remove` did not come to its end.
  async clear(cloud, { rules = "" }) {
    const ours = new Set(rules.split(" "));
    await removeUnused(
      cloud,
      (await cloud.identity.listAccessRules()).filter(({ id }) => ours.has(id)),
    );
  },
};
