import type { OpenStackError, Trouble } from "../../shared/openstack/errors.ts";

const NEXT: Readonly<Partial<Record<Trouble, string>>> = {
  retry: "Ask again in a minute.",
  conflict: "Ask again in a minute.",
  denied: "Check the credentials of this tenant's cloud and their roles.",
};

/** A question that the cloud did not answer, as plain text: which service, its own words, and what to do. */
export function cloudRefusal({ detail, trouble }: OpenStackError): string {
  const { service, fault: said, requestId, silentSeconds, retryAfterSeconds = 0 } = detail;
  const fault = said.replace(/\.$/, "");
  if (silentSeconds !== undefined) {
    const silent = `has given no answer for ${silentSeconds} s (last: ${fault})`;
    return `The cloud's ${service} service ${silent}, so it was not asked now. It is asked again in ${retryAfterSeconds} s.`;
  }
  const request = requestId === undefined ? "" : ` (OpenStack request ${requestId})`;
  const next = NEXT[trouble] ?? "Ask its operator to look.";
  return `The cloud's ${service} service gave no answer: ${fault}${request}. ${next}`;
}
