import { askCloud } from "../asking.ts";
import { command } from "../command.ts";

export const quota = command({
  name: "quota",
  summary: "What is used, promised and left, and how many clusters still fit",
  example: "quota",
  args: {},
  run: async (_, caller, deps) => (await askCloud(deps, caller, { what: "quota" })).said,
});
