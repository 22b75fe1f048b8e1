import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import type { Message } from "../../../shared/ports/queue.ts";
import type { SlackMessage } from "../../../shared/ports/slack.ts";

export type Question = Extract<Message, { readonly is: "ask" }>;

/** What is asked about: the one cluster that was named, or all of the tenant's. Never empty where clusters are asked about. */
export interface Subject {
  readonly tenant: string;
  readonly name?: string;
  readonly records: readonly ClusterRecord[];
}

/** Reads the cloud live. What the cloud refuses is thrown, and told by whoever asked for the answer. */
export type Answer = (subject: Subject, question: Question, deps: Deps) => Promise<SlackMessage>;

export const ownerOf = (record: ClusterRecord) => ({ cluster: record.id, name: record.spec.name });
