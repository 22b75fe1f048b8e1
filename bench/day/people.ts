import { buttonValue } from "../../test/support/bot.ts";
import type { DayFunctions } from "./functions.ts";
import type { DaySlack } from "./slack.ts";
import type { DayTime } from "./time.ts";

export interface Who {
  readonly user: string;
  readonly channel: string;
}

const DELETE_CONFIRM = "delete:confirm";
const HOME_OPENED = "app_home_opened";
const CREATE_FORM = "create:form";
const PREVIEW = "create:preview";

const REQUEST = /request `([a-z0-9]{6})`/;

/** What Slack sends of what people do, each act once. */
export function people(functions: DayFunctions, slack: DaySlack, time: DayTime) {
  let acts = 0;
  const next = (): string => {
    acts += 1;
    return `t${acts}`;
  };
  const sent = (fields: Readonly<Record<string, string>>) =>
    functions.slack(new URLSearchParams(fields).toString(), "application/x-www-form-urlencoded");
  const whose = ({ user, channel }: Who) => ({
    user: { id: user },
    team: { id: "T1" },
    ...(channel === "" ? {} : { channel: { id: channel } }),
    trigger_id: next(),
    response_url: "http://127.0.0.1:9/none",
  });
  const pay = (payload: object) => sent({ payload: JSON.stringify(payload) });
  const type = (text: string, { user, channel }: Who, trigger = next()): Promise<string> => {
    const from = { team_id: "T1", trigger_id: trigger, response_url: "http://127.0.0.1:9/none" };
    return sent({ command: "/k8s", text, user_id: user, channel_id: channel, ...from });
  };
  const press = (action: string, value: string, who: Who): Promise<string> =>
    pay({
      type: "block_actions",
      ...whose(who),
      container: { type: "message", channel_id: who.channel, message_ts: "1.000000" },
      actions: [{ type: "button", action_id: action, block_id: "b", value, action_ts: String(time.nowMs() / 1000) }],
    });
  const form = (id: string, hash: string, who: Who, filled: Readonly<Record<string, string>>) => ({
    id,
    hash,
    type: "modal",
    callback_id: CREATE_FORM,
    private_metadata: JSON.stringify({ channel: who.channel }),
    blocks: [],
    state: {
      values: Object.fromEntries(
        Object.entries(filled).map(([field, value]) => [
          field,
          { [`form:${field}`]: { type: "plain_text_input", value } },
        ]),
      ),
    },
  });
  return {
    type,
    press,
    /** Opens the form, looks at plan and price after each choice, and sends it. Answers what it was answered. */
    async fillForm(who: Who, filled: readonly Readonly<Record<string, string>>[], thinkMs: number): Promise<string> {
      const trigger = next();
      await type("create", who, trigger);
      const id = slack.opened(trigger);
      let last: Readonly<Record<string, string>> = {};
      for (const choice of filled) {
        await time.wait(thinkMs);
        last = { ...last, ...choice };
        await pay({
          type: "block_actions",
          ...whose({ user: who.user, channel: "" }),
          container: { type: "view", view_id: id },
          view: form(id, "", who, last),
          actions: [
            { type: "button", action_id: PREVIEW, block_id: "p", value: "x", action_ts: `${time.nowMs() / 1000}` },
          ],
        });
      }
      await time.wait(thinkMs);
      await pay({ type: "view_submission", ...whose({ user: who.user, channel: "" }), view: form(id, "", who, last) });
      return JSON.stringify(slack.whispered(who.user, last["name"] ?? "") ?? {});
    },
    async openHome(user: string): Promise<void> {
      const event = { type: HOME_OPENED, user, channel: `D${user}`, tab: "home", event_ts: "1.0" };
      const body = { type: "event_callback", event_id: next(), team_id: "T1", api_app_id: "A1", event_time: 1, event };
      await functions.slack(JSON.stringify(body), "application/json");
    },
    /** The button of the question before a delete, pressed. */
    async confirmDelete(name: string, who: Who): Promise<void> {
      const asked = await type(`delete ${name}`, who);
      const value = buttonValue(JSON.parse(asked), DELETE_CONFIRM);
      if (value === undefined) throw new Error(`no question before the delete: ${asked}`);
      await press(DELETE_CONFIRM, value, who);
    },
    requestIn: (answer: string): string | undefined => REQUEST.exec(answer)?.[1],
  };
}
