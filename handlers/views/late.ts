import type { ClusterRecord, FailedCall } from "../../shared/cluster/record.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { faultWords, traceWords } from "./advice.ts";
import { bullets, code, mention, message, quote, section, small } from "./text.ts";
import { kindOf, kindWords } from "./words.ts";

/** `floating IP 3b1f…`, by which it is found in the cloud. `step`: `KIND/ID`. */
const named = (step: string): string => `${kindWords(kindOf(step))} ${code(step.slice(step.indexOf("/") + 1))}`;

/**
 * In the thread of a delete that has ended, and in the channel of those on call: what came afterwards, and can't be removed.
 * Nobody is mentioned: whoever asked for the delete can't mend the cloud.
 */
export function lateStoppedMessage(
  { spec, tenant, status }: ClusterRecord,
  call: FailedCall,
  late: readonly string[],
): SlackMessage {
  const [subject, object, gone] = late.length === 1 ? ["it", "it", "it is gone"] : ["they", "them", "they are gone"];
  const way = `Mend the cause, or remove ${object} in the cloud by hand.`;
  const where = status.message === undefined ? "" : `deleted in <#${status.message.channel}>`;
  const foot = [traceWords(call), `cluster of ${quote(tenant, 60)}`, where].filter((one) => one !== "");
  return message(
    `:warning: Something of *${spec.name}* came after its delete had ended, and can't be removed: ${subject} may cost money.`,
    section(bullets(late.map(named))),
    section(faultWords(call)),
    section(`${way} kinvirt tries again once an hour for a week, and says here when ${gone}.`),
    small(foot.join(" · ")),
  );
}

export const lateGoneMessage = ({ spec }: ClusterRecord): SlackMessage =>
  message(`:white_check_mark: What came of *${spec.name}* after its delete is gone now: nothing of it is left.`);

/** Of a delete with `--keep-data`. */
export const lateKeptMessage = ({ spec, actor }: ClusterRecord, kept: readonly string[]): SlackMessage =>
  message(
    `${mention(actor)} Data of *${spec.name}* came after its delete had ended, and stays, because you asked to keep its data.`,
    section(bullets(kept.map((one) => code(one)))),
  );
