import type { FailedCall } from "../../shared/cluster/record.ts";
import { code, quote } from "./text.ts";
import { stepWords } from "./words.ts";

/** `server worker-1: No valid host was found.` */
export const faultWords = (call: FailedCall, max = 1500): string =>
  `${quote(stepWords(call.step), 80)}: ${quote(call.text, max)}`;

/** What an operator finds the call by in the service's log; empty when the service gave no id. */
export const traceWords = (call: FailedCall): string =>
  call.requestId === undefined ? "" : `OpenStack request ${code(call.requestId)}`;

/** While the work goes on by itself. */
const GOES_ON: Readonly<Record<string, string>> = {
  quota: "Raise the project's quota or delete something: kinvirt goes on by itself once there is room.",
  failed: "The service gave up on this resource: kinvirt deletes it and makes it once more.",
};

export const goesOn = (call: FailedCall): string => GOES_ON[call.trouble] ?? "kinvirt tries again by itself.";

/** When it goes on only after a person has done something: what that is. */
const STOPPED: Readonly<Record<string, string>> = {
  denied: "Check the credentials of this tenant's cloud and their roles",
  invalid: "The service will never accept this as it is: show it to whoever runs kinvirt",
  missing: "Something that this needs is gone, or the service is not in the catalog: look for it",
  ambiguous: "Delete all but one of these by hand",
  failed: "The service gave up on this twice: ask its operator for the reason",
  still: "The service seems to have forgotten this: ask its operator to look at it and to reset its state",
};

/** The cause, then the way on. */
export const mend = (call: FailedCall | undefined, name: string): string =>
  `${STOPPED[call?.trouble ?? ""] ?? "Mend the cause"}, then type ${code(`/k8s retry ${name}`)}.`;
