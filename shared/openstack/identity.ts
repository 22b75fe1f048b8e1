import * as z from "zod";
import type { Scope } from "./cloud.ts";
import { anything, type Endpoint } from "./endpoint.ts";
import { isTrouble, OpenStackError } from "./errors.ts";

/** What a credential may do: one verb on one path of one service. Source: api-ref/identity/v3, "access rules". */
export interface AccessRule {
  /** A type of the catalog. */
  readonly service: string;
  readonly method: string;
  /** Of the URL with the service's prefix. `*` is one segment, `**` is anything. At most 128 characters. */
  readonly path: string;
}

const accessRule = z.object({ id: z.string(), service: z.string(), method: z.string(), path: z.string() });

const applicationCredential = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  project_id: z.string(),
  expires_at: z.string().nullish(),
  roles: z.array(z.object({ name: z.string() })).default([]),
  access_rules: z.array(accessRule).default([]),
});

export type ApplicationCredential = z.infer<typeof applicationCredential>;
export type StoredAccessRule = z.infer<typeof accessRule>;

export interface NewApplicationCredential {
  readonly name: string;
  readonly description: string;
  /** Chosen by us, so that no answer has to be kept. */
  readonly secret: string;
  /** Role names, all of them the caller's own. */
  readonly roles: readonly string[];
  /** Never empty: Keystone takes an empty list for no restriction. */
  readonly accessRules: readonly AccessRule[];
  /** ISO 8601. */
  readonly expiresAt?: string;
}

const gone = (error: unknown): undefined => {
  if (isTrouble(error, "missing")) return undefined;
  throw error;
};

/** Keystone wants `2026-12-01T00:00:00.000000Z`, without an offset other than Z. */
const keystoneTime = (iso: string): string => new Date(iso).toISOString().replace("Z", "000Z");

const unrestricted = (path: string): OpenStackError =>
  new OpenStackError({
    service: "identity",
    method: "POST",
    path,
    fault: "refused before sending: an application credential without access rules may do anything its roles may",
    trouble: "invalid",
  });

/**
 * Keystone v3, the part about our own user's application credentials.
 * Source: https://docs.openstack.org/api-ref/identity/v3/#application-credentials
 */
export function identity(endpoint: Endpoint, scope: () => Promise<Pick<Scope, "userId">>) {
  const ours = async (path: string) => `/users/${(await scope()).userId}${path}`;
  const one = z
    .object({ application_credential: applicationCredential })
    .transform((body) => body.application_credential);

  async function remove(path: string): Promise<void> {
    await endpoint.call({ method: "DELETE", path: await ours(path), answer: anything }).catch(gone);
  }

  return {
    async listApplicationCredentials(): Promise<readonly ApplicationCredential[]> {
      const path = await ours("/application_credentials");
      return endpoint.all({ path, key: "application_credentials", item: applicationCredential });
    },
    /** Undefined when it does not exist. */
    async getApplicationCredential(id: string): Promise<ApplicationCredential | undefined> {
      const path = await ours(`/application_credentials/${encodeURIComponent(id)}`);
      return endpoint.call({ method: "GET", path, answer: one }).catch(gone);
    },
    /** The credential's secret in Keystone's answer is dropped here. Throws `invalid` when `accessRules` is empty. */
    async createApplicationCredential(wanted: NewApplicationCredential): Promise<ApplicationCredential> {
      const path = await ours("/application_credentials");
      if (wanted.accessRules.length === 0) throw unrestricted(path);
      const body = {
        application_credential: {
          name: wanted.name,
          description: wanted.description,
          secret: wanted.secret,
          roles: wanted.roles.map((name) => ({ name })),
          access_rules: wanted.accessRules.map(({ service, method, path: rule }) => ({ service, method, path: rule })),
          ...(wanted.expiresAt === undefined ? {} : { expires_at: keystoneTime(wanted.expiresAt) }),
          unrestricted: false,
        },
      };
      return endpoint.call({ method: "POST", path, body, answer: one });
    },
    /** Its tokens die with it. Missing already is success. */
    deleteApplicationCredential: (id: string): Promise<void> =>
      remove(`/application_credentials/${encodeURIComponent(id)}`),
    /** Rules outlive the credentials that they were made for, and are shared by those that name the same rule. */
    async listAccessRules(): Promise<readonly StoredAccessRule[]> {
      const path = await ours("/access_rules");
      return endpoint.all({ path, key: "access_rules", item: accessRule });
    },
    /** Throws `denied` while a credential uses it. Missing already is success. */
    deleteAccessRule: (id: string): Promise<void> => remove(`/access_rules/${encodeURIComponent(id)}`),
  };
}

export type Identity = ReturnType<typeof identity>;
