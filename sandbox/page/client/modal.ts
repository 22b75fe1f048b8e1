import type { View } from "../../slack/model.ts";
import { act } from "./api.ts";
import { blockNodes, valuesIn } from "./blocks.ts";
import { el } from "./dom.ts";
import { object, string } from "./elements.ts";
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

function build(view: View, store: Store): HTMLDialogElement {
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
  body.append(...blockNodes(view.blocks, { names: store.names, scope: view.id, act: () => undefined }), failed);
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

/** Keeps the open dialog equal to the newest modal of this person. The focus goes back to where it was. */
export function modals(store: Store): () => void {
  let shown: { readonly hash: string; readonly dialog: HTMLDialogElement } | undefined;
  let before: Element | null = null;
  return () => {
    const view = store.state.views.findLast(({ type }) => type === "modal");
    if (view?.hash === shown?.hash) return;
    if (shown === undefined) before = document.activeElement;
    shown?.dialog.close();
    shown?.dialog.remove();
    shown = undefined;
    if (view === undefined) {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      return;
    }
    const dialog = build(view, store);
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector<HTMLElement>(".field, select, .choice input")?.focus();
    shown = { hash: view.hash, dialog };
  };
}
