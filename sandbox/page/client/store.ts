import type { Channel, Message, Person, SlackEvent, View } from "../../slack/model.ts";
import type { CloudRow, CommandHelp, Switch } from "../panel.ts";
import { nowMs } from "./text.ts";

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

export interface Names {
  readonly me: string;
  person(id: string): string;
  channel(id: string): string;
}

const keyOf = (message: { readonly channel: string; readonly ts: string }) => `${message.channel}/${message.ts}`;

/** Everything the page shows, kept equal to the server by one stream of events. */
export function createStore(me: string, channel: string) {
  const state: State = {
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
  };
  const read = new Map<string, number>();
  const startSeconds = nowMs() / 1000;
  const readKey = () => `${state.me}/${state.channel}`;
  const listeners = new Set<() => void>();
  const arrivals = new Set<(message: Message) => void>();
  let source: EventSource | undefined;
  let frame = 0;

  const changed = (): void => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      for (const listener of listeners) listener();
    });
  };

  const apply = (event: SlackEvent): void => {
    switch (event.is) {
      case "message": {
        const fresh = !state.messages.has(keyOf(event.message));
        state.messages.set(keyOf(event.message), event.message);
        if (fresh) for (const listener of arrivals) listener(event.message);
        break;
      }
      case "deleted":
        state.messages.delete(keyOf(event));
        break;
      case "channel":
        state.channels = [...state.channels, event.channel];
        break;
      case "view":
        state.views = [...state.views.filter(({ id }) => id !== event.view.id), event.view];
        break;
      case "closed":
        state.views = state.views.filter(({ id }) => id !== event.view);
        break;
    }
  };

  const connect = (): void => {
    source?.close();
    const opened = new EventSource(`/sandbox/stream?as=${state.me}`);
    const on = (name: string, take: (data: never) => void): void =>
      opened.addEventListener(name, (event: MessageEvent<string>) => {
        take(JSON.parse(event.data) as never);
        changed();
      });
    on(
      "hello",
      ({ messages, ...rest }: Pick<State, "people" | "channels" | "views" | "commands"> & { messages: Message[] }) => {
        Object.assign(state, rest, { online: true });
        state.messages = new Map(messages.map((message) => [keyOf(message), message]));
      },
    );
    on("slack", apply);
    on("cloud", (rows: readonly CloudRow[]) => Object.assign(state, { rows }));
    on("switches", (switches: readonly Switch[]) => Object.assign(state, { switches }));
    opened.onerror = () => {
      state.online = false;
      changed();
    };
    source = opened;
  };

  const names: Names = {
    get me() {
      return state.me;
    },
    person: (id) => (id === state.bot.user ? state.bot.name : (state.people.find((p) => p.id === id)?.real_name ?? id)),
    channel: (id) => state.channels.find((one) => one.id === id)?.name ?? id,
  };

  const all = (): readonly Message[] => [...state.messages.values()].sort((a, b) => Number(a.ts) - Number(b.ts));
  const unread = (id: string): readonly Message[] => {
    const since = read.get(`${state.me}/${id}`) ?? startSeconds;
    return all().filter(
      (m) => m.channel === id && m.user !== state.me && m.thread_ts === undefined && Number(m.ts) > since,
    );
  };

  return {
    state,
    names,
    connect,
    changed,
    onChange: (listener: () => void): void => void listeners.add(listener),
    onArrival: (listener: (message: Message) => void): void => void arrivals.add(listener),
    become(person: string): void {
      Object.assign(state, { me: person, thread: undefined, views: [], online: false });
      connect();
      changed();
    },
    go(to: string): void {
      Object.assign(state, { channel: to, thread: undefined });
      changed();
    },
    openThread(ts: string | undefined): void {
      state.thread = ts;
      changed();
    },
    unread,
    markRead: (): void => void read.set(readKey(), Math.max(nowMs() / 1000, ...all().map(({ ts }) => Number(ts)))),
    /** Messages of the channel, without replies. */
    here: (): readonly Message[] => all().filter((m) => m.channel === state.channel && m.thread_ts === undefined),
    replies: (ts: string): readonly Message[] => all().filter((m) => m.channel === state.channel && m.thread_ts === ts),
  };
}

export type Store = ReturnType<typeof createStore>;
