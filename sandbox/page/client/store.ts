import type { Message, SlackEvent } from "../../slack/model.ts";
import { listenAs } from "./feed.ts";
import { applyEvent, applyHello, applyPerson, emptyState, messagesOf, type State } from "./state.ts";
import { readMarks } from "./unread.ts";

export interface Names {
  readonly me: string;
  person(id: string): string;
  channel(id: string): string;
}

const namesIn = (state: State): Names => ({
  get me() {
    return state.me;
  },
  person: (id) => (id === state.bot.user ? state.bot.name : (state.people.find((p) => p.id === id)?.real_name ?? id)),
  channel: (id) => state.channels.find((one) => one.id === id)?.name ?? id,
});

/** Calls once per frame, however often it is told in between. */
function oncePerFrame(call: () => void): () => void {
  let frame = 0;
  return () => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      call();
    });
  };
}

/** Everything the page shows, kept equal to the server by one stream of events. */
export function createStore(me: string, channel: string) {
  const state = emptyState(me, channel);
  const listeners = new Set<() => void>();
  const arrivals = new Set<(message: Message) => void>();
  let disconnect = (): void => undefined;

  const changed = oncePerFrame(() => {
    for (const listener of listeners) listener();
  });
  const change = (parts: Partial<State>): void => {
    Object.assign(state, parts);
    changed();
  };
  const happen = (event: SlackEvent): void => {
    const fresh = applyEvent(state, event);
    if (fresh !== undefined) for (const listener of arrivals) listener(fresh);
    changed();
  };

  const connect = (): void => {
    disconnect();
    disconnect = listenAs(state.me, {
      hello(all) {
        applyHello(state, all);
        changed();
      },
      slack: happen,
      cloud: (rows) => change({ rows }),
      switches: (switches) => change({ switches }),
      lost: () => change({ online: false }),
    });
  };
  const inChannel = (): readonly Message[] => messagesOf(state).filter((m) => m.channel === state.channel);

  return {
    state,
    names: namesIn(state),
    connect,
    ...readMarks(state),
    onChange: (listener: () => void): void => void listeners.add(listener),
    onArrival: (listener: (message: Message) => void): void => void arrivals.add(listener),
    become(person: string): void {
      applyPerson(state, person);
      connect();
      changed();
    },
    go: (to: string): void => change({ channel: to, thread: undefined }),
    openThread: (ts: string | undefined): void => change({ thread: ts }),
    /** Messages of the channel, without replies. */
    here: (): readonly Message[] => inChannel().filter((m) => m.thread_ts === undefined),
    replies: (ts: string): readonly Message[] => inChannel().filter((m) => m.thread_ts === ts),
  };
}

export type Store = ReturnType<typeof createStore>;
