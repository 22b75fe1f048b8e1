import { auditPage } from "../audit-page.ts";
import { command } from "../command.ts";

export const audit = command({
  name: "audit",
  summary: "What was asked, decided and changed, newest first",
  example: "audit dev --since 7d",
  args: {
    name: {
      type: "name",
      place: "optional",
      help: "the cluster, also one that is gone; all of the team's if left out",
    },
    since: { type: "duration", help: "no older than this: 12h or 7d" },
  },
  run: ({ name, since }, caller, deps) =>
    auditPage(deps, caller.tenant, {
      ...(name === undefined ? {} : { name }),
      ...(since === undefined ? {} : { sinceMs: deps.clock.nowMs() - since * 1000 }),
    }),
});
