import type { Plan } from "../../shared/cluster/plan.ts";
import { planesOf, reasonsToAsk, rulesOf } from "../../shared/cluster/policy.ts";
import { OpenStackError } from "../../shared/openstack/errors.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { typedDuration } from "../../shared/units.ts";
import { createArgs, draftOf } from "../create.ts";
import { settingsOf } from "../people.ts";
import type { Preview } from "../views/create-modal.ts";
import { cloudRefusal } from "../work/cloud-refusal.ts";
import { type Filled, type Known, readFields } from "./fields.ts";

/** Stands in the plan until a name is there: no name changes what a cluster takes. */
const NAMELESS = "name";

/** Menus from the configuration, and what the chosen template says of the rest. */
export function knownOf({ config }: Pick<Deps, "config">, tenant: string, filled: Filled): Known {
  const chosen = filled["template"] ?? config.defaultTemplate;
  const name = Object.hasOwn(config.templates, chosen) ? chosen : config.defaultTemplate;
  const template = config.templates[name];
  const { ttl } = settingsOf(config, tenant).limits;
  const choices = Object.entries(config.templates).map(([value, { controlPlane, workers }]) => ({
    value,
    label: `${value}: ${controlPlane.count} × ${controlPlane.flavor}, ${workers.count} × ${workers.flavor}`,
  }));
  if (template === undefined) return { choices: { template: choices }, usual: {} };
  return {
    choices: { template: choices },
    usual: {
      template: name,
      workers: String(template.workers.count),
      controlPlane: String(template.controlPlane.count),
      version: template.version,
      cni: template.cni,
      rwx: "none",
      ttl: ttl === undefined ? "for ever" : typedDuration(ttl),
    },
  };
}

/** How many workers there could be beside the plan's, by the tenant's limit and the quotas that a worker takes of. */
export function roomFor({ quota, resolved, spec }: Plan, workersMax: number): number {
  const { vcpus, ramMib } = resolved.workerFlavor;
  const each: Readonly<Record<string, number>> = {
    "compute/instances": 1,
    "compute/cores": vcpus,
    "compute/ram": ramMib,
    "network/port": 1,
  };
  const room = quota
    .filter(({ limit }) => limit >= 0)
    .flatMap(({ service, resource, needs, used, limit }) => {
      const per = each[`${service}/${resource}`];
      return per === undefined ? [] : [Math.floor((limit - used - needs) / per)];
    });
  return Math.max(0, Math.min(workersMax - spec.workers.count, ...room));
}

/** The plan that approvers would see for what is filled in, or what is to be changed. Asks the cloud, changes nothing. */
export async function previewOf(deps: Deps, tenant: string, filled: Filled): Promise<Preview> {
  const named = (filled["name"] ?? "").trim() === "" ? { ...filled, name: NAMELESS } : filled;
  const read = readFields(createArgs, named);
  if ("errors" in read) return { is: "problems", problems: Object.values(read.errors), ours: true };
  const { config } = deps;
  const draft = draftOf(config, tenant, read.typed);
  if ("problems" in draft) return { is: "problems", problems: draft.problems, ours: true };
  const { spec } = draft;
  // With it comes all that a cluster is made of, which the front door needs for nothing else: its cold start does without.
  const { planFor } = await import("../../shared/cluster/planner.ts");
  try {
    const planned = await planFor({ cloud: deps.cloudOf(tenant), config, tenant, action: "create", spec });
    if ("problems" in planned) return { is: "problems", problems: planned.problems, ours: false };
    const asked = { action: "create", spec, own: true, planes: planesOf(config, spec) } as const;
    const reasons = reasonsToAsk(rulesOf(config, tenant, "create"), asked);
    const room = roomFor(planned.value, settingsOf(config, tenant).limits.workers);
    return { is: "plan", plan: planned.value, reasons, room };
  } catch (error) {
    if (!(error instanceof OpenStackError)) throw error;
    return { is: "away", why: cloudRefusal(error) };
  }
}
