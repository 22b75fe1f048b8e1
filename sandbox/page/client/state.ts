import type { Channel, Message, Person, SlackEvent, View } from "../../slack/model.ts";
import type { CloudRow, CommandHelp, Switch } from "../panel.ts";

/** In place of a channel: the app's own tab. */
export const HOME = "home";

export interface State {
  me: string;
  channel: string;
  /** The thread that is open beside the channel, by its parent's ts. */
  thread: string | undefined;
  online: boolean;
  people: readonly Person[];
  channels: readonly Channel[];
  messages: Map<string, Message>;
  views: readonly View[];
  rows: readonly CloudRow[];
  switches: readonly Switch[];
  commands: readonly CommandHelp[];
  projects: Readonly<Record<string, string>>;
  bot: { readonly user: string; readonly name: string };
}

/** What the server tells first: all that this person's Slack shows. */
export type Hello = Pick<State, "people" | "channels" | "views" | "commands" | "projects" | "bot"> & {
  readonly messages: readonly Message[];
};

export const emptyState = (me: string, channel: string): State => ({
  me,
  channel,
  thread: undefined,
  online: false,
  people: [],
  channels: [],
  messages: new Map(),
  views: [],
  rows: [],
  switches: [],
  commands: [],
  projects: {},
  bot: { user: "", name: "" },
});

const keyOf = (message: { readonly channel: string; readonly ts: string }) => `${message.channel}/${message.ts}`;

export function applyHello(state: State, { messages, ...rest }: Hello): void {
  Object.assign(state, rest, { online: true });
  state.messages = new Map(messages.map((message) => [keyOf(message), message]));
}

/** Returns the message that is new by this event. */
export function applyEvent(state: State, event: SlackEvent): Message | undefined {
  switch (event.is) {
    case "message": {
      const fresh = !state.messages.has(keyOf(event.message));
      state.messages.set(keyOf(event.message), event.message);
      return fresh ? event.message : undefined;
    }
    case "deleted":
      state.messages.delete(keyOf(event));
      return undefined;
    case "channel":
      state.channels = [...state.channels, event.channel];
      return undefined;
    case "view":
      state.views = [...state.views.filter(({ id }) => id !== event.view.id), event.view];
      return undefined;
    case "closed":
      state.views = state.views.filter(({ id }) => id !== event.view);
      return undefined;
  }
}

/** Somebody else at the keyboard: what only the one before saw is gone at once, and the rest stays until the server tells. */
export function applyPerson(state: State, me: string): void {
  Object.assign(state, { me, thread: undefined, views: [], online: false });
  state.channels = state.channels.filter(({ user }) => user === undefined || user === me);
  const known = new Set(state.channels.map(({ id }) => id));
  if (!known.has(state.channel) && state.channel !== HOME) state.channel = state.channels[0]?.id ?? state.channel;
  state.messages = new Map(
    [...state.messages].filter(([, { channel, visibleTo }]) => visibleTo === undefined && known.has(channel)),
  );
}

/** Oldest first. */
export const messagesOf = (state: State): readonly Message[] =>
  [...state.messages.values()].sort((a, b) => Number(a.ts) - Number(b.ts));
