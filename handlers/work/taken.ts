import type { Deps } from "../../shared/ports/deps.ts";
import type { Message } from "../../shared/ports/queue.ts";
import { inSpan } from "../../shared/ports/tracing.ts";
import { homesFollow } from "../home/publish.ts";
import { dispatch } from "./dispatch.ts";

/** What a queue knows of a message besides what it says. */
interface Taken {
  readonly lateMs?: number | undefined;
  readonly traceparent?: string | undefined;
}

/** A message that a queue hands over: how late it is, what it causes, and the home tabs that follow it. */
export async function taken(message: Message, deps: Deps, { lateMs, traceparent }: Taken): Promise<void> {
  const { is } = message;
  if (lateMs !== undefined) deps.metrics?.observe("kinvirt_queue_wait_seconds", { message: is }, lateMs / 1000);
  const facts = {
    "kinvirt.message": is,
    ...(lateMs === undefined ? {} : { "kinvirt.late_seconds": lateMs / 1000 }),
  };
  const from = traceparent === undefined ? {} : { from: traceparent };
  // Whoever asks whether this process is well sends one.
  const ifBusy = is === "sweep" ? { ifBusy: true as const } : {};
  await inSpan(deps, { name: `process ${is}`, kind: "consumer", facts, ...from, ...ifBusy }, async () => {
    if (message.is === "plan") deps.tracing?.belongs({ trace: message.request, inside: message.request });
    await dispatch(message, deps);
    await homesFollow(message, deps);
  });
}
