import { assert } from "../assert.ts";
import type { StepStatus } from "../cluster/record.ts";
import type { Cloud } from "../openstack/cloud.ts";
import { OutOfTime, withDeadline } from "../openstack/deadline.ts";
import { OpenStackError } from "../openstack/errors.ts";
import type { Kind, Seen } from "../resources/kind.ts";
import { type Node, ownerOf } from "../resources/node.ts";
import { type Journal, LeaseLost, unseen } from "./journal.ts";
import { attempt, type ClusterRef } from "./observe.ts";

interface Wish {
  readonly node: Node;
  readonly spec: unknown;
  done(result: Seen | OpenStackError): void;
  fail(error: unknown): void;
}

/** A worker that stalled between its intent and its call must not send it: its successor counts on that. */
const SEND_MS_MAX = 10_000;
/**
 * The same for all that a create asks before its POST, which a slow cloud may draw out: together with the POST's own time and
 * what the service does after it, that is less than its successor waits for what may still appear.
 */
const BEGIN_MS_MAX = 20_000;

/**
 * Creates what becomes due at the same moment together: one write of all intents before, one bulk call where the API has
 * one. The intent says that a resource may exist although no id is known, so a lost answer is looked up, never repeated.
 */
export function creator(cloud: Cloud, cluster: ClusterRef, journal: Journal, nowMs: () => number) {
  let wishes: Wish[] = [];

  async function flush(): Promise<void> {
    for (let turn = 0; turn < 8; turn += 1) await null; // nodes with the same last need wake within a few microtasks
    const batch = wishes;
    wishes = [];
    try {
      const intendedMs = nowMs();
      const intents: Record<string, StepStatus> = {};
      for (const { node } of batch) {
        const before = journal.step(node.step) ?? unseen;
        intents[node.step] = { state: "intended", facts: {}, recreated: before.recreated, intendedMs };
      }
      await journal.write(intents);
      if (nowMs() - intendedMs > SEND_MS_MAX) throw new LeaseLost("the intent took too long to write to be acted on");
      const kinds = [...new Set(batch.map((wish) => wish.node.kind))];
      const deadline = { lastMs: intendedMs + BEGIN_MS_MAX, endMs: Number.POSITIVE_INFINITY, nowMs };
      const of = (kind: Kind<unknown>) => batch.filter((wish) => wish.node.kind === kind);
      await withDeadline(deadline, () => Promise.all(kinds.map((kind) => send(kind, of(kind)))));
    } catch (error) {
      for (const wish of batch) wish.fail(error);
    }
  }

  async function send(kind: Kind<unknown>, batch: readonly Wish[]): Promise<void> {
    const wanted = batch.map((wish) => ({ owner: ownerOf(cluster, wish.node), spec: wish.spec }));
    if (kind.createAll !== undefined && batch.length > 1) {
      const made = await attempt(kind.createAll(cloud, wanted)).catch((error: unknown) => unsent(batch, error));
      batch.forEach((wish, at) => {
        const one = made instanceof OpenStackError ? made : made[at];
        assert(one !== undefined, `${kind.kind}: a bulk create answered ${at} of ${batch.length}`);
        wish.done(one);
      });
      return;
    }
    await Promise.all(
      batch.map(async (wish, at) => {
        const owner = wanted[at]?.owner ?? ownerOf(cluster, wish.node);
        const made = attempt(kind.create(cloud, owner, wish.spec)).catch((error: unknown) => unsent([wish], error));
        // What becomes of one says nothing about the others, whose calls may be under way.
        await made.then(wish.done, wish.fail);
      }),
    );
  }

  /** The POST is a create's last call: when there was no time for one of its calls, nothing was made, and no intent is left. */
  async function unsent(batch: readonly Wish[], error: unknown): Promise<never> {
    if (error instanceof OutOfTime) {
      const ended = ({ node: { step } }: Wish) =>
        [step, { ...unseen, recreated: journal.step(step)?.recreated ?? false }] as const;
      await journal.write(Object.fromEntries(batch.map(ended)));
    }
    throw error;
  }

  return (node: Node, spec: unknown): Promise<Seen | OpenStackError> =>
    new Promise((done, fail) => {
      wishes.push({ node, spec, done, fail });
      if (wishes.length === 1) void flush();
    });
}
