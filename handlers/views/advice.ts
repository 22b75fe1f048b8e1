import type { FailedCall } from "../../shared/cluster/record.ts";
import type { KindName } from "../../shared/resources/kind.ts";
import { code, quote } from "./text.ts";
import { kindOf, stepWords } from "./words.ts";

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
  unbuilt: "The service seems to have forgotten it: kinvirt deletes it and makes it once more.",
};

const isNode = (call: FailedCall | undefined): boolean =>
  call?.trouble === "failed" && kindOf(call.step) === ("kubernetes-node" satisfies KindName);

export const goesOn = (call: FailedCall): string =>
  isNode(call)
    ? "It is given up: kinvirt deletes its server and makes it once more."
    : (GOES_ON[call.trouble] ?? "kinvirt tries again by itself.");

/** When it goes on only after a person has done something: what that is. */
const STOPPED: Readonly<Record<string, string>> = {
  denied: "Check this team's login in `clouds.yaml` and its roles",
  invalid: "The service will never accept this as it is: show it to whoever runs kinvirt",
  missing: "Something that this needs is gone, or the service is not in the catalog: look for it",
  ambiguous: "Delete by hand what should not be there",
  forged: "Whoever made it knows what is in it: find out who that was, and delete it",
  failed: "The service gave up on this twice: ask its operator for the reason",
  lost: "What it held is lost unless it comes back: ask the service's operator, before anything is deleted",
  still: "The service seems to have forgotten this: ask its operator to look at it and to reset its state",
};

const NODE_STOPPED =
  "Its server was made twice and never came in: read the end of its console above, and look whether it reaches " +
  "Keystone, Barbican, the cluster's API and where its packages and images are";

/** The cause, then the way on. */
export const mend = (call: FailedCall | undefined, name: string): string =>
  `${isNode(call) ? NODE_STOPPED : (STOPPED[call?.trouble ?? ""] ?? "Mend the cause")}, then type ${code(`/k8s retry ${name}`)}.`;
