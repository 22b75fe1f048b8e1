import { type Child, el } from "./dom.ts";
import type { Names } from "./store.ts";
import { plainText, textObject } from "./text.ts";

export type Json = Readonly<Record<string, unknown>>;
export const object = (value: unknown): Json => (typeof value === "object" && value !== null ? { ...value } : {});
export const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(object) : []);
export const string = (value: unknown): string => (typeof value === "string" ? value : "");

export interface Surroundings {
  readonly names: Names;
  /** Unique on the page: the message's ts or the view's id. */
  readonly scope: string;
  /** Inputs act at once too, as those of blocks with `dispatch_action` do. */
  readonly dispatches?: boolean;
  /** A person used an element that acts at once. */
  act(element: Json, blockId: string, extra: Json, control: HTMLElement): void;
}

/** Identifies a control over redraws, so that the focus can stay. */
const focusKey = (around: Surroundings, element: Json) =>
  `${around.scope}:${string(element["action_id"])}:${string(element["value"])}`;

function button(element: Json, blockId: string, around: Surroundings): HTMLElement {
  const label = plainText(string(object(element["text"])["text"]));
  const style = string(element["style"]);
  const control = el(
    "button",
    {
      type: "button",
      class: `button ${style}`,
      "data-focus": focusKey(around, element),
      "aria-label": string(element["accessibility_label"]) || undefined,
      onclick: () => {
        const url = string(element["url"]);
        if (/^https?:/.test(url)) window.open(url, "_blank", "noopener");
        around.act(element, blockId, { value: element["value"], text: element["text"] }, control);
      },
    },
    ...label,
  );
  return control;
}

const optionText = (option: Json): string => string(object(option["text"])["text"]);

function select(element: Json, blockId: string, around: Surroundings, label: string): HTMLSelectElement {
  const options = list(element["options"]);
  const initial = string(object(element["initial_option"])["value"]);
  const placeholder =
    string(object(element["placeholder"])["text"]) || (element["type"] === "overflow" ? "…" : "Select an option");
  const control = el(
    "select",
    {
      class: "select",
      "aria-label": label || placeholder,
      "data-focus": focusKey(around, element),
      onchange: () =>
        around.act(element, blockId, { selected_option: options.find((o) => o["value"] === control.value) }, control),
    },
    el("option", { value: "", disabled: true, selected: initial === "" }, placeholder),
    ...options.map((o) =>
      el("option", { value: string(o["value"]), selected: o["value"] === initial && initial !== "" }, optionText(o)),
    ),
  );
  return control;
}

function choices(element: Json, blockId: string, around: Surroundings, label: string): HTMLElement {
  const radio = element["type"] === "radio_buttons";
  const options = list(element["options"]);
  const initial = [...list(element["initial_options"]), object(element["initial_option"])].map((o) => o["value"]);
  const group = el("div", { class: "choices", role: radio ? "radiogroup" : "group", "aria-label": label || undefined });
  const act = (): void => {
    const chosen = options.filter((_, at) => group.querySelectorAll("input")[at]?.checked);
    around.act(element, blockId, radio ? { selected_option: chosen[0] } : { selected_options: chosen }, group);
  };
  for (const option of options) {
    const input = el("input", {
      type: radio ? "radio" : "checkbox",
      name: `${around.scope}:${blockId}`,
      value: string(option["value"]),
      checked: initial.includes(option["value"]),
      "data-focus": `${focusKey(around, element)}:${string(option["value"])}`,
      onchange: act,
    });
    const more = object(option["description"]);
    const words: readonly Child[] = [
      el("span", {}, ...textObject(option["text"], around.names)),
      "text" in more && el("small", {}, ...textObject(more, around.names)),
    ];
    group.append(el("label", { class: "choice" }, input, el("span", { class: "choice-text" }, ...words)));
  }
  return group;
}

function textField(element: Json, blockId: string, around: Surroundings, label: string): HTMLElement {
  const enter = (event: KeyboardEvent): void => {
    const field = event.currentTarget as HTMLInputElement;
    if (event.key !== "Enter" || event.isComposing || around.dispatches !== true) return;
    event.preventDefault();
    around.act(element, blockId, { value: field.value === "" ? null : field.value }, field);
  };
  const common = {
    "data-focus": focusKey(around, element),
    class: "field",
    "aria-label": label,
    placeholder: string(object(element["placeholder"])["text"]),
    maxlength: typeof element["max_length"] === "number" ? element["max_length"] : 3000,
    minlength: typeof element["min_length"] === "number" ? element["min_length"] : undefined,
  };
  if (element["multiline"] === true) return el("textarea", { ...common, rows: 4 }, string(element["initial_value"]));
  return el("input", {
    ...common,
    onkeydown: enter,
    type: "text",
    autocomplete: "off",
    value: string(element["initial_value"]),
  });
}

/** An interactive element, or an image. `label` names it where a block gives it a label. */
export function elementNode(element: Json, blockId: string, around: Surroundings, label = ""): HTMLElement {
  switch (element["type"]) {
    case "button":
      return button(element, blockId, around);
    case "static_select":
    case "overflow":
      return select(element, blockId, around, label);
    case "checkboxes":
    case "radio_buttons":
      return choices(element, blockId, around, label);
    case "plain_text_input":
      return textField(element, blockId, around, label);
    case "image":
      return el("img", { class: "thumb", src: string(element["image_url"]), alt: string(element["alt_text"]) });
    default:
      return el("span", { class: "unknown" }, `[${string(element["type"])}]`);
  }
}

/** What an input element holds, as `view.state.values` shows it. */
export function inputValue(element: Json, holder: HTMLElement): Json {
  const options = list(element["options"]);
  const type = element["type"];
  const checked = () => [...holder.querySelectorAll<HTMLInputElement>("input:checked")].map(({ value }) => value);
  switch (type) {
    case "static_select":
      return {
        type,
        selected_option: options.find((o) => o["value"] === holder.querySelector("select")?.value) ?? null,
      };
    case "checkboxes":
      return { type, selected_options: options.filter((o) => checked().includes(string(o["value"]))) };
    case "radio_buttons":
      return { type, selected_option: options.find((o) => checked().includes(string(o["value"]))) ?? null };
    default: {
      const field = holder.querySelector<HTMLInputElement | HTMLTextAreaElement>(".field");
      return { type, value: field === null || field.value === "" ? null : field.value };
    }
  }
}
