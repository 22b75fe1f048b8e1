import type { ClusterRecord, FailedCall } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { Block, SlackMessage } from "../../shared/ports/slack.ts";
import { faultWords, goesOn, mend, traceWords } from "./advice.ts";
import { endpointLines, loginLine } from "./endpoints.ts";
import { isDeleted } from "./progress.ts";
import { bullets, code, mention, message, quote, section, small } from "./text.ts";

function verdict(record: ClusterRecord): string {
  const who = mention(record.actor);
  const name = `*${record.spec.name}*`;
  if (isDeleted(record)) return `${who} ${name} is deleted and nothing of it is left.`;
  if (record.status.doing === "renew")
    return `${who} The programs of ${name} have new logins, and the old ones are gone.`;
  return `${who} ${name} is ready.`;
}

/** Said once in the thread when an operation ends: the only message that mentions the person who asked. */
export function endMessage(record: ClusterRecord): SlackMessage {
  const where = record.status.phase === "ready" ? [loginLine(record), ...endpointLines(record)] : [];
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

/** One failed call while the work goes on, in the thread of its operation. */
export const troubleMessage = (call: FailedCall): SlackMessage =>
  message(`:warning: ${faultWords(call)}`, section(goesOn(call)), ...trace(call));

const trace = (call: FailedCall, ...words: readonly string[]): readonly Block[] => {
  const all = [traceWords(call), ...words].filter((one) => one !== "");
  return all.length === 0 ? [] : [small(all.join(" · "))];
};

/** In the thread of an operation that goes on only when a person has done something: mentions the one who asked. */
export const blockedMessage = (record: ClusterRecord, call: FailedCall): SlackMessage =>
  message(
    `${mention(record.actor)} *${record.spec.name}* has stopped and needs a person.`,
    section(faultWords(call)),
    section(mend(call, record.spec.name)),
    ...trace(call),
  );

/** The same for those on call, in their own channel; commands are understood in the cluster's channel only. */
export function oncallMessage(record: ClusterRecord, call: FailedCall): SlackMessage {
  const channel = record.status.message?.channel;
  const where = channel === undefined ? [] : [`type it in <#${channel}>`];
  return message(
    `:warning: *${record.spec.name}* of ${quote(record.tenant, 60)} has stopped and needs a person.`,
    section(faultWords(call)),
    section(mend(call, record.spec.name)),
    ...trace(call, ...where, `asked for by ${mention(record.actor)}`),
  );
}
