import { command } from "../command.ts";
import { askDelete } from "../removal.ts";
import { renew as renewLogins } from "../renew.ts";
import { retry as retryCluster } from "../retry.ts";

const name = { type: "name", place: "required", help: "the cluster" } as const;

/** `delete` is a word of the language, so the definition is called `remove`. */
export const remove = command({
  name: "delete",
  summary: "Delete a cluster and all that belongs to it; asks before it does",
  example: "delete dev",
  args: { name, keepData: { type: "yes", help: "keeps its shared storage and what was claimed in it" } },
  run: (args, caller, deps) => askDelete(deps, caller, args.name, args.keepData === true),
});

export const renew = command({
  name: "renew",
  summary: "Give a cluster's programs new logins; happens by itself before the old ones end",
  example: "renew dev",
  args: { name },
  run: (args, caller, deps) => renewLogins(deps, caller, args.name),
});

export const retry = command({
  name: "retry",
  summary: "Go on with a cluster that has stopped, once its cause is mended",
  example: "retry dev",
  args: { name },
  run: (args, caller, deps) => retryCluster(deps, caller, args.name),
});
