import type { Block } from "../../shared/ports/slack.ts";
import { actions, type Button, code, section, small } from "./text.ts";

const LABEL_CHARS_MAX = 75;

/** Buttons that say the same to the eye say to screen readers what they are about. */
export const buttons = (about: string, ...all: readonly Button[]) =>
  actions(...all).elements.map((element, at) => ({
    ...element,
    accessibility_label: `${all[at]?.label}: ${about}`.slice(0, LABEL_CHARS_MAX),
  }));

export function row(text: string, about: string, button: Button): Block {
  const [accessory] = buttons(about, button);
  return { ...section(text), ...(accessory === undefined ? {} : { accessory }) };
}

export const heading = (text: string): Block => ({ type: "header", text: { type: "plain_text", text } });

export const rest = (count: number, max: number, all: string): readonly Block[] =>
  count <= max ? [] : [small(`and ${count - max} more: type ${code(all)} in your team's channel`)];
