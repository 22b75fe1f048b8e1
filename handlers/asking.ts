import type { Deps } from "../shared/ports/deps.ts";
import type { SlackMessage } from "../shared/ports/slack.ts";
import { clusters } from "../shared/state/index.ts";
import type { Caller } from "./command.ts";
import { noSuchCluster } from "./names.ts";
import { looking, refused } from "./views/answers.ts";
import { type Asked, whatWords } from "./views/on-call/buttons.ts";
import { code } from "./views/text.ts";

/** Puts a question into the queue. Undefined: it is there; else what keeps it from being asked. */
export async function enqueued(
  deps: Deps,
  caller: Caller,
  asked: Asked,
  post?: string,
): Promise<SlackMessage | undefined> {
  const { what, name, id, only } = asked;
  try {
    await deps.queue.enqueue(
      {
        is: "ask",
        what,
        cluster: `${caller.tenant}/${name ?? ""}`,
        ...(only === undefined ? {} : { only }),
        ...(id === undefined ? {} : { id }),
        ...(post === undefined ? {} : { post }),
        channel: caller.channel,
        user: caller.user,
      },
      0,
    );
    return undefined;
  } catch (error) {
    deps.log.error("queue.silent", { message: "ask", error: String(error) });
    return refused("The queue does not answer, so nobody looks at this now: ask again in a minute.");
  }
}

/**
 * A question about the cloud, answered by a worker, because the cloud may need longer than Slack waits. Lost, it is asked
 * again by the person. With an `id` it is about that cluster and no other of the same name.
 */
export async function askCloud(
  deps: Deps,
  caller: Caller,
  asked: Asked,
  post?: string,
): Promise<{ readonly said: SlackMessage; readonly asked: boolean }> {
  const { what, name, only } = asked;
  const record = name === undefined ? undefined : await clusters(deps.store).get(`${caller.tenant}/${name}`);
  if (name !== undefined && record === undefined)
    return { said: await noSuchCluster(deps, caller.tenant, name), asked: false };
  if (asked.id !== undefined && record?.id !== asked.id) {
    const again = code(`/k8s ${what} ${name}`);
    return { said: refused(`Another cluster is called ${code(name ?? "")} now: type ${again}.`), asked: false };
  }
  const about = record === undefined ? asked : { ...asked, id: record.id };
  const problem = await enqueued(deps, caller, about, post);
  if (problem !== undefined) return { said: problem, asked: false };
  return { said: looking(name ?? caller.tenant, only === undefined ? whatWords(what) : only), asked: true };
}
