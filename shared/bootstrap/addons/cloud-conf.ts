import type { AddonInput, Credential } from "./types.ts";

type Ini = Readonly<Record<string, Readonly<Record<string, string | boolean | undefined>>>>;

/**
 * Values are quoted as gcfg, which reads cloud.conf, wants it: https://pkg.go.dev/gopkg.in/gcfg.v1. oslo.config reads
 * kuryr.conf and takes the quotes as part of some values, hence `quote`.
 */
export const ini = (sections: Ini, quote: (value: string) => string = (value) => JSON.stringify(value)): string =>
  Object.entries(sections)
    .map(([section, values]) => {
      const lines = Object.entries(values).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key} = ${typeof value === "string" ? quote(value) : value}\n`],
      );
      return `[${section}]\n${lines.join("")}`;
    })
    .join("\n");

/** Where the Secret with a cloud.conf is mounted, with the authority's certificate beside it. */
export const CLOUD_CONF_DIRECTORY = "/etc/config";
const CA_FILE = "ca.crt";

/** Section Global. Source: kubernetes/cloud-provider-openstack pkg/client/client.go, AuthOpts. */
export const globalSection = (input: AddonInput, credential: Credential) => ({
  "auth-url": input.authUrl,
  region: input.region,
  "application-credential-id": credential.id,
  "application-credential-secret": credential.secret,
  "ca-file": input.caCertificate === undefined ? undefined : `${CLOUD_CONF_DIRECTORY}/${CA_FILE}`,
});

/** The data of such a Secret. */
export const withCa = (input: AddonInput, data: Record<string, string>) => ({
  ...data,
  ...(input.caCertificate === undefined ? {} : { [CA_FILE]: input.caCertificate }),
});
