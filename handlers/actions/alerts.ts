import type { Config } from "../../shared/cluster/config.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { type Alert, alertKey, alerts } from "../../shared/state/alerts.ts";
import { askCloud } from "../asking.ts";
import { notedAlert } from "../audit.ts";
import { retry } from "../retry.ts";
import { ALERT_ACTIONS } from "../views/alert.ts";
import { done, refused } from "../views/answers.ts";
import type { Asked } from "../views/on-call/buttons.ts";
import { moment } from "../views/text.ts";
import { kindOf } from "../views/words.ts";
import { say } from "../work/health/tell.ts";
import { isAlive } from "../work/health/turn.ts";
import type { Answer, Click } from "./click.ts";

const HOUR_MS = 3_600_000;

/** Whoever sees an alert of theirs may take it: those on call, and the team itself. */
const isTheirs = (config: Config, tenant: string, channel: string): boolean => {
  const settings = config.tenants[tenant];
  return settings !== undefined && [settings.oncallChannel, ...settings.channels].includes(channel);
};

const over: Answer = { message: refused("This is over, or another message tells of it now: nothing was changed.") };
const stranger: Answer = { message: refused("This alert is for another channel: nothing was changed.") };

/** Written, and shown on its message at once. */
async function take(deps: Deps, alert: Alert, how: (now: Alert) => Alert): Promise<boolean> {
  const all = alerts(deps.store);
  const after = await all.change(alertKey(alert), (now) => (isAlive(now) ? how(now) : undefined));
  if (after === undefined || !isAlive(after)) return false;
  await say(deps, after);
  return true;
}

/** A snooze is a promise to look later, so it ends what somebody had in hand; and the other way round. */
async function acknowledge({ user }: Click, alert: Alert, deps: Deps): Promise<Answer> {
  const sinceMs = deps.clock.nowMs();
  await notedAlert(deps, "alert.acknowledged", user, alert);
  const taken = await take(deps, alert, ({ untilMs: _until, ...now }) =>
    now.state === "acknowledged" ? now : { ...now, state: "acknowledged", by: user, sinceMs },
  );
  return taken ? { message: done("You have it in hand; everybody sees that.") } : over;
}

const snooze =
  (hours: number) =>
  async ({ user }: Click, alert: Alert, deps: Deps): Promise<Answer> => {
    const sinceMs = deps.clock.nowMs();
    const untilMs = sinceMs + hours * HOUR_MS;
    await notedAlert(deps, "alert.snoozed", user, alert, { hours: String(hours) });
    const taken = await take(deps, alert, (now) => ({ ...now, state: "snoozed", by: user, sinceMs, untilMs }));
    return taken
      ? { message: done(`Nothing more is said of it until ${moment(untilMs)}, unless it is over before.`) }
      : over;
  };

/** The comparison with the cloud that `/k8s retry` starts. */
async function repair({ user, channel }: Click, alert: Alert, deps: Deps): Promise<Answer> {
  const { cluster, tenant } = alert;
  if (cluster === undefined) return over;
  return { message: await retry(deps, { user, channel, tenant }, cluster.name, cluster.id) };
}

const QUESTION: Readonly<Record<string, Asked["what"]>> = {
  "load-balancer": "lb",
  "service-balancer": "lb",
  "floating-ip": "lb",
  recordset: "dns",
  ptr: "dns",
  share: "storage",
  server: "nodes",
  port: "nodes",
  "kubernetes-node": "nodes",
};

async function show({ user, channel }: Click, { about, cluster, tenant }: Alert, deps: Deps): Promise<Answer> {
  if (cluster === undefined) return over;
  const asked = { what: QUESTION[kindOf(about)] ?? "status", name: cluster.name, id: cluster.id };
  return { message: (await askCloud(deps, { user, channel, tenant }, asked)).said };
}

const ACTS: Readonly<Record<string, (click: Click, alert: Alert, deps: Deps) => Promise<Answer>>> = {
  [ALERT_ACTIONS.acknowledge]: acknowledge,
  [ALERT_ACTIONS.hour]: snooze(1),
  [ALERT_ACTIONS.hours]: snooze(8),
  [ALERT_ACTIONS.repair]: repair,
  [ALERT_ACTIONS.show]: show,
};

export const isAlertAction = (action: string): boolean => Object.hasOwn(ACTS, action);

/**
 * A button of an alert. Its channel may be the one on call of several teams, so the value says whose it is, and the channel
 * whether that may be.
 */
export async function clickedOnAlert(click: Click, deps: Deps): Promise<Answer> {
  const act = ACTS[click.action];
  const [tenant = ""] = click.value.split("/");
  if (act === undefined || !isTheirs(deps.config, tenant, click.channel)) return stranger;
  const alert = await alerts(deps.store).get(click.value);
  return alert === undefined ? over : act(click, alert, deps);
}
