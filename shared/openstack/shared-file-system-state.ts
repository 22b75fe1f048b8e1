import { isTrouble, OpenStackError } from "./errors.ts";

/** The least that lists access rules with their metadata; later ones move share networks' fields. Source: Manila's
 * api_version_request.py (2.45, 2.51). */
export const MICROVERSION = "2.45";

const UNSETTLED = /\bstatus must (be|in)\b|\bcannot be (applied|added|updated|denied) while\b|\bstill has\b/i;

/**
 * Manila refuses a change of a share that is busy, or has snapshots, with 400 (extend, access rules) or 403 (delete) and
 * tells the reason in words only; asked again later it agrees, so it is a conflict. Source: manila/share/api.py.
 */
export async function settled<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!isTrouble(error, "invalid", "denied") || !UNSETTLED.test(error.detail.fault)) throw error;
    throw new OpenStackError({ ...error.detail, trouble: "conflict", cause: error });
  }
}
