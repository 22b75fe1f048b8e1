import type { Message } from "../../slack/model.ts";
import { act } from "./api.ts";
import { blockNodes, valuesIn } from "./blocks.ts";
import { confirmed } from "./dialog.ts";
import { type Child, el, reconcile } from "./dom.ts";
import { type Json, object, string } from "./elements.ts";
import type { Store } from "./store.ts";
import { dayOf, emoji, plainText, rich, textObject, timeOf } from "./text.ts";

const COMPACT_SECONDS = 300;
const PEOPLE_COLOURS = 6;

export function avatar(id: string, store: Store, size = ""): HTMLElement {
  if (id === store.state.bot.user) return el("span", { class: `avatar bot ${size}`, "aria-hidden": true }, "☸");
  if (id === "USLACKBOT") return el("span", { class: `avatar slackbot ${size}`, "aria-hidden": true }, "S");
  const at = store.state.people.findIndex((person) => person.id === id);
  return el(
    "span",
    { class: `avatar c${at % PEOPLE_COLOURS} ${size}`, "aria-hidden": true },
    store.names.person(id).slice(0, 1),
  );
}

/** Presses an element of a message: asks first where it says so, and shows a warning when the bot did not answer. */
async function press(
  store: Store,
  message: Message,
  element: Json,
  blockId: string,
  extra: Json,
  control: HTMLElement,
): Promise<void> {
  const { channel, ts } = message;
  const ask = element["confirm"];
  if (ask !== undefined) {
    const { title, text, confirm, deny, style } = object(ask);
    const words = (value: unknown) => textObject(value, store.names);
    const asked = {
      title: words(title),
      text: words(text),
      yes: words(confirm),
      no: words(deny),
      danger: style === "danger",
    };
    if (!(await confirmed(asked))) return;
  }
  control.setAttribute("aria-busy", "true");
  const root = control.closest<HTMLElement>(".message") ?? control;
  const { type, action_id, style } = element;
  const action = { type, action_id, block_id: blockId, ...(style === undefined ? {} : { style }), ...extra };
  const answer = await act("press", {
    user: store.state.me,
    channel,
    ts,
    action,
    values: valuesIn(message.blocks, root),
  });
  control.removeAttribute("aria-busy");
  root.querySelector(".no-answer")?.remove();
  if (answer["is"] === "failed") {
    control.after(
      el(
        "span",
        { class: "no-answer", role: "alert" },
        `⚠ ${store.state.bot.name} did not answer (${string(answer["code"])})`,
      ),
    );
  }
}

function bodyOf(message: Message, store: Store): readonly Node[] {
  const { names } = store;
  if (message.blocks.length === 0) return [el("div", { class: "rich" }, ...rich(message.text, names))];
  return blockNodes(message.blocks, {
    names,
    scope: message.ts,
    act: (element, blockId, extra, control) => void press(store, message, element, blockId, extra, control),
  });
}

function repliesLine(message: Message, replies: readonly Message[], store: Store): Child {
  const last = replies.at(-1);
  if (last === undefined) return undefined;
  const count = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
  const users = [...new Set(replies.map(({ user }) => user))].slice(0, 3);
  return el(
    "button",
    { type: "button", class: "replies", onclick: () => store.openThread(message.ts) },
    ...users.map((user) => avatar(user, store, "tiny")),
    el("strong", {}, count),
    el("span", { class: "muted" }, `Last reply at ${timeOf(Number(last.ts) * 1000)}`),
  );
}

function toolbar(message: Message, store: Store): HTMLElement {
  if (message.visibleTo !== undefined) {
    const { channel, ts } = message;
    const dismiss = () => void act("dismiss", { user: store.state.me, channel, ts });
    return el(
      "div",
      { class: "tools" },
      el(
        "button",
        { type: "button", class: "icon", "aria-label": "Dismiss message", title: "Dismiss message", onclick: dismiss },
        "✕",
      ),
    );
  }
  const label = "Reply in thread";
  return el(
    "div",
    { class: "tools" },
    el(
      "button",
      { type: "button", class: "icon", "aria-label": label, title: label, onclick: () => store.openThread(message.ts) },
      "💬",
    ),
  );
}

function build(
  message: Message,
  compact: boolean,
  replies: readonly Message[],
  inThread: boolean,
  store: Store,
): HTMLElement {
  const { user, ts, visibleTo, edited } = message;
  const name = user === "USLACKBOT" ? "Slackbot" : store.names.person(user);
  const isApp = user === store.state.bot.user;
  const at = Number(ts) * 1000;
  const time = el("time", { class: "muted", datetime: new Date(at).toISOString() }, timeOf(at));
  const head = el(
    "div",
    { class: "head" },
    el("strong", { class: "author" }, name),
    isApp && el("span", { class: "app" }, "APP"),
    time,
  );
  const reactions = message.reactions.map((one) =>
    el("span", { class: "reaction" }, emoji(one.name), ` ${one.users.length}`),
  );
  const kind = `message${compact ? " compact" : ""}${visibleTo === undefined ? "" : " ephemeral"}`;
  return el(
    "article",
    { class: kind, "aria-label": `${name}, ${timeOf(at)}`, "data-ts": ts },
    el("div", { class: "gutter" }, compact ? time.cloneNode(true) : avatar(user, store)),
    el(
      "div",
      { class: "content" },
      visibleTo !== undefined &&
        el("div", { class: "only-you" }, el("span", { "aria-hidden": true }, "👁 "), "Only visible to you"),
      !compact && head,
      el(
        "div",
        { class: "body" },
        ...bodyOf(message, store),
        edited !== undefined && el("span", { class: "edited muted" }, "(edited)"),
      ),
      reactions.length > 0 && el("div", { class: "reactions" }, ...reactions),
      !inThread && repliesLine(message, replies, store),
    ),
    !inThread && toolbar(message, store),
  );
}

/** Draws messages below each other: days apart by a line, neighbours of one author close together. */
export function drawMessages(parent: HTMLElement, messages: readonly Message[], store: Store, inThread = false): void {
  const items = messages.flatMap((message, at) => {
    const before = messages[at - 1];
    const day = dayOf(Number(message.ts) * 1000);
    const newDay = before === undefined || dayOf(Number(before.ts) * 1000) !== day;
    const near = before !== undefined && Number(message.ts) - Number(before.ts) < COMPACT_SECONDS;
    const compact =
      !newDay &&
      near &&
      before.user === message.user &&
      before.visibleTo === message.visibleTo &&
      message.user !== store.state.bot.user;
    const replies = inThread ? [] : store.replies(message.ts);
    const signature = JSON.stringify([message, compact, replies.length, replies.at(-1)?.ts, inThread, store.state.me]);
    const line = {
      key: `day-${day}`,
      signature: day,
      build: () => el("div", { class: "day", role: "separator" }, el("span", {}, ...plainText(day))),
    };
    return [
      ...(newDay && !inThread ? [line] : []),
      { key: message.ts, signature, build: () => build(message, compact, replies, inThread, store) },
    ];
  });
  const bottom = parent.scrollHeight - parent.scrollTop - parent.clientHeight < 80;
  reconcile(parent, items);
  if (bottom) parent.scrollTop = parent.scrollHeight;
}
