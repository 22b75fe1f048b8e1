import { ini } from "./addons/cloud-conf.ts";
import type { Credential } from "./addons/types.ts";
import { CLOUD_CA } from "./boot.ts";

/** What the KMS plugin reads. Source: kubernetes/cloud-provider-openstack pkg/kms/server/server.go, `initConfig`. */
export const kmsConf = (
  cloud: { readonly authUrl: string; readonly region: string; readonly caCertificate?: string },
  login: Credential,
  keyId: string,
): string =>
  ini({
    Global: {
      "auth-url": cloud.authUrl,
      region: cloud.region,
      "application-credential-id": login.id,
      "application-credential-secret": login.secret,
      "ca-file": cloud.caCertificate === undefined ? undefined : CLOUD_CA,
    },
    KeyManager: { "key-id": keyId },
  });
