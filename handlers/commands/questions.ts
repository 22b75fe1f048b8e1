import type { Deps } from "../../shared/ports/deps.ts";
import type { Message } from "../../shared/ports/queue.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { clusters, requests } from "../../shared/state/index.ts";
import { type Caller, command } from "../command.ts";
import { noSuchCluster } from "../names.ts";
import { clustersOf } from "../records.ts";
import { looking, refused } from "../views/answers.ts";
import { listMessage, statusMessage } from "../views/list.ts";

type Question = Extract<Message, { readonly is: "ask" }>;

/** Answered by a worker, because the cloud may need longer than Slack waits. Lost, it is asked again by the person. */
async function ask(
  what: Question["what"],
  caller: Caller,
  deps: Deps,
  name: string | undefined,
): Promise<SlackMessage> {
  if (name !== undefined && (await clusters(deps.store).get(`${caller.tenant}/${name}`)) === undefined) {
    return noSuchCluster(deps, caller.tenant, name);
  }
  const cluster = `${caller.tenant}/${name ?? ""}`;
  try {
    await deps.queue.enqueue({ is: "ask", what, cluster, channel: caller.channel, user: caller.user }, 0);
  } catch (error) {
    deps.log.error("queue.silent", { message: "ask", error: String(error) });
    return refused("The queue does not answer, so nobody looks at this now: ask again in a minute.");
  }
  return looking(name ?? caller.tenant, what === "lb" ? "load balancers" : "DNS names");
}

export const list = command({
  name: "list",
  summary: "All clusters of this team",
  example: "list",
  args: {},
  run: async (_, caller, deps) => listMessage(caller.tenant, await clustersOf(deps, caller.tenant), deps.clock.nowMs()),
});

export const status = command({
  name: "status",
  summary: "How one cluster stands",
  example: "status dev",
  args: { name: { type: "name", place: "required", help: "the cluster" } },
  async run({ name }, caller, deps) {
    const record = await clusters(deps.store).get(`${caller.tenant}/${name}`);
    if (record === undefined) return noSuchCluster(deps, caller.tenant, name);
    return statusMessage(record, await requests(deps.store).get(record.request), deps.clock.nowMs());
  },
});

export const lb = command({
  name: "lb",
  summary: "Load balancers and their members, read live from the cloud",
  example: "lb dev",
  args: { name: { type: "name", place: "optional", help: "the cluster; all of the team's if left out" } },
  run: ({ name }, caller, deps) => ask("lb", caller, deps, name),
});

export const dns = command({
  name: "dns",
  summary: "DNS names wanted and found, read live from the cloud",
  example: "dns dev",
  args: { name: { type: "name", place: "optional", help: "the cluster; all of the team's if left out" } },
  run: ({ name }, caller, deps) => ask("dns", caller, deps, name),
});
