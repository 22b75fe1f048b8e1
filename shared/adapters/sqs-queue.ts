import type { Message as Received } from "@aws-sdk/client-sqs";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Handle, Message, Queue, QueueWorker } from "../ports/queue.ts";
import { awsError, PROMPT } from "./aws.ts";
import { reasonOf } from "./error-code.ts";
import { laneOf } from "./lanes.ts";
import { lazy } from "./lazy.ts";
import { backoffSeconds } from "./queue-worker.ts";
import { attributesOf, lateMsOf } from "./sqs-attributes.ts";

/**
 * The longest that SQS holds a message back.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (DelaySeconds)
 */
const DELAY_SECONDS_MAX = 900;
const LISTEN_SECONDS = 20;
/** Handlers at once: SQS gives at most ten messages to one call. */
const AT_ONCE = 8;
const PAUSE_MS = 1000;

/**
 * Whole seconds, rounded up: too early would only be a pass for nothing. What is due later than SQS can hold is such a pass,
 * which sends the next message.
 */
const delayOf = (afterSeconds: number): number => Math.min(Math.ceil(Math.max(0, afterSeconds)), DELAY_SECONDS_MAX);

async function loaded() {
  const sdk = await import("./aws-sqs.ts");
  const listening = { ...PROMPT.requestHandler, requestTimeout: (LISTEN_SECONDS + 5) * 1000 };
  return {
    sdk,
    client: new sdk.SQSClient(PROMPT),
    /** For calls that wait for messages. */
    listener: new sdk.SQSClient({ ...PROMPT, requestHandler: listening }),
  };
}
type Sqs = Awaited<ReturnType<typeof loaded>>;

interface Place {
  readonly queueUrl: string;
  readonly clock: Clock;
  readonly log?: Log | undefined;
}

/** Handles one message; it is gone for good, or comes again after a while. */
async function handled({ sdk, client }: Sqs, { queueUrl, clock, log }: Place, taken: Received, handle: Handle) {
  const receipt = { QueueUrl: queueUrl, ReceiptHandle: taken.ReceiptHandle };
  const { ApproximateReceiveCount: receives, SentTimestamp: sent } = taken.Attributes ?? {};
  const { delay, traceparent } = taken.MessageAttributes ?? {};
  const attempt = Number(receives ?? 1);
  const lateMs = lateMsOf({ sent, receives, delay: delay?.StringValue }, clock.nowMs());
  try {
    await handle(JSON.parse(taken.Body ?? "") as Message, lateMs, traceparent?.StringValue);
    await client.send(new sdk.DeleteMessageCommand(receipt));
  } catch (error) {
    log?.error("message.failed", { attempt, reason: reasonOf(error) });
    const hidden = { ...receipt, VisibilityTimeout: backoffSeconds(attempt) };
    // Where SQS does not hear of it, the message comes again when the queue's own time for that is over.
    await client.send(new sdk.ChangeMessageVisibilityCommand(hidden)).catch((failed: unknown) => {
      log?.error("queue.failed", { reason: reasonOf(failed) });
    });
  }
}

/**
 * An SQS standard queue, by its URL. Where a function is called with its messages nobody starts the worker; a process may be
 * its own.
 */
export function sqsQueue(queueUrl: string, clock: Clock, log?: Log): Queue & QueueWorker {
  let closed = false;
  let stopping: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();
  const load = lazy(loaded);

  async function listen(handle: Handle, signal: AbortSignal): Promise<void> {
    const sqs = await load();
    const { sdk } = sqs;
    const asked = new sdk.ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: AT_ONCE,
      WaitTimeSeconds: LISTEN_SECONDS,
      MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
      MessageAttributeNames: ["delay", "traceparent"],
    });
    while (!signal.aborted) {
      try {
        const { Messages: messages = [] } = await sqs.listener.send(asked, { abortSignal: signal });
        await Promise.all(messages.map((taken) => handled(sqs, { queueUrl, clock, log }, taken, handle)));
      } catch (error) {
        if (signal.aborted) return;
        log?.error("queue.failed", { reason: reasonOf(error) });
        await clock.wait(PAUSE_MS, signal);
      }
    }
  }

  const stop = async (): Promise<void> => {
    stopping?.abort();
    await running;
  };
  return {
    async enqueue(message, afterSeconds, traceparent) {
      if (closed) throw new Error("The queue is closed.");
      const { sdk, client } = await load();
      const delay = delayOf(afterSeconds);
      const sent = {
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(message),
        // In a standard queue it makes SQS fair: groups that have much under way wait for those that have little. Source:
        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
        MessageGroupId: laneOf(message),
        DelaySeconds: delay,
        MessageAttributes: attributesOf(delay, traceparent),
      };
      try {
        await client.send(new sdk.SendMessageCommand(sent));
      } catch (error) {
        throw new Error(`The queue takes no message: ${awsError(error)} ${reasonOf(error)}`, { cause: error });
      }
    },
    start(handle) {
      stopping?.abort();
      stopping = new AbortController();
      const { signal } = stopping;
      running = running.then(() => listen(handle, signal));
    },
    stop,
    async close() {
      closed = true;
      await stop();
      const made = await load.made();
      made?.client.destroy();
      made?.listener.destroy();
    },
  };
}
