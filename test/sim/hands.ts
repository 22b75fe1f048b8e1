import { createHmac } from "node:crypto";
import { clicked } from "../../handlers/actions/index.ts";
import { slash } from "../../handlers/slash.ts";
import { type Process, SECRET } from "./process.ts";
import type { World } from "./world.ts";

const PATIENCE_MS = 3000;

/** What people can do in Slack. Undefined: Slack says that the app did not answer. */
export interface Hands {
  type(text: string, user: string, channel: string): Promise<unknown>;
  click(action: string, value: string, user: string, channel: string): Promise<unknown>;
}

const signatureOf = (timestamp: string, body: string): string =>
  `v0=${createHmac("sha256", SECRET).update(`v0:${timestamp}:${body}`).digest("hex")}`;

async function through(process: Process, nowMs: number, fields: Readonly<Record<string, string>>): Promise<unknown> {
  const body = new URLSearchParams(fields).toString();
  const timestamp = String(Math.floor(nowMs / 1000));
  const answer = await process.door()(
    {
      version: "2.0",
      routeKey: "$default",
      rawPath: "/slack/events",
      rawQueryString: "",
      requestContext: {
        stage: "$default",
        http: { method: "POST", path: "/slack/events", protocol: "HTTP/1.1", sourceIp: "192.0.2.7" },
      },
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signatureOf(timestamp, body),
      },
      body,
      isBase64Encoded: false,
    },
    {},
  );
  const text = "body" in answer ? String(answer.body) : "";
  return text.startsWith("{") ? JSON.parse(text) : text;
}

/** People's requests, at whatever process listens; `processes` may change between two of them. */
export function hands(world: World, processes: () => readonly Process[]): Hands {
  const { time, trace, draw } = world;
  const draws = draw.fork("hands");
  let trigger = 0;

  async function ask(what: string, act: (process: Process) => Promise<unknown>): Promise<unknown> {
    const alive = processes().filter((process) => process.alive());
    const process = alive[draws.between(0, Math.max(0, alive.length - 1))];
    if (process === undefined) return undefined;
    trace.say(`${process.name} hears ${what}`);
    const answered = (async () => {
      if (process.resumeMs() > time.nowMs()) await time.wait(process.resumeMs() - time.nowMs());
      return process.alive() ? act(process) : undefined;
    })().catch((error: unknown) => {
      trace.say(`${process.name} answers ${what} with ${String(error)}`);
      return undefined;
    });
    const release = world.signed ? time.hold() : undefined;
    const answer = await Promise.race([answered, time.wait(PATIENCE_MS).then(() => undefined)]);
    release?.();
    if (answer !== undefined) world.watch.words("an answer", JSON.stringify(answer));
    return answer;
  }

  return {
    type: (text, user, channel) =>
      ask(`${user} in ${channel}: ${text}`, (process) => {
        if (!world.signed) return slash(text, { user, channel }, process.deps);
        trigger += 1;
        const whose = { user_id: user, channel_id: channel, team_id: "T1", trigger_id: `t${trigger}` };
        return through(process, time.nowMs(), { command: "/k8s", text, ...whose });
      }),
    click: (action, value, user, channel) =>
      ask(`${user} in ${channel} clicks ${action} ${value}`, async (process) => {
        trigger += 1;
        const click = { action, value, user, channel, trigger: `t${trigger}` };
        if (!world.signed) return (await clicked(click, process.deps))?.message;
        const payload = {
          type: "block_actions",
          user: { id: user },
          team: { id: "T1" },
          channel: { id: channel },
          trigger_id: click.trigger,
          actions: [{ type: "button", action_id: action, block_id: "b", value, action_ts: click.trigger }],
        };
        return through(process, time.nowMs(), { payload: JSON.stringify(payload) });
      }),
  };
}
