import type { AccessRule } from "../openstack/identity.ts";
import { controllersRules, kmsRules, storageRules, volumeRules } from "../resources/access-rules.ts";
import { credential } from "../resources/credential.ts";
import { key } from "../resources/key.ts";
import { type From, type Node, node } from "../resources/node.ts";
import { secret } from "../resources/secret.ts";
import { authorities } from "./boot.ts";
import type { Ground } from "./graph.ts";
import { hasKuryr } from "./kuryr.ts";
import { loginsEndMs } from "./logins-end.ts";
import { loginOf } from "./names.ts";
import { hasShares } from "./plan.ts";

const SECRET_CHARS = 48;

interface Login {
  readonly step: string;
  readonly rules: (from: From) => readonly AccessRule[];
  readonly needs: readonly string[];
  /** The login that is made before it. Keystone refuses one of two that name the same new rule in one moment. */
  readonly after?: string;
  readonly expiresAt?: string;
}

const pair = (
  { step, rules, needs, after, expiresAt }: Login,
  { resolved, token, text, leaving }: Ground,
): readonly Node[] => [
  node(`secret/${step}`, secret, () => ({ payload: () => token(SECRET_CHARS), stored: text.stored })),
  node(
    `credential/${step}`,
    credential,
    (from) => ({
      secret: (cloud) => text(cloud, from.of(`secret/${step}`).facts["href"] ?? ""),
      roles: resolved.roles,
      accessRules: rules(from),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    }),
    {
      needs: [`secret/${step}`, ...needs],
      ...(after === undefined || leaving === true ? {} : { exists: [`credential/${after}`] }),
    },
  ),
];

/**
 * The cluster's authorities, its key, and three logins that each may do what its holder does. Those of controllers and storage
 * end after a year and are made anew before that: `renewals` counts. The KMS plugin's lies on the control planes' disks, where
 * nobody could change it, so it has no end of its own: it reads one key and goes with the cluster.
 */
export function logins(input: Ground): readonly Node[] {
  const { spec, resolved, renewals } = input;
  const { prefixes, blockStorageType: blocks } = resolved;
  const count = renewals?.count ?? 0;
  const ending = { needs: [], expiresAt: new Date(loginsEndMs(input)).toISOString() };
  // Beside Kuryr there is no ingress controller.
  const ingress = resolved.loadBalancerProvider === "amphora" && !hasKuryr(spec);
  const storage = [
    ...(hasShares(resolved) ? storageRules(prefixes, resolved.shareServiceType) : []),
    ...(blocks === undefined ? [] : volumeRules(prefixes, blocks)),
  ];
  const kms = (from: From) => kmsRules(prefixes, from.of("key/kms").facts["secretId"] ?? "");
  const controllers = () => controllersRules(prefixes, { ingress, kuryr: hasKuryr(spec) });
  return [
    authorities(input),
    node("key/kms", key, () => ({}), { holdsSince: "key/kms" }),
    ...pair({ step: "kms", rules: kms, needs: ["key/kms"] }, input),
    ...pair({ step: loginOf("controllers", count), rules: controllers, after: "kms", ...ending }, input),
    // Where the cloud has neither, there is nothing that storage could be allowed to call: a rule less is a right more.
    ...(storage.length === 0
      ? []
      : pair(
          { step: loginOf("storage", count), rules: () => storage, after: loginOf("controllers", count), ...ending },
          input,
        )),
  ];
}
