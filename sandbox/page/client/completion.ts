import type { CommandHelp } from "../panel.ts";
import { el } from "./dom.ts";

export const COMMAND = "/k8s";

/** The commands that what was typed may become. Once the subcommand is complete, only its own usage is left. */
function completions(text: string, commands: readonly CommandHelp[]): readonly CommandHelp[] {
  if (!text.startsWith("/")) return [];
  const [slash = "", word = "", ...rest] = text.split(/ +/);
  if (!COMMAND.startsWith(slash)) return [];
  if (slash !== COMMAND) return commands;
  if (rest.length > 0 || (word !== "" && text.endsWith(" "))) return commands.filter(({ name }) => name === word);
  return commands.filter(({ name }) => name.startsWith(word));
}

const isTyped = (text: string, command: CommandHelp): boolean => text.startsWith(`${COMMAND} ${command.name}`);

/** What the field holds once this command was chosen: ready for an argument where it takes one. */
export function completed({ name, usage }: CommandHelp): string {
  const typed = `${COMMAND} ${name}`;
  return usage === typed ? typed : `${typed} `;
}

function optionNode(id: string, command: CommandHelp, active: boolean, choose: (command: CommandHelp) => void) {
  const onmousedown = (event: Event): void => {
    event.preventDefault();
    choose(command);
  };
  return el(
    "li",
    { id, role: "option", "aria-selected": String(active), onmousedown },
    el("code", {}, command.usage),
    el("span", { class: "muted" }, command.summary),
  );
}

/** The list above a field, where one command may be active: the one that Enter takes. */
export function completionList(field: HTMLTextAreaElement, choose: (command: CommandHelp) => void) {
  const id = `${field.id}-list`;
  const listbox = el("ul", { class: "completions", id, role: "listbox", "aria-label": "Commands", hidden: true });
  let shown: readonly CommandHelp[] = [];
  let active = -1;

  function draw(): void {
    listbox.hidden = shown.length === 0;
    field.setAttribute("aria-expanded", String(shown.length > 0));
    if (active >= 0) field.setAttribute("aria-activedescendant", `${id}-${active}`);
    else field.removeAttribute("aria-activedescendant");
    listbox.replaceChildren(...shown.map((command, at) => optionNode(`${id}-${at}`, command, at === active, choose)));
    listbox.children[active]?.scrollIntoView({ block: "nearest" });
  }

  return {
    listbox,
    chosen: (): CommandHelp | undefined => shown[active],
    isOpen: (): boolean => shown.length > 0,
    suggest(commands: readonly CommandHelp[]): void {
      shown = completions(field.value, commands);
      const [first] = shown;
      active = first === undefined || isTyped(field.value, first) ? -1 : 0;
      draw();
    },
    /** False where there is nothing to move among. */
    move(step: 1 | -1): boolean {
      if (shown.length <= 1) return false;
      active = (Math.max(active, step < 0 ? 0 : -1) + step + shown.length) % shown.length;
      draw();
      return true;
    },
    hide(): void {
      shown = [];
      active = -1;
      draw();
    },
  };
}
