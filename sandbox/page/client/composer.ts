import type { CommandHelp } from "../panel.ts";
import { act, Refused } from "./api.ts";
import { el } from "./dom.ts";
import type { Store } from "./store.ts";

const COMMAND = "/k8s";

/** The commands that what was typed may become. Once the subcommand is complete, only its own usage is left. */
export function completions(text: string, commands: readonly CommandHelp[]): readonly CommandHelp[] {
  if (!text.startsWith("/")) return [];
  const [slash = "", word = "", ...rest] = text.split(/ +/);
  if (!COMMAND.startsWith(slash)) return [];
  if (slash !== COMMAND) return commands;
  if (rest.length > 0 || (word !== "" && text.endsWith(" "))) return commands.filter(({ name }) => name === word);
  return commands.filter(({ name }) => name.startsWith(word));
}

interface Options {
  readonly store: Store;
  readonly label: () => string;
  readonly thread: () => string | undefined;
  readonly id: string;
}

/** The field at the bottom: slash commands with completion, everything else is a message. */
export function composer({ store, label, thread, id }: Options) {
  const history: string[] = [];
  let recalled = 0;
  let active = -1;
  let shown: readonly CommandHelp[] = [];

  const listbox = el("ul", {
    class: "completions",
    id: `${id}-list`,
    role: "listbox",
    "aria-label": "Commands",
    hidden: true,
  });
  const problem = el("div", { class: "problem", role: "alert" });
  const field = el("textarea", {
    id,
    rows: 1,
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": `${id}-list`,
    "aria-expanded": "false",
    spellcheck: "false",
    oninput: () => suggest(),
    onkeydown: (event: KeyboardEvent) => keys(event),
    onblur: () => hide(),
    onfocus: () => suggest(),
  });
  const send = el("button", { type: "submit", class: "send", "aria-label": "Send now", title: "Send now" }, "➤");
  const form = el(
    "form",
    { class: "composer", onsubmit: (event: Event) => void submit(event) },
    listbox,
    el("div", { class: "box" }, field, send),
    problem,
  );

  const isDone = (command: CommandHelp) => field.value.startsWith(`${COMMAND} ${command.name}`);

  function draw(): void {
    listbox.hidden = shown.length === 0;
    field.setAttribute("aria-expanded", String(shown.length > 0));
    if (active >= 0) field.setAttribute("aria-activedescendant", `${id}-${active}`);
    else field.removeAttribute("aria-activedescendant");
    listbox.replaceChildren(
      ...shown.map((command, at) =>
        el(
          "li",
          {
            id: `${id}-${at}`,
            role: "option",
            "aria-selected": String(at === active),
            onmousedown: (event: Event) => {
              event.preventDefault();
              complete(command);
            },
          },
          el("code", {}, `${COMMAND} ${command.usage}`),
          el("span", { class: "muted" }, command.summary),
        ),
      ),
    );
    listbox.children[active]?.scrollIntoView({ block: "nearest" });
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
    send.toggleAttribute("disabled", field.value.trim() === "");
  }

  function suggest(): void {
    problem.textContent = "";
    shown = completions(field.value, store.state.commands);
    const only = shown[0];
    active = only === undefined || isDone(only) ? -1 : 0;
    draw();
  }

  function hide(): void {
    shown = [];
    active = -1;
    draw();
  }

  function put(text: string): void {
    field.value = text;
    field.setSelectionRange(text.length, text.length);
    suggest();
  }

  const complete = (command: CommandHelp): void =>
    put(`${COMMAND} ${command.name}${/\s/.test(command.usage.trim()) ? " " : ""}`);

  function recall(step: number): void {
    recalled = Math.max(0, Math.min(history.length, recalled + step));
    put(history.at(-recalled) ?? "");
    hide();
    if (recalled === 0) put("");
  }

  function keys(event: KeyboardEvent): void {
    const chosen = shown[active];
    const recalling = field.value === "" || field.value === history.at(-recalled);
    const done = (): void => event.preventDefault();
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      done();
      if (chosen !== undefined) complete(chosen);
      else form.requestSubmit();
    } else if (event.key === "Tab" && chosen !== undefined && !event.shiftKey) {
      done();
      complete(chosen);
    } else if (event.key === "Escape" && shown.length > 0) {
      done();
      event.stopPropagation();
      hide();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && shown.length > 1) {
      done();
      active = (active + (event.key === "ArrowDown" ? 1 : shown.length - 1) + shown.length) % shown.length;
      draw();
    } else if (event.key === "ArrowUp" && recalling && history.length > 0) {
      done();
      recall(1);
    } else if (event.key === "ArrowDown" && recalled > 0 && recalling) {
      done();
      recall(-1);
    }
  }

  async function deliver(text: string): Promise<void> {
    const { me: user, channel } = store.state;
    const [, command, words = ""] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
    const replyTo = thread();
    if (command === undefined)
      await act("say", { user, channel, text, ...(replyTo === undefined ? {} : { thread: replyTo }) });
    else if (replyTo !== undefined)
      throw new Refused(`${command} is not supported in threads. Type it in the channel.`);
    else if (command !== COMMAND) throw new Refused(`${command} is not a valid command. Try ${COMMAND} help.`);
    else await act("slash", { user, channel, command, text: words });
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const text = field.value.trim();
    if (text === "") return;
    if (history.at(-1) !== text) history.push(text);
    recalled = 0;
    put("");
    try {
      await deliver(text);
    } catch (error) {
      put(text);
      hide();
      problem.textContent =
        error instanceof Refused ? error.message : "The server does not answer. Is npm start still running?";
    }
  }

  return {
    form,
    focus: (): void => field.focus(),
    update: (): void => {
      field.setAttribute("aria-label", label());
      field.placeholder = label();
      send.toggleAttribute("disabled", field.value.trim() === "");
    },
  };
}
