import * as z from "zod";
import { taken } from "../handlers/work/taken.ts";
import { lateMsOf } from "../shared/adapters/sqs-attributes.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { type Message, QUESTIONS } from "../shared/ports/queue.ts";
import { toldOnce } from "./told-once.ts";

/** What SQS hands to a function. Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
interface SqsEvent {
  readonly Records: readonly Delivered[];
}

interface Delivered {
  readonly messageId: string;
  readonly body: string;
  readonly attributes?: { readonly SentTimestamp?: string; readonly ApproximateReceiveCount?: string };
  readonly messageAttributes?: Readonly<Record<string, { readonly stringValue?: string }>>;
}

interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const text = z.string();
const message: z.ZodType<Message> = z.discriminatedUnion("is", [
  z.object({ is: z.literal("plan"), request: text, tenant: text.exactOptional() }),
  z.object({ is: z.literal("reconcile"), cluster: text }),
  z.object({ is: z.literal("grave"), cluster: text }),
  z.object({
    is: z.literal("ask"),
    what: z.enum(QUESTIONS),
    cluster: text,
    only: text.exactOptional(),
    id: text.exactOptional(),
    post: text.exactOptional(),
    channel: text,
    user: text,
  }),
  z.object({ is: z.literal("form"), form: text }),
  z.object({ is: z.literal("home"), user: text }),
  z.object({ is: z.literal("health"), tenant: text }),
  z.object({ is: z.literal("sweep") }),
]);

/** What is beside a message's body. */
function besides({ attributes = {}, messageAttributes = {} }: Delivered, nowMs: number) {
  const { SentTimestamp: sent, ApproximateReceiveCount: receives } = attributes;
  const text = (name: string) => messageAttributes[name]?.stringValue;
  return { lateMs: lateMsOf({ sent, receives, delay: text("delay") }, nowMs), traceparent: text("traceparent") };
}

/** A batch of queue messages -> their handler; only those that failed come again. */
export const reconcileFunction =
  (deps: Deps) =>
  async (event: SqsEvent): Promise<BatchResponse> => {
    const failed = await Promise.all(
      event.Records.map(async (record) => {
        const { messageId, body } = record;
        try {
          const wanted = message.parse(JSON.parse(body));
          await taken(wanted, toldOnce(deps, messageId), besides(record, deps.clock.nowMs()));
          return [];
        } catch (error) {
          deps.log.error("message.failed", { messageId, error: String(error) });
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failed.flat() };
  };
