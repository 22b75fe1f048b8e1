import type { OpenStackError, Trouble } from "../../shared/openstack/errors.ts";

const NEXT: Readonly<Partial<Record<Trouble, string>>> = {
  retry: "Ask again in a minute.",
  conflict: "Ask again in a minute.",
  denied: "Check the credentials of this tenant's cloud and their roles.",
};

/** A question that the cloud did not answer, as plain text: which service, its own words, and what to do. */
export function cloudRefusal({ detail, trouble }: OpenStackError): string {
  const { service, fault, requestId } = detail;
  const request = requestId === undefined ? "" : ` (OpenStack request ${requestId})`;
  const next = NEXT[trouble] ?? "Ask its operator to look.";
  return `The cloud's ${service} service gave no answer: ${fault.replace(/\.$/, "")}${request}. ${next}`;
}
