import type { Channel } from "../../slack/model.ts";
import { el, reconcile } from "./dom.ts";
import { avatar } from "./messages.ts";
import { HOME } from "./state.ts";
import type { Store } from "./store.ts";

const mentions = (me: string, text: string, blocks: unknown): boolean =>
  `${text}${JSON.stringify(blocks)}`.includes(`<@${me}>`);

function channelItem(channel: Channel, store: Store) {
  const { state } = store;
  const current = channel.id === state.channel;
  const unread = current ? [] : store.unread(channel.id);
  const count =
    channel.user === undefined ? unread.filter((m) => mentions(state.me, m.text, m.blocks)).length : unread.length;
  const signature = JSON.stringify([channel.name, current, unread.length > 0, count, state.me]);
  const build = () =>
    el(
      "button",
      {
        type: "button",
        class: unread.length > 0 ? "channel unread" : "channel",
        "aria-current": current ? "page" : undefined,
        "data-focus": `channel:${channel.id}`,
        onclick: () => {
          store.go(channel.id);
          document.body.classList.remove("show-sidebar");
        },
      },
      channel.user === undefined
        ? el("span", { class: "hash", "aria-hidden": true }, "#")
        : avatar(state.bot.user, store, "tiny"),
      el("span", { class: "channel-name" }, channel.name),
      count > 0 && el("span", { class: "badge", "aria-label": `${count} unread` }, String(count)),
      unread.length > 0 && count === 0 && el("span", { class: "dot", role: "img", "aria-label": "unread" }),
    );
  return { key: channel.id, signature, build };
}

/** Channels and direct messages, with what is unread. */
export function drawSidebar(channels: HTMLElement, directs: HTMLElement, store: Store): void {
  const items = store.state.channels.map((channel) => ({ channel, item: channelItem(channel, store) }));
  reconcile(
    channels,
    items.filter(({ channel }) => channel.user === undefined).map(({ item }) => item),
  );
  reconcile(
    directs,
    items.filter(({ channel }) => channel.user !== undefined).map(({ item }) => item),
  );
  directs.parentElement?.toggleAttribute("hidden", directs.children.length === 0);
}

/** The app, whose home tab is one person's own. */
export function drawApp(parent: HTMLElement, store: Store): void {
  const { state } = store;
  const build = (): HTMLElement =>
    el(
      "button",
      {
        type: "button",
        class: "channel",
        "aria-current": state.channel === HOME ? "page" : undefined,
        "data-focus": "channel:home",
        onclick: () => {
          store.go(HOME);
          document.body.classList.remove("show-sidebar");
        },
      },
      avatar(state.bot.user, store, "tiny"),
      el("span", { class: "channel-name" }, state.bot.name),
    );
  reconcile(parent, [{ key: HOME, signature: JSON.stringify([state.channel === HOME, state.bot.name]), build }]);
}

/** Who the person at the keyboard is. Arrow keys move, as in every radio group. */
export function drawPeople(parent: HTMLElement, store: Store): void {
  const { people, me } = store.state;
  const become = (at: number): void => {
    const next = people[(at + people.length) % people.length];
    if (next === undefined) return;
    store.become(next.id);
    requestAnimationFrame(() => parent.querySelector<HTMLElement>("[aria-checked=true]")?.focus());
  };
  const keys = (event: KeyboardEvent, at: number): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    become(at + step);
  };
  reconcile(
    parent,
    people.map((person, at) => ({
      key: person.id,
      signature: JSON.stringify([person, person.id === me]),
      build: () =>
        el(
          "button",
          {
            type: "button",
            class: "person",
            role: "radio",
            "aria-checked": String(person.id === me),
            "aria-label": `${person.real_name}, ${person.title}`,
            tabindex: person.id === me ? 0 : -1,
            "data-focus": `person:${person.id}`,
            onclick: () => become(at),
            onkeydown: (event: KeyboardEvent) => keys(event, at),
          },
          avatar(person.id, store, "tiny"),
          el("span", { class: "person-name" }, person.real_name),
          el("span", { class: "person-title" }, person.title),
        ),
    })),
  );
}
