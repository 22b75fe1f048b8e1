import * as z from "zod";
import { anything, type Endpoint } from "./endpoint.ts";
import { isTrouble } from "./errors.ts";
import { unlessMissing } from "./network-collection.ts";
import { MICROVERSION, settled } from "./shared-file-system-state.ts";

const access = z.object({
  id: z.string(),
  /** Absent in listings, which are of one share. */
  share_id: z.string().nullish(),
  /** `ip`, or `cephx` for CEPHFS. */
  access_type: z.string(),
  access_to: z.string(),
  access_level: z.string(),
  /** queued_to_apply, applying, active, queued_to_deny, denying, error, deleted. */
  state: z.string(),
  metadata: z.record(z.string(), z.string()).nullish(),
});

/** Never with `access_key`: it is the secret of a cephx user. */
export type ShareAccess = z.infer<typeof access>;

export interface AccessFields {
  readonly access_type: string;
  readonly access_to: string;
  readonly access_level: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const oneAccess = z.object({ access });

/** Who may mount a share. */
export function accessRules(endpoint: Endpoint) {
  const act = (shareId: string, body: unknown) =>
    ({ method: "POST", path: `/shares/${shareId}/action`, body, microversion: MICROVERSION }) as const;
  return {
    /** Empty when the share is gone, for which Manila answers 400. */
    async listAccessRules(shareId: string): Promise<readonly ShareAccess[]> {
      const path = "/share-access-rules";
      const listing = {
        path,
        key: "access_list",
        query: { share_id: shareId },
        item: access,
        microversion: MICROVERSION,
      };
      try {
        return await endpoint.all(listing);
      } catch (error) {
        const gone =
          isTrouble(error, "missing") || (isTrouble(error, "invalid") && /not found/i.test(error.detail.fault));
        if (gone) return [];
        throw error;
      }
    },
    async getAccessRule(id: string): Promise<ShareAccess | undefined> {
      const asked = { method: "GET", path: `/share-access-rules/${id}`, microversion: MICROVERSION } as const;
      return (await unlessMissing(endpoint.call({ ...asked, answer: oneAccess })))?.access;
    },
    /** Refused with `invalid` when the share has a rule for the same `access_to`. */
    async createAccessRule(shareId: string, allow_access: AccessFields): Promise<ShareAccess> {
      const answer = oneAccess;
      return (await settled(endpoint.call({ ...act(shareId, { allow_access }), answer }))).access;
    },
    async deleteAccessRule(shareId: string, id: string): Promise<void> {
      const call = act(shareId, { deny_access: { access_id: id } });
      await unlessMissing(settled(endpoint.call({ ...call, answer: anything })));
    },
  };
}
