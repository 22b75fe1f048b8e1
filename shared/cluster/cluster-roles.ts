/** What the cluster's own credentials may be given of our roles; never admin. */
const CLUSTER_ROLES: readonly string[] = ["member", "load-balancer_member", "creator"];

/** Keystone compares without case, and before it had roles of its own clouds wrote `_member_` or `Member`. */
const plain = (role: string): string => role.toLowerCase().replace(/^_(.+)_$/, "$1");

/** `role` as this cloud writes it. */
export const holds = (held: readonly string[], role: string): boolean => held.some((one) => plain(one) === role);

/** Those of our roles that clusters' logins get, as this cloud writes them. An empty list is all of ours to Keystone. */
export const clusterRoles = (held: readonly string[]): readonly string[] =>
  CLUSTER_ROLES.flatMap((role) => held.filter((one) => plain(one) === role).toSorted());
