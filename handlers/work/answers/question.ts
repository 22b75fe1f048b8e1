import { API_STEP } from "../../../shared/cluster/names.ts";
import type { ClusterRecord } from "../../../shared/cluster/record.ts";
import type { Deps } from "../../../shared/ports/deps.ts";
import type { Message } from "../../../shared/ports/queue.ts";
import { refused } from "../../views/answers.ts";
import type { Said } from "../../views/on-call/buttons.ts";
import type { Finding, Stage } from "../../views/on-call/finding.ts";
import { code } from "../../views/text.ts";

export type Question = Extract<Message, { readonly is: "ask" }>;

/** What is asked about: the one cluster that was named, or all of the tenant's. Never empty where clusters are asked about. */
export interface Subject {
  readonly tenant: string;
  readonly name?: string;
  readonly records: readonly ClusterRecord[];
}

/**
 * Reads the cloud live. What the cloud refuses is thrown, and told by whoever asked for the answer, who also adds the buttons
 * that every answer has.
 */
export type Answer = (subject: Subject, question: Question, deps: Deps) => Promise<Said>;

export const ownerOf = (record: ClusterRecord) => ({ cluster: record.id, name: record.spec.name });

/** A cluster is there from when its API was ready for the first time. */
export function stageOf({ wish, status }: ClusterRecord): Stage {
  if (wish === "absent") return "leaving";
  return status.steps[API_STEP]?.readyMs === undefined ? "coming" : "there";
}

/** An answer about one cluster. Commands see to it that one is named. */
export const alone =
  (answer: (record: ClusterRecord, deps: Deps) => Promise<Said>): Answer =>
  async ({ tenant, records: [record] }, { what }, deps) =>
    record === undefined
      ? refused(`${tenant} has no clusters to tell about: name one, ${code(`/k8s ${what} dev`)}.`)
      : answer(record, deps);

/** A cluster that something is wrong with may be compared with the cloud again. */
export const mending = (record: ClusterRecord | undefined, findings: readonly Finding[]): Pick<Said, "mends"> =>
  record !== undefined && findings.some(({ grade }) => grade === "bad") ? { mends: record } : {};
