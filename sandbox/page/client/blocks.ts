import { type Child, el } from "./dom.ts";
import { elementNode, inputValue, type Json, list, object, type Surroundings, string } from "./elements.ts";
import { plainText, textObject } from "./text.ts";

type Draw = (block: Json, around: Surroundings) => HTMLElement;

const header: Draw = (block) =>
  el("h3", { class: "block-header" }, ...plainText(string(object(block["text"])["text"])));

const section: Draw = (block, around) => {
  const fields = list(block["fields"]);
  const body: readonly Child[] = [
    block["text"] !== undefined && el("div", { class: "rich" }, ...textObject(block["text"], around.names)),
    fields.length > 0 &&
      el(
        "div",
        { class: "fields" },
        ...fields.map((field) => el("div", { class: "rich" }, ...textObject(field, around.names))),
      ),
  ];
  const accessory = block["accessory"];
  const beside = accessory !== undefined && elementNode(object(accessory), string(block["block_id"]), around);
  return el("div", { class: "block-section" }, el("div", { class: "section-body" }, ...body), beside);
};

const context: Draw = (block, around) =>
  el(
    "div",
    { class: "block-context" },
    ...list(block["elements"]).map((element) =>
      element["type"] === "image"
        ? elementNode(element, "", around)
        : el("div", { class: "rich" }, ...textObject(element, around.names)),
    ),
  );

const actions: Draw = (block, around) => {
  const id = string(block["block_id"]);
  return el(
    "div",
    { class: "block-actions" },
    ...list(block["elements"]).map((element) => elementNode(element, id, around)),
  );
};

const input: Draw = (block, around) => {
  const id = string(block["block_id"]);
  const label = string(object(block["label"])["text"]);
  const hint = string(object(block["hint"])["text"]);
  const dispatches = block["dispatch_action"] === true;
  const within: Surroundings = { ...around, dispatches, act: dispatches ? around.act : () => undefined };
  return el(
    "div",
    { class: "block-input", "data-block": id },
    el(
      "div",
      { class: "label" },
      ...plainText(label),
      block["optional"] === true && el("span", { class: "optional" }, " (optional)"),
    ),
    elementNode(object(block["element"]), id, within, label),
    hint !== "" && el("div", { class: "hint" }, ...plainText(hint)),
    el("div", { class: "problem", role: "alert" }),
  );
};

const image: Draw = (block) =>
  el("img", { class: "picture", src: string(block["image_url"]), alt: string(block["alt_text"]) });

const DRAW: Readonly<Record<string, Draw>> = {
  header,
  section,
  context,
  actions,
  input,
  image,
  divider: () => el("hr", { class: "block-divider" }),
};

/** Block Kit as elements. Source: https://docs.slack.dev/reference/block-kit/blocks */
export const blockNodes = (blocks: readonly Json[], around: Surroundings): readonly HTMLElement[] =>
  blocks.map(
    (block) =>
      DRAW[string(block["type"])]?.(block, around) ?? el("p", { class: "unknown" }, `[${string(block["type"])}]`),
  );

/** `{ [block_id]: { [action_id]: value } }` of every input and selection inside `root`. */
export function valuesIn(blocks: readonly Json[], root: HTMLElement): Json {
  const inputs = blocks.filter((block) => block["type"] === "input");
  return Object.fromEntries(
    inputs.map((block) => {
      const id = string(block["block_id"]);
      const element = object(block["element"]);
      const holder = root.querySelector<HTMLElement>(`[data-block="${CSS.escape(id)}"]`) ?? root;
      return [id, { [string(element["action_id"])]: inputValue(element, holder) }];
    }),
  );
}

/** Fields that stay keep what is in them when a view is updated; the bot's new words are for all others. */
export function keepingValues(blocks: readonly Json[], values: Json): readonly Json[] {
  return blocks.map((block) => {
    const element = object(block["element"]);
    const held = object(object(values[string(block["block_id"])])[string(element["action_id"])]);
    if (block["type"] !== "input" || held["type"] !== element["type"]) return block;
    const { initial_value: _v, initial_option: _o, initial_options: _s, ...bare } = element;
    const kept = {
      ...("value" in held && held["value"] !== null ? { initial_value: held["value"] } : {}),
      ...("selected_option" in held && held["selected_option"] !== null
        ? { initial_option: held["selected_option"] }
        : {}),
      ...("selected_options" in held ? { initial_options: held["selected_options"] } : {}),
    };
    return { ...block, element: { ...bare, ...kept } };
  });
}
