import { showSize } from "../../shared/units.ts";
import { command } from "../command.ts";
import { createArgs, requestCreate } from "../create.ts";
import { openForm } from "../modals/create.ts";
import { accepted, refused } from "../views/answers.ts";

export const create = command({
  name: "create",
  summary: "Ask for a cluster; alone it opens a form",
  example: "create dev --rwx 100G",
  args: createArgs,
  open: openForm,
  async run(typed, caller, deps) {
    const asked = await requestCreate(deps, caller, typed);
    if ("problems" in asked) return refused(asked.problems);
    return accepted(
      asked.request,
      typed.rwx === undefined ? undefined : `${showSize(typed.rwx.gib)} (${typed.rwx.text})`,
    );
  },
});
