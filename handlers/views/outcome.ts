import type { ClusterRecord, FailedCall } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { endpointLines } from "./endpoints.ts";
import { isDeleted } from "./progress.ts";
import { bullets, code, mention, message, quote, section, small } from "./text.ts";
import { stepWords } from "./words.ts";

function verdict(record: ClusterRecord): string {
  const who = mention(record.actor);
  const name = `*${record.spec.name}*`;
  if (isDeleted(record)) return `${who} ${name} is deleted and nothing of it is left.`;
  return `${who} ${name} is ready.`;
}

/** Said once in the thread when an operation ends: the only message that mentions the person who asked. */
export function endMessage(record: ClusterRecord): SlackMessage {
  const where = record.status.phase === "ready" ? endpointLines(record) : [];
  const { kept } = record.status;
  if (isDeleted(record) && kept.length > 0) {
    const headline = `${mention(record.actor)} *${record.spec.name}* is deleted; its data is kept.`;
    return message(headline, section(bullets(kept.map((one) => code(one)))));
  }
  return message(verdict(record), ...(where.length === 0 ? [] : [section(where.join("\n"))]));
}

/** In the thread of a request that was denied: the one message that mentions the person who asked. */
export function deniedMessage(request: Request): SlackMessage {
  const by = request.decisions.findLast((decision) => decision.verdict === "deny");
  const who = by === undefined ? "" : ` by ${mention(by.user)}`;
  const why = by?.reason === undefined ? [] : [section(`*Reason* ${quote(by.reason, 1000)}`)];
  const what = request.action === "create" ? `*${request.name}*` : `The delete of *${request.name}*`;
  return message(`${mention(request.requester)} ${what} was denied${who}. Nothing was changed.`, ...why);
}

/** What on-call people can do, by what kind of trouble it is. */
const ADVICE: Readonly<Record<string, string>> = {
  retry: "kinvirt tries again by itself.",
  conflict: "The service refuses changes right now; kinvirt tries again by itself.",
  quota: "Raise the project's quota or delete something, then retry.",
  denied: "Check the credentials of this tenant's cloud and their roles, then retry.",
  invalid: "The service will never accept this as it is: show it to whoever runs kinvirt.",
  missing: "Something that this needs is gone, or the service is not in the catalog: look for it, then retry.",
  ambiguous: "More than one resource carries the same mark: delete the wrong one by hand, then retry.",
  failed: "The service gave up on this resource.",
};

const faultWords = (call: FailedCall): string => `${quote(stepWords(call.step), 80)}: ${quote(call.text, 1500)}`;

function adviceWords(call: FailedCall): string {
  const request = call.requestId === undefined ? "" : ` · OpenStack request ${code(call.requestId)}`;
  return `${ADVICE[call.trouble] ?? "A person has to look."}${request}`;
}

/** One failed call, in the thread of its operation. */
export const troubleMessage = (call: FailedCall): SlackMessage =>
  message(`:warning: ${faultWords(call)}`, small(adviceWords(call)));

/** In the thread of an operation that goes on only when a person has done something: mentions the one who asked. */
export const blockedMessage = (record: ClusterRecord, call: FailedCall): SlackMessage =>
  message(
    `${mention(record.actor)} *${record.spec.name}* has stopped and needs a person.`,
    section(faultWords(call)),
    small(adviceWords(call)),
  );

/** The same for those on call, in their own channel. */
export const oncallMessage = (record: ClusterRecord, call: FailedCall): SlackMessage =>
  message(
    `:warning: *${record.spec.name}* of ${quote(record.tenant, 60)} has stopped and needs a person.`,
    section(faultWords(call)),
    small(
      `${adviceWords(call)} · asked for by ${mention(record.actor)} · then ${code(`/k8s retry ${record.spec.name}`)}`,
    ),
  );
