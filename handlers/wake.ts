import type { Request } from "../shared/cluster/request.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { Message } from "../shared/ports/queue.ts";

export const planMessage = ({ id, tenant }: Pick<Request, "id" | "tenant">): Message => ({
  is: "plan",
  request: id,
  tenant,
});

/**
 * Wakes a worker. The store has what is due already, so a queue that does not answer costs the time until the next sweep
 * and nothing else.
 */
export async function wake(deps: Pick<Deps, "queue" | "log">, message: Message): Promise<void> {
  try {
    await deps.queue.enqueue(message, 0);
  } catch (error) {
    deps.log.warn("queue.silent", { message: message.is, error: String(error) });
  }
}
