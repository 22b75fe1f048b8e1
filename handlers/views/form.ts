import type { InputBlock, PlainTextElement } from "@slack/types";

/** Slack's limits. Source: https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
const OPTION_CHARS_MAX = 75;
const OPTION_VALUE_CHARS_MAX = 150;
const OPTIONS_MAX = 100;
const PLACEHOLDER_CHARS_MAX = 150;
const TEXT_CHARS_MAX = 60;

/** Begins the action of each field; its key follows, which is its block too. */
export const FIELD_ACTION = "form:";
/** A menu's choice to leave it as it is: Slack's menus can't be emptied again. */
export const AS_USUAL = "-";
export const YES = "yes";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One argument of a command as a form shows it. */
export interface Field {
  readonly key: string;
  readonly label: string;
  readonly help: string;
  readonly kind: "text" | "choice" | "flag";
  readonly required: boolean;
  /** What it begins with; empty: nothing. */
  readonly value: string;
  readonly placeholder?: string;
  readonly choices?: readonly Choice[];
}

const clip = (text: string, max: number): string => {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
};
const plain = (text: string, max: number): PlainTextElement => ({ type: "plain_text", text: clip(text, max) });
const optionOf = ({ value, label }: Choice) => ({ text: plain(label, OPTION_CHARS_MAX), value });

function elementOf(field: Field): InputBlock["element"] {
  const action_id = `${FIELD_ACTION}${field.key}`;
  if (field.kind === "flag") {
    const option = { text: plain(field.help, OPTION_CHARS_MAX), value: YES };
    const initial = field.value === YES ? { initial_options: [option] } : {};
    return { type: "checkboxes", action_id, options: [option], ...initial };
  }
  if (field.kind === "choice") {
    // What is too long for a menu can still be typed.
    const fits = (field.choices ?? []).filter(({ value }) => value.length <= OPTION_VALUE_CHARS_MAX);
    const options = fits.slice(0, OPTIONS_MAX).map(optionOf);
    const initial = options.find(({ value }) => value === field.value);
    return { type: "static_select", action_id, options, ...(initial === undefined ? {} : { initial_option: initial }) };
  }
  return {
    type: "plain_text_input",
    action_id,
    max_length: TEXT_CHARS_MAX,
    ...(field.value === "" ? {} : { initial_value: field.value }),
    ...(field.placeholder === undefined ? {} : { placeholder: plain(field.placeholder, PLACEHOLDER_CHARS_MAX) }),
    dispatch_action_config: { trigger_actions_on: ["on_enter_pressed"] },
  };
}

/** Block and action are named by the key alone, so that what was typed outlives every update of the form. */
export const fieldBlock = (field: Field): InputBlock => ({
  type: "input",
  block_id: field.key,
  dispatch_action: true,
  optional: !field.required,
  label: plain(field.label, OPTION_CHARS_MAX),
  element: elementOf(field),
  ...(field.kind === "flag" ? {} : { hint: plain(field.help, PLACEHOLDER_CHARS_MAX) }),
});
