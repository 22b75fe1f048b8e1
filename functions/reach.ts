import type { Deps } from "../shared/ports/deps.ts";

const NO_SUCH_KEY = "start/none";

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");

/** What this process can't work without and does not get an answer from: one sentence each, none with a URL in it. */
export async function unreachable({ store, queue }: Pick<Deps, "store" | "queue">): Promise<readonly string[]> {
  const asked: readonly (readonly [string, Promise<unknown>])[] = [
    ["KINVIRT_STORE", store.get(NO_SUCH_KEY)],
    // A sweep is always welcome, and only a queue that works takes it.
    ["KINVIRT_QUEUE", queue.enqueue({ is: "sweep" }, 0)],
  ];
  const said = asked.map(([variable, answer]) =>
    answer.then(
      () => [],
      (error) => [`${variable}: ${reasonOf(error)}. Start what it names, or correct it.`],
    ),
  );
  return (await Promise.all(said)).flat();
}
