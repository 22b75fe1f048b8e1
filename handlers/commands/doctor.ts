import { askCloud } from "../asking.ts";
import { command } from "../command.ts";

export const doctor = command({
  name: "doctor",
  summary: "What Kubernetes expects of this team's cloud, and whether it is there",
  example: "doctor",
  args: {},
  run: async (_, caller, deps) => (await askCloud(deps, caller, { what: "doctor" })).said,
});
