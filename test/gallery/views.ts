import type { HomeView, ModalView } from "@slack/types";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import type { Surface } from "../support/slack-limits.ts";
import { forms } from "./forms.ts";
import { homes } from "./homes.ts";
import { messages } from "./messages.ts";

/** One view in one state. */
export interface Picture {
  readonly name: string;
  readonly surface: Surface;
  readonly view: SlackMessage | ModalView | HomeView;
}

/** Words that people, services and clouds may bring into any view. */
export const WORDS = {
  "as usual": "worker",
  unicode: "Überprüfung 数据库 🚀 اختبار",
  markup: "<script>alert(1)</script> <!channel> <@U0BOSS> *bold* `code` ``` & :fire:",
  long: "a-name-that-somebody-made-as-long-as-it-may-be-".repeat(12),
} as const;

export type Words = (typeof WORDS)[keyof typeof WORDS];

/** Every view in every state. Adding views is a file with a function from words to pictures, and a line here. */
export const GALLERY: Readonly<Record<string, (words: Words) => readonly Picture[]>> = { messages, forms, homes };
