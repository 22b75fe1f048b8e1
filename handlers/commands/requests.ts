import { command } from "../command.ts";
import { requestsPage } from "../requests-page.ts";

export const requests = command({
  name: "requests",
  summary: "Requests that wait: for whom, since when and until when",
  example: "requests --mine",
  args: { mine: { type: "yes", help: "only those that you asked for" } },
  run: ({ mine }, caller, deps) => requestsPage(deps, caller, { mine: mine === true, page: 0 }),
});
