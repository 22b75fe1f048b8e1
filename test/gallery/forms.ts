import { createArgs } from "../../handlers/create.ts";
import { type Filled, fieldsOf } from "../../handlers/modals/fields.ts";
import { knownOf } from "../../handlers/modals/preview.ts";
import { createModal, type Preview } from "../../handlers/views/create-modal.ts";
import { planModal, saidModal } from "../../handlers/views/home-modals.ts";
import { statusMessage } from "../../handlers/views/list.ts";
import { denyModal } from "../../handlers/views/modals.ts";
import { HASH, NOW_MS, plan, record, request, spec } from "../handlers/given.ts";
import { exampleConfig } from "../support/bot.ts";
import type { Picture } from "./views.ts";

/** The example's templates, and as many as a menu can't hold, of names that are hard to show. */
function configured(words: string) {
  const config = exampleConfig();
  const { small } = config.templates;
  if (small === undefined) throw new Error("the example has the template small");
  const more = Array.from({ length: 120 }, (_, at) => [`${words} ${at}`, small] as const);
  return { ...config, templates: { ...config.templates, ...(words === "worker" ? {} : Object.fromEntries(more)) } };
}

export function forms(words: string): readonly Picture[] {
  const config = configured(words);
  const form = (name: string, preview: Preview, filled: Filled = {}): Picture => {
    const fields = fieldsOf(createArgs, filled, knownOf({ config }, "team-a", filled));
    return { name, surface: "modal", view: createModal({ tenant: "team-a", channel: "C0TEAMA", fields, preview }) };
  };
  const filled = {
    name: "dev",
    rwx: "100G",
    rwo: "yes",
    workers: "4",
    controlPlane: "3",
    version: "1.35",
    cni: "cilium",
  };
  const odd = plan({ spec: spec({ workers: { count: 100, flavor: words } }), warnings: [words, words] });
  const tight = plan({ quota: [{ service: "compute", resource: "cores", needs: 6, used: 14, limit: 20 }] });
  const wanted = request({ plan: odd, reasons: [words, words], spec: odd.spec });
  return [
    form("create, just opened", { is: "looking" }),
    form("create, within the policy", { is: "plan", plan: odd, reasons: [], room: 8 }),
    form("create, needs an approval", { is: "plan", plan: tight, reasons: [words], room: 0 }, filled),
    form(
      "create, with a template of its own",
      { is: "plan", plan: plan(), reasons: [], room: 8 },
      { template: `${words} 3` },
    ),
    form("create, does not fit", { is: "problems", problems: Array(20).fill(words), ours: false }, { workers: words }),
    form("create, the cloud is away", { is: "away", why: words }, filled),
    { name: "deny", surface: "modal", view: denyModal(`k3m9qz:${HASH}`, "C0TEAMA") },
    { name: "plan to approve", surface: "modal", view: planModal(wanted) },
    { name: "plan of a delete", surface: "modal", view: planModal({ ...wanted, action: "delete" }) },
    {
      name: "details of a cluster",
      surface: "modal",
      view: saidModal(statusMessage(record(), undefined, NOW_MS), "C0TEAMA"),
    },
  ];
}
