import type { Message, Queue } from "../../shared/ports/queue.ts";
import type { Ledger } from "./ledger.ts";
import type { DayTime } from "./time.ts";

/** serverless.yml's, and infra/state.yml's. */
const BATCH = 5;
const CONCURRENCY = 20;
const VISIBILITY_MS = 180_000;
const RECEIVES_MAX = 5;
/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const DELAY_SECONDS_MAX = 900;
/** Lambda's pollers, each with one long poll after another. Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
export const POLLERS = 5;
export const POLL_SECONDS = 20;

interface Sent {
  readonly id: string;
  readonly body: string;
  readonly receives: number;
}

interface Failures {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface DayQueue extends Queue {
  /** Hands batches to the function from now on. */
  serve(call: (event: { readonly Records: readonly object[] }) => Promise<Failures>): void;
  /** The longest that a message was asked to be held back. */
  longestSeconds(): number;
  /** Waiting for their time or for a function, or being worked on. */
  open(): number;
}

/** An SQS queue with a function behind it; `loses` of 1000 messages vanish. `draw` is between 0 and 1. */
export function dayQueue(books: Ledger, time: DayTime, loses: number, latencyMs: number, draw: () => number): DayQueue {
  const due: Sent[] = [];
  let [sent, delayed, running, longest] = [0, 0, 0, 0];
  let call: Parameters<DayQueue["serve"]>[0] | undefined;

  function arrive(message: Sent, afterMs: number): void {
    delayed += 1;
    time.at(time.nowMs() + afterMs, () => {
      delayed -= 1;
      due.push(message);
      // What arrives in the same moment is taken together.
      time.at(time.nowMs(), take);
    });
  }

  function take(): void {
    while (call !== undefined && due.length > 0 && running < CONCURRENCY) {
      running += 1;
      books.busy("reconcile at once", 1, running);
      void batch(due.splice(0, BATCH), call).finally(() => {
        running -= 1;
        take();
      });
    }
    if (due.length > 0) books.busy("messages that wait for a function", 1, due.length);
  }

  async function batch(taken: readonly Sent[], work: NonNullable<typeof call>): Promise<void> {
    books.add("sqs receive");
    const records = taken.map(({ id, body }) => ({ messageId: id, body, receiptHandle: id, eventSource: "aws:sqs" }));
    const { batchItemFailures } = await work({ Records: records });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    if (failed.size < taken.length) books.add("sqs delete");
    for (const one of taken.filter(({ id }) => failed.has(id))) {
      books.add("messages that failed");
      if (one.receives + 1 >= RECEIVES_MAX) books.add("messages that are dead");
      else arrive({ ...one, receives: one.receives + 1 }, VISIBILITY_MS);
    }
  }

  return {
    async enqueue(message: Message, afterSeconds: number) {
      sent += 1;
      const id = `m${sent}`;
      books.add("sqs send");
      books.add(`message ${message.is}`);
      longest = Math.max(longest, afterSeconds);
      await time.wait(latencyMs);
      if (draw() * 1000 < loses) return books.add("messages that were lost");
      const seconds = Math.min(Math.ceil(Math.max(0, afterSeconds)), DELAY_SECONDS_MAX);
      arrive({ id, body: JSON.stringify(message), receives: 0 }, seconds * 1000);
    },
    serve(work) {
      call = work;
      take();
    },
    longestSeconds: () => longest,
    open: () => due.length + delayed + running,
    close: async () => undefined,
  };
}
