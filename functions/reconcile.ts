import { z } from "zod";
import { homesFollow } from "../handlers/home/publish.ts";
import { dispatch } from "../handlers/work/dispatch.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { type Message, QUESTIONS } from "../shared/ports/queue.ts";

/** What SQS hands to a function. Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const text = z.string();
const message: z.ZodType<Message> = z.discriminatedUnion("is", [
  z.object({ is: z.literal("plan"), request: text }),
  z.object({ is: z.literal("reconcile"), cluster: text }),
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

/** A batch of queue messages -> their handler; only those that failed come again. */
export const reconcileFunction =
  (deps: Deps) =>
  async (event: SqsEvent): Promise<BatchResponse> => {
    const failed = await Promise.all(
      event.Records.map(async ({ messageId, body }) => {
        try {
          const wanted = message.parse(JSON.parse(body));
          await dispatch(wanted, deps);
          await homesFollow(wanted, deps);
          return [];
        } catch (error) {
          deps.log.error("message.failed", { messageId, error: String(error) });
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failed.flat() };
  };
