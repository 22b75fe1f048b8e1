import { type Child, el } from "./dom.ts";

interface Asked {
  readonly title: readonly Child[];
  readonly text: readonly Child[];
  readonly yes: readonly Child[];
  readonly no: readonly Child[];
  readonly danger: boolean;
}

/** A confirmation dialog: true when the person went on. Escape is no. */
export function confirmed({ title, text, yes, no, danger }: Asked): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const dialog = el(
    "dialog",
    { class: "modal small", "aria-labelledby": "confirm-title", onclose: () => done(dialog.returnValue === "yes") },
    el("header", {}, el("h2", { id: "confirm-title" }, ...title)),
    el("div", { class: "modal-body" }, ...text),
    el(
      "footer",
      {},
      el("button", { type: "button", class: "button", onclick: () => dialog.close("no") }, ...no),
      el(
        "button",
        {
          type: "button",
          class: danger ? "button danger solid" : "button primary",
          onclick: () => dialog.close("yes"),
        },
        ...yes,
      ),
    ),
  );
  function done(answer: boolean): void {
    dialog.remove();
    resolve(answer);
  }
  document.body.append(dialog);
  dialog.showModal();
  return promise;
}
