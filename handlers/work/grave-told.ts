import type { ClusterRecord, FailedCall } from "../../shared/cluster/record.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { idIn } from "../views/kept.ts";
import { lateGoneMessage, lateKeptMessage, lateStoppedMessage } from "../views/late.ts";
import type { Held } from "./lease.ts";
import { show, tell } from "./live.ts";

// What people hear of what came late: each answers false when it is still to be said.

/** The same for as long as this grave has not been empty. */
const keyOf = ({ id, status }: ClusterRecord): string => `${id}:late:${status.finishedMs}`;

const oncallOf = (deps: Deps, { tenant, status }: ClusterRecord): string | undefined => {
  const channel = deps.config.tenants[tenant]?.oncallChannel;
  return channel === status.message?.channel && status.message?.ts !== undefined ? undefined : channel;
};

/** In the thread of the delete, and to those on call: in their channel one message, which shows how it stands now. */
async function say(deps: Deps, grave: ClusterRecord, word: string, view: SlackMessage): Promise<boolean> {
  const { message } = grave.status;
  const key = keyOf(grave);
  if (message?.ts !== undefined && !(await tell(deps, message, `${key}${word}`, view))) return false;
  const channel = oncallOf(deps, grave);
  return channel === undefined || (await show(deps, { channel, key: `${key}:oncall` }, view, undefined)) !== "silent";
}

export const sayStopped = (
  deps: Deps,
  grave: ClusterRecord,
  call: FailedCall,
  late: readonly string[],
): Promise<boolean> => say(deps, grave, "", lateStoppedMessage(grave, call, late));

export const sayGone = (deps: Deps, grave: ClusterRecord): Promise<boolean> =>
  say(deps, grave, ":gone", lateGoneMessage(grave));

/** Data that came late stays like all of it, and whoever wanted it to stay is told where it is. */
export async function sayKept(deps: Deps, held: Held, claimed: readonly string[]): Promise<boolean> {
  const grave = held.record();
  const { kept, message } = grave.status;
  const news = claimed.filter((one) => !kept.some((other) => idIn(other) === idIn(one)));
  if (news.length === 0 || message?.ts === undefined) return true;
  if (!(await tell(deps, message, `${grave.id}:late:${news.map(idIn).join(",")}`, lateKeptMessage(grave, news))))
    return false;
  await held.change((now) => ({ ...now, status: { ...now.status, kept: [...kept, ...news] } }));
  return true;
}
