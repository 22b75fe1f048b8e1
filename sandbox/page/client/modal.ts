import type { View } from "../../slack/model.ts";
import { act } from "./api.ts";
import { blockNodes, keepingValues, valuesIn } from "./blocks.ts";
import { el } from "./dom.ts";
import { type Json, object, type Surroundings, string } from "./elements.ts";
import type { Store } from "./store.ts";
import { plainText } from "./text.ts";

const words = (value: unknown, standard: string) => plainText(string(object(value)["text"]) || standard);

/** Required inputs without a value: Slack does not even ask the bot. */
function missing(view: View, values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const empty = view.blocks.filter((block) => {
    if (block["type"] !== "input" || block["optional"] === true) return false;
    const value = object(object(values[string(block["block_id"])])[string(object(block["element"])["action_id"])]);
    return (
      [value["value"], value["selected_option"]].every((one) => one === null || one === undefined) &&
      !("selected_options" in value)
    );
  });
  return Object.fromEntries(empty.map((block) => [string(block["block_id"]), "Please complete this required field."]));
}

function showProblems(root: HTMLElement, problems: Readonly<Record<string, unknown>>): void {
  for (const block of root.querySelectorAll<HTMLElement>("[data-block]")) {
    const text = string(problems[block.dataset["block"] ?? ""]);
    const place = block.querySelector(".problem");
    if (place !== null) place.textContent = text;
    block.classList.toggle("wrong", text !== "");
    block.querySelector(".field, select")?.setAttribute("aria-invalid", String(text !== ""));
  }
  root.querySelector<HTMLElement>(".wrong .field, .wrong select")?.focus();
}

/** What a press in this view does. `root` holds its inputs, and shows that the bot did not answer. */
export function actIn(view: View, root: HTMLElement, store: Store): Surroundings["act"] {
  return (element, block_id, extra, control) => {
    const { type, action_id } = element;
    const action = { type, action_id, block_id, ...extra };
    control.setAttribute("aria-busy", "true");
    const values = valuesIn(view.blocks, root);
    void act("pressView", { user: store.state.me, view: view.id, action, values }).then((answer) => {
      control.removeAttribute("aria-busy");
      root.querySelector(".no-answer")?.remove();
      if (answer["is"] !== "failed") return;
      const words = `⚠ ${store.state.bot.name} did not answer (${string(answer["code"])})`;
      root.append(el("p", { class: "no-answer", role: "alert" }, words));
    });
  };
}

function build(view: View, blocks: readonly Json[], store: Store): HTMLDialogElement {
  const body = el("div", { class: "modal-body" });
  const failed = el("p", { class: "problem", role: "alert" });
  const submit = el("button", { type: "submit", class: "button primary" }, ...words(view.submit, "Submit"));
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const values = valuesIn(view.blocks, body);
    const empty = missing(view, values);
    showProblems(body, empty);
    if (Object.keys(empty).length > 0) return;
    submit.setAttribute("aria-busy", "true");
    const answer = await act("submit", { user: store.state.me, view: view.id, values });
    submit.removeAttribute("aria-busy");
    failed.textContent = string(answer["failed"]);
    if (answer["errors"] !== undefined) showProblems(body, object(answer["errors"]));
  };
  const close = (): void => void act("close", { user: store.state.me, view: view.id });
  const around = { names: store.names, scope: view.id, act: actIn(view, body, store) };
  body.append(...blockNodes(blocks, around), failed);
  return el(
    "dialog",
    {
      class: "modal",
      "aria-labelledby": `title-${view.id}`,
      "data-view": view.id,
      oncancel: (event: Event) => {
        event.preventDefault();
        close();
      },
    },
    el(
      "form",
      { novalidate: true, onsubmit: (event: Event) => void send(event) },
      el(
        "header",
        {},
        el("span", { class: "avatar bot tiny", "aria-hidden": true }, "☸"),
        el("h2", { id: `title-${view.id}` }, ...words(view.title, "")),
        el("button", { type: "button", class: "icon", "aria-label": "Close", onclick: close }, "✕"),
      ),
      body,
      el(
        "footer",
        {},
        el("button", { type: "button", class: "button", onclick: close }, ...words(view.close, "Cancel")),
        view.submit !== null && submit,
      ),
    ),
  );
}

interface Shown {
  readonly view: View;
  readonly dialog: HTMLDialogElement;
}

const bodyOf = (dialog: HTMLElement): HTMLElement => dialog.querySelector<HTMLElement>(".modal-body") ?? dialog;

/** The same modal with new words: what was typed, where the person was and how far they had read stay. */
function updated({ view: before, dialog: old }: Shown, view: View, store: Store): HTMLDialogElement {
  const focus = document.activeElement?.getAttribute("data-focus");
  const field = document.activeElement instanceof HTMLInputElement ? document.activeElement : undefined;
  const caret = field?.type === "text" ? field.selectionStart : null;
  const { scrollTop } = bodyOf(old);
  const dialog = build(view, keepingValues(view.blocks, valuesIn(before.blocks, bodyOf(old))), store);
  old.close();
  old.replaceWith(dialog);
  dialog.showModal();
  bodyOf(dialog).scrollTop = scrollTop;
  const again = focus && dialog.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focus)}"]`);
  if (again) again.focus({ preventScroll: true });
  if (again instanceof HTMLInputElement && caret !== null) again.setSelectionRange(caret, caret);
  return dialog;
}

/** Keeps the open dialog equal to the newest modal of this person. The focus goes back to where it was. */
export function modals(store: Store): () => void {
  let shown: Shown | undefined;
  let before: Element | null = null;
  return () => {
    const view = store.state.views.findLast(({ type }) => type === "modal");
    if (view?.hash === shown?.view.hash) return;
    if (shown !== undefined && shown.view.id === view?.id) {
      shown = { view, dialog: updated(shown, view, store) };
      return;
    }
    if (shown === undefined) before = document.activeElement;
    shown?.dialog.close();
    shown?.dialog.remove();
    shown = undefined;
    if (view === undefined) {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      return;
    }
    const dialog = build(view, view.blocks, store);
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector<HTMLElement>(".field, select, .choice input")?.focus();
    shown = { view, dialog };
  };
}
