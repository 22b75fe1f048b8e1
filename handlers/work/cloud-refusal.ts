import { hasAnswered, type OpenStackError, type Trouble } from "../../shared/openstack/errors.ts";

const NEXT: Readonly<Partial<Record<Trouble, string>>> = {
  retry: "Ask again in a minute.",
  conflict: "Ask again in a minute.",
  denied: "Check this team's login in clouds.yaml and its roles.",
};

/** Said by the client where there was no answer to quote: the reason alone is left of it. */
const UNANSWERED = /^no answer from the service \((.*)\)$/;

/** What a service said or did not say, as plain text and a whole sentence. */
export function cloudWords(error: OpenStackError): string {
  const { detail } = error;
  const { service, requestId, silentSeconds, retryAfterSeconds = 0 } = detail;
  const fault = detail.fault.replace(/\.$/, "").replace(UNANSWERED, "$1");
  if (silentSeconds !== undefined) {
    const silent = `has given no answer for ${silentSeconds} s (last: ${fault})`;
    return `The cloud's ${service} service ${silent}, so it was not asked now. It is asked again in ${retryAfterSeconds} s.`;
  }
  const verb = !hasAnswered(error) ? "gave no answer" : error.trouble === "retry" ? "failed" : "refused";
  const request = requestId === undefined ? "" : ` (OpenStack request ${requestId})`;
  return `The cloud's ${service} service ${verb}: ${fault}${request}.`;
}

/** A question that the cloud did not answer, as plain text: which service, its own words, and what to do. */
export function cloudRefusal(error: OpenStackError): string {
  const next = error.detail.silentSeconds === undefined ? ` ${NEXT[error.trouble] ?? "Ask its operator to look."}` : "";
  return `${cloudWords(error)}${next}`;
}
