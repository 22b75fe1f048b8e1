import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import { type Alert, alertKey, alerts } from "../../../shared/state/alerts.ts";
import { clusters } from "../../../shared/state/index.ts";
import { settingsOf } from "../../people.ts";
import { againMessage, alertMessage, stillMessage } from "../../views/alert.ts";
import { show, tell } from "../live.ts";

/** A thing that comes and goes is told of in its thread from so many times on, and then each time that they have doubled. */
const AGAIN_MIN = 3;

type Ref = NonNullable<ClusterRecord["status"]["message"]>;

/** Those on call; where nobody is, whoever speaks for the cluster. */
async function refOf(deps: Deps, alert: Alert): Promise<Ref> {
  const { oncallChannel, channels } = settingsOf(deps.config, alert.tenant);
  const key = `alert:${alertKey(alert)}:${alert.openedMs[0] ?? alert.seenMs}`;
  if (oncallChannel !== undefined) return { channel: oncallChannel, key };
  const record =
    alert.cluster === undefined ? undefined : await clusters(deps.store).get(`${alert.tenant}/${alert.cluster.name}`);
  return { channel: record?.status.message?.channel ?? channels[0] ?? "", key };
}

/** Brings the one message of an alert up to date. What Slack does not take now is told by the next pass. */
export async function say(deps: Deps, alert: Alert): Promise<void> {
  if (alert.state === "suspected") return;
  const change = (how: (now: Alert) => Alert) => alerts(deps.store).change(alertKey(alert), how);
  const ref = alert.message ?? (await refOf(deps, alert));
  const shown = await show(deps, ref, alertMessage(alert), alert.shown);
  if (shown === "silent") return;
  if (shown !== "equal") await change((now) => ({ ...now, ...shown }));
  const message = shown === "equal" ? ref : shown.message;
  const times = alert.openedMs.length;
  if (alert.state === "open" && times >= Math.max(AGAIN_MIN, 2 * alert.threaded)) {
    if (await tell(deps, message, `${message.key}:again:${alert.sinceMs}`, againMessage(alert)))
      await change((now) => ({ ...now, threaded: times }));
  }
  const { untilMs } = alert;
  if (alert.state === "open" && untilMs !== undefined) {
    if (await tell(deps, message, `${message.key}:still:${untilMs}`, stillMessage(alert)))
      await change(({ untilMs: _over, ...now }) => now);
  }
}
