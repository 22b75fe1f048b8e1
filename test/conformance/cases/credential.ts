import { controllersRules, storageRules } from "../../../shared/resources/access-rules.ts";
import { type CredentialSpec, credential } from "../../../shared/resources/credential.ts";
import type { KindCase } from "../kind-case.ts";

export const credentialCase: KindCase<CredentialSpec> = {
  name: "credential",
  kind: credential,
  step: "credential/controllers",
  async prepare(world) {
    const catalog = await world.cloud.catalog();
    const prefixes = Object.fromEntries(Object.entries(catalog).map(([service, { prefix }]) => [service, prefix]));
    const shares = catalog["shared-file-system"]?.type ?? "shared-file-system";
    const minimal = {
      secret: async () => "correct horse battery staple",
      roles: ["member"],
      accessRules: storageRules(prefixes, shares),
      expiresAt: "2099-01-01T00:00:00.000Z",
    };
    const { roles } = await world.cloud.scope();
    return {
      minimal,
      full: {
        ...minimal,
        roles,
        accessRules: controllersRules(prefixes),
      },
    };
  },
  unique: true,
};
