import { chat } from "./chat.ts";
import { conversations } from "./conversations.ts";
import type { Methods } from "./method.ts";
import { people } from "./people.ts";
import { modals } from "./views.ts";

/** Every Web API method that this Slack knows. Names and answers: https://docs.slack.dev/reference/methods */
export const methods: Methods = { ...people, ...chat, ...conversations, ...modals };
