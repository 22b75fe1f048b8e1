import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Message } from "../../../shared/ports/queue.ts";
import type { Block, SlackMessage } from "../../../shared/ports/slack.ts";
import { CLUSTER_ACTIONS, clusterValue } from "../progress.ts";
import { actions, type Button, mention, moment, small } from "../text.ts";

type What = Extract<Message, { readonly is: "ask" }>["what"];

/** A question as a button carries it. */
export interface Asked {
  readonly what: What;
  readonly name?: string;
  /** Id of the cluster that was meant: another one of the same name is told nothing about. */
  readonly id?: string;
  readonly only?: string;
  /** Which answer the button is on, so that it is posted once however often that is clicked. */
  readonly answer?: string;
}

/**
 * `ask`: another question; `again`: the same once more; `refresh`: that in place of the answer that it is on; `post`: for
 * everybody in the channel. Values are an `Asked` as JSON.
 */
export const ONCALL_ACTIONS = {
  /** In one block no two buttons have the same. */
  ask: ["oncall:ask", "oncall:ask-2", "oncall:ask-3", "oncall:ask-4", "oncall:ask-5", "oncall:ask-6"],
  again: "oncall:again",
  refresh: "oncall:refresh",
  post: "oncall:post",
} as const;

/** What to look at next. */
export interface Next {
  readonly label: string;
  readonly asked: Asked;
}

/** An answer, and what whoever is on call may want to do next. */
export interface Said extends SlackMessage {
  readonly next?: readonly Next[];
  /** Something in it may be put right by comparing the cluster with the cloud again. */
  readonly mends?: ClusterRecord;
}

const WORDS: Readonly<Record<string, string>> = {
  lb: "load balancers",
  dns: "DNS names",
  storage: "storage",
  kms: "keys and logins",
  nodes: "nodes",
  events: "record",
  status: "state",
  doctor: "cloud",
  quota: "quotas",
};

const LABELS: Readonly<Record<string, string>> = {
  lb: "Load balancers",
  dns: "DNS names",
  storage: "Storage",
  kms: "Keys and logins",
  nodes: "Nodes",
  events: "Events",
  status: "Summary",
};

/** Other questions about the same cluster. */
export const nextAbout = (record: ClusterRecord, ...whats: readonly What[]): readonly Next[] =>
  whats.map((what) => ({
    label: LABELS[what] ?? what,
    asked: { what, name: record.spec.name, id: record.id },
  }));

/** One of what an answer tells about. */
export const detailsOf = (record: ClusterRecord, what: What, only: string): Next => ({
  label: `Details of ${only}`,
  asked: { what, name: record.spec.name, id: record.id, only },
});

/** What is looked at, in people's words. */
export const whatWords = (what: What): string => WORDS[what] ?? what;

const retry = (record: ClusterRecord | undefined): readonly Button[] =>
  record === undefined || record.status.phase === "requested" || record.status.phase === "deleting"
    ? []
    : [{ action: CLUSTER_ACTIONS.retry, label: "Retry", value: clusterValue(record), style: "primary" }];

const nexts = (next: readonly Next[]): readonly Button[] =>
  ONCALL_ACTIONS.ask.flatMap((action, at) => {
    const one = next[at];
    return one === undefined ? [] : [{ action, label: one.label, value: JSON.stringify(one.asked) }];
  });

interface Told {
  readonly asked: Asked;
  readonly nowMs: number;
  /** Who has it posted for everybody; absent: it is for the person alone who asked. */
  readonly poster?: string;
}

const SOURCE: Readonly<Record<string, string>> = { events: "From kinvirt's own record" };

/** Every answer's foot: when it was read, and what to do next. */
export function answered({ text, blocks, next = [], mends }: Said, { asked, nowMs, poster }: Told): SlackMessage {
  const value = JSON.stringify(asked);
  const again =
    poster === undefined
      ? { action: ONCALL_ACTIONS.refresh, label: "Refresh" }
      : { action: ONCALL_ACTIONS.again, label: "Look again" };
  const buttons: readonly Button[] = [
    { ...again, value },
    ...nexts(next),
    ...retry(mends),
    ...(poster === undefined ? [{ action: ONCALL_ACTIONS.post, label: "Post here for all", value }] : []),
  ];
  const by = poster === undefined ? "" : ` for ${mention(poster)}`;
  const foot: Block = small(`${SOURCE[asked.what] ?? "Read live from the cloud"}${by} ${moment(nowMs)}`);
  return { text, blocks: [...blocks, foot, actions(...buttons)] };
}
