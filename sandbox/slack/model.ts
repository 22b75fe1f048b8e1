/** Slack's own wire objects, reduced to what the bot and the page can see. */
export type Json = Readonly<Record<string, unknown>>;

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly real_name: string;
  readonly title: string;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  /** Set for a direct message between the bot and this person. */
  readonly user?: string;
  /** Channels that the bot was not invited to answer `not_in_channel`. */
  readonly botIsMember: boolean;
  /** Nothing more is posted there. */
  readonly archived?: boolean;
}

export interface Reaction {
  readonly name: string;
  readonly users: readonly string[];
}

export interface Message {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly thread_ts?: string;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly metadata?: Json;
  readonly reactions: readonly Reaction[];
  /** Only this person sees it; it is in no history. */
  readonly visibleTo?: string;
}

export interface View {
  readonly id: string;
  readonly type: "modal" | "home";
  /** Who looks at it. */
  readonly user: string;
  readonly hash: string;
  readonly callback_id: string;
  readonly external_id: string;
  readonly private_metadata: string;
  readonly title: Json | null;
  readonly submit: Json | null;
  readonly close: Json | null;
  readonly blocks: readonly Json[];
  readonly notify_on_close: boolean;
  readonly clear_on_close: boolean;
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
}

export type SlackEvent =
  | { readonly is: "message"; readonly message: Message }
  | { readonly is: "deleted"; readonly channel: string; readonly ts: string; readonly visibleTo?: string }
  | { readonly is: "channel"; readonly channel: Channel }
  | { readonly is: "view"; readonly view: View }
  | { readonly is: "closed"; readonly view: string; readonly user: string };

/** What Slack answers with `ok: false`. */
export class Refusal extends Error {
  readonly code: string;
  /** What is wrong with the arguments, and where. */
  readonly messages: readonly string[];

  constructor(code: string, messages: readonly string[] = []) {
    super(code);
    this.code = code;
    this.messages = messages;
  }
}

export const TEAM = { id: "T0SANDBOX", domain: "sandbox", name: "kinvirt sandbox" } as const;
export const BOT = { user: "U0KINVIRT", bot: "B0KINVIRT", app: "A0KINVIRT", name: "kinvirt" } as const;
/** Slack itself speaks to a person when a command fails. */
export const SLACKBOT = "USLACKBOT";
