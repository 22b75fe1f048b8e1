import type { AckFn, App, BlockAction, RespondArguments, RespondFn, ViewOutput } from "@slack/bolt";
import type { Deps } from "../../shared/ports/deps.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { Unreadable } from "../../shared/state/versions.ts";
import type { ClickedView } from "../actions/click.ts";
import { clicked } from "../actions/index.ts";
import { sent } from "../actions/submit.ts";
import { remember } from "../home/place.ts";
import { homeOpened } from "../home/publish.ts";
import { channelOf, formClosed } from "../modals/create.ts";
import { unreadable } from "../records.ts";
import { slashOrForm } from "../slash.ts";
import { refused, unreadableMessage } from "../views/answers.ts";
import { code } from "../views/text.ts";
import { ANSWER_MS_MAX, budget, TooSlow } from "../within.ts";
import { filledOf } from "./values.ts";

const REFERENCE_LENGTH = 8;

const payload = (message: SlackMessage) => ({ text: message.text, blocks: [...message.blocks] });

/** What a person is told when something broke; operators find the reference in the log. */
function broke(deps: Deps, where: string, error: unknown): SlackMessage {
  if (error instanceof Unreadable) {
    unreadable(deps)(error);
    return unreadableMessage(error);
  }
  const reference = deps.chance.token(REFERENCE_LENGTH);
  deps.log.error("slack.broke", { where, reference, error: error instanceof Error ? error.stack : String(error) });
  const why = error instanceof TooSlow ? "That took too long" : "Something broke here";
  const look = `look with ${code("/k8s list")} before you try again`;
  return refused(`${why}, so I can't say whether it was done: ${look}. Reference ${code(reference)}`);
}

type InTime = ReturnType<typeof budget>;

/** Nothing that a listener does may leave Slack without an answer. */
async function guarded<T>(
  deps: Deps,
  where: string,
  inTime: InTime,
  work: () => Promise<T>,
): Promise<T | SlackMessage> {
  try {
    return await inTime(work());
  } catch (error) {
    return broke(deps, where, error);
  }
}

/** Tells one person, in place of the message with the button where that is wished. Best effort: the state is written. */
async function tell(
  deps: Deps,
  inTime: InTime,
  to: { readonly channel: string; readonly user: string; readonly respond?: RespondFn | undefined },
  message: SlackMessage,
): Promise<void> {
  const replaced = async (respond: RespondFn): Promise<void> => {
    const said: RespondArguments = { ...payload(message), response_type: "ephemeral", replace_original: true };
    await respond(said);
  };
  try {
    await inTime(to.respond === undefined ? deps.slack.ephemeral(to.channel, to.user, message) : replaced(to.respond));
  } catch (error) {
    deps.log.warn("slack.untold", { channel: to.channel, error: String(error) });
  }
}

type Context = Readonly<Record<string, unknown>>;

/** Registers every listener. The catch-alls answer at once what nobody knows; without them Slack would wait for 3 s. */
export function listen(app: App, deps: Deps): void {
  const inTimeOf = (context: Context): InTime => {
    const due = context["dueMs"];
    return budget(deps.clock, typeof due === "number" ? due : deps.clock.nowMs() + ANSWER_MS_MAX);
  };
  app.command(/.*/, async ({ command, ack, context }) => {
    const from = { user: command.user_id, channel: command.channel_id, trigger: command.trigger_id };
    const said = await guarded(deps, "command", inTimeOf(context), () =>
      seen(deps, from, slashOrForm(command.text ?? "", from, deps)),
    );
    await (said === undefined ? ack() : ack({ response_type: "ephemeral", ...payload(said) }));
  });
  app.action<BlockAction>(
    { type: "block_actions", action_id: /.*/ },
    async ({ body, action, ack, respond, context }) => {
      const inTime = inTimeOf(context);
      const view = body.view === undefined ? {} : { view: clickedView(body.view) };
      const channel = body.channel?.id ?? channelOf(body.view?.private_metadata ?? "") ?? "";
      const [user, trigger, at] = [body.user.id, body.trigger_id, Number(action.action_ts)];
      const value = "value" in action && typeof action.value === "string" ? action.value : "";
      const click = { action: action.action_id, value, user, channel, trigger, at, ...view };
      const answer = await guarded(deps, "action", inTime, () =>
        seen(deps, { user, channel: body.channel?.id ?? "" }, clicked(click, deps)),
      );
      const said = answer === undefined ? undefined : "message" in answer ? answer : { message: answer };
      if (said !== undefined) {
        const replaces = "replaces" in said && body.response_url !== undefined ? respond : undefined;
        await tell(deps, inTime, { channel, user, respond: replaces }, said.message);
      }
      await ack();
    },
  );
  app.view(/.*/, async ({ body, view, ack, context }) => {
    const inTime = inTimeOf(context);
    const input = (block: string, at: string) => view.state.values[block]?.[at]?.value ?? "";
    const submission = {
      callback: view.callback_id,
      metadata: view.private_metadata,
      user: body.user.id,
      input,
      filled: filledOf(view.state.values),
    };
    const answer = await guarded(deps, "view", inTime, () => sent(submission, deps));
    if (answer === undefined) await (ack as AckFn<void>)();
    else if ("view" in answer) await ack({ response_action: "update", view: answer.view });
    else if ("errors" in answer) await ack({ response_action: "errors", errors: { ...answer.errors } });
    else if ("message" in answer) {
      await tell(deps, inTime, { channel: answer.channel, user: body.user.id }, answer.message);
      await (ack as AckFn<void>)();
    } else await ack({ response_action: "errors", errors: errorsOf(view.blocks, answer) });
  });
  app.view({ callback_id: /.*/, type: "view_closed" }, async ({ view, body, ack, context }) => {
    const inTime = inTimeOf(context);
    const closed = await inTime(formClosed(deps, view.id)).catch((error: unknown) => {
      deps.log.warn("slack.closed", { error: String(error) });
      return undefined;
    });
    if (closed !== undefined)
      await tell(deps, inTime, { channel: closed.form.channel, user: body.user.id }, closed.message);
    await ack();
  });
  app.event("app_home_opened", async ({ event }) => {
    if (event.tab === "home") await homeOpened(deps, event.user);
  });
  app.shortcut(/.*/, async ({ ack }) => ack());
  app.options(/.*/, async ({ ack }) => ack({ options: [] }));
}

function clickedView(view: ViewOutput): ClickedView {
  const { id, hash, callback_id: callback, private_metadata: metadata, state } = view;
  return {
    type: view.type === "home" ? "home" : "modal",
    id,
    hash,
    callback,
    metadata,
    filled: filledOf(state.values),
  };
}

/** Where somebody acts they are at home: kept beside the act, in the same moment. */
async function seen<T>(deps: Deps, { user, channel }: Seen, act: Promise<T>): Promise<T> {
  const [answer] = await Promise.all([act, remember(deps, user, channel)]);
  return answer;
}

interface Seen {
  readonly user: string;
  readonly channel: string;
}

/** An error under the modal's first input, where Slack shows plain words: what the person wrote stays and can be sent again. */
function errorsOf(
  blocks: readonly { readonly type: string; readonly block_id?: string | undefined }[],
  said: SlackMessage,
): Record<string, string> {
  const first = blocks.find(({ type }) => type === "input") ?? blocks[0];
  return { [first?.block_id ?? ""]: said.text.replace(/^:\w+: /, "").replaceAll("`", "") };
}
