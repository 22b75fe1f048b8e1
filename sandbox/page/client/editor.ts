import { completed, completionList } from "./completion.ts";
import { el } from "./dom.ts";
import { recalls } from "./recall.ts";
import type { Store } from "./store.ts";

const HEIGHT_MAX = 200;

const textField = (id: string): HTMLTextAreaElement =>
  el("textarea", {
    id,
    rows: 1,
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": `${id}-list`,
    "aria-expanded": "false",
    spellcheck: "false",
  });

/** A field with its completion and what was sent from it. `onChange` hears of every change of its text. */
export function editor(store: Store, id: string, onChange: () => void) {
  const field = textField(id);
  const list = completionList(field, (command) => put(completed(command)));
  const sent = recalls();

  function suggest(): void {
    list.suggest(store.state.commands);
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, HEIGHT_MAX)}px`;
    onChange();
  }
  function put(text: string): void {
    field.value = text;
    field.setSelectionRange(text.length, text.length);
    suggest();
  }
  field.addEventListener("input", suggest);
  field.addEventListener("focus", suggest);
  field.addEventListener("blur", list.hide);

  return {
    field,
    list,
    put,
    /** Empties the field. */
    take(): string {
      const text = field.value.trim();
      if (text !== "") {
        sent.keep(text);
        put("");
      }
      return text;
    },
    /** False where no command is active. */
    complete(): boolean {
      const chosen = list.chosen();
      if (chosen !== undefined) put(completed(chosen));
      return chosen !== undefined;
    },
    /** Up (-1) brings back what is older. False where there is none, or the text is the person's own. */
    recall(step: 1 | -1): boolean {
      const text = sent.step(step === -1 ? 1 : -1, field.value);
      if (text === undefined) return false;
      put(text);
      list.hide();
      return true;
    },
  };
}
