import { Refused } from "./api.ts";
import { deliver } from "./deliver.ts";
import { el } from "./dom.ts";
import { editor } from "./editor.ts";
import { keyHandler } from "./keys.ts";
import type { Store } from "./store.ts";

interface Options {
  readonly store: Store;
  readonly label: () => string;
  readonly thread: () => string | undefined;
  readonly id: string;
}

/** The field at the bottom: slash commands with completion, everything else is a message. */
export function composer({ store, label, thread, id }: Options) {
  const problem = el("div", { class: "problem", role: "alert" });
  const send = el("button", { type: "submit", class: "send", "aria-label": "Send now", title: "Send now" }, "➤");
  const text = editor(store, id, () => {
    problem.textContent = "";
    showSendable();
  });
  const { field, list } = text;

  function showSendable(): void {
    send.toggleAttribute("disabled", field.value.trim() === "");
  }
  async function submit(): Promise<void> {
    const line = text.take();
    if (line === "") return;
    try {
      await deliver(store.state, line, thread());
    } catch (error) {
      text.put(line);
      list.hide();
      const known = error instanceof Refused;
      problem.textContent = known ? error.message : "The server does not answer. Is npm start still running?";
    }
  }
  const onsubmit = (event: Event): void => {
    event.preventDefault();
    void submit();
  };
  const box = el("div", { class: "box" }, field, send);
  const form = el("form", { class: "composer", onsubmit }, list.listbox, box, problem);
  const onKey = keyHandler({
    complete: text.complete,
    enter() {
      if (!text.complete()) form.requestSubmit();
      return true;
    },
    dismiss() {
      const open = list.isOpen();
      if (open) list.hide();
      return open;
    },
    move: (step) => list.move(step) || text.recall(step),
  });
  field.addEventListener("keydown", onKey);

  return {
    form,
    focus: (): void => field.focus(),
    update: (): void => {
      field.setAttribute("aria-label", label());
      field.placeholder = label();
      showSendable();
    },
  };
}
