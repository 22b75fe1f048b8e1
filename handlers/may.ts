import { type Rules, rulesOf } from "../shared/cluster/policy.ts";
import type { Deed } from "../shared/cluster/policy-config.ts";
import type { ClusterRecord } from "../shared/cluster/record.ts";
import type { Request } from "../shared/cluster/request.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { SlackError } from "../shared/ports/slack.ts";
import { isAmong } from "./people.ts";
import { code } from "./views/text.ts";
import { listedPeople, personOrGroup } from "./views/waiting.ts";

type Asking = Pick<Deps, "config" | "slack">;

/** Who wants it, and of which tenant. */
export interface Wisher {
  readonly user: string;
  readonly tenant: string;
}

const WORDS: Readonly<Record<Deed, string>> = {
  create: "Asking for a cluster",
  delete: "Asking for the delete of",
  kubeconfig: "A kubeconfig of",
  kubeconfigAdmin: "A kubeconfig with the role admin of",
  renew: "Making new logins for",
  retry: "Retrying",
};

const SILENT = "Slack did not say who is in the user group that this is for: try again in a minute.";

/** The approvers of all that a tenant's policy asks for, each once. */
const approversOf = ({ config }: Asking, tenant: string): readonly string[] => [
  ...new Set((["create", "delete"] as const).flatMap((action) => rulesOf(config, tenant, action).approvers)),
];

/**
 * Why this person may not do it, with who may; undefined: they may. `of`: the cluster that it is done to. The one place that
 * decides, for commands and buttons alike.
 */
export async function mayNot(
  deps: Asking,
  deed: Deed,
  { user, tenant }: Wisher,
  of?: Pick<ClusterRecord, "requester" | "spec">,
): Promise<string | undefined> {
  const those = deps.config.tenants[tenant]?.roles?.[deed] ?? deps.config.roles[deed];
  if (those.includes("everyone")) return undefined;
  if (those.includes("requester") && (of === undefined || of.requester === user)) return undefined;
  const people = those.flatMap((one) => (one === "approvers" ? approversOf(deps, tenant) : [one]));
  try {
    if (await isAmong(deps, people, user)) return undefined;
  } catch (error) {
    if (error instanceof SlackError) return SILENT;
    throw error;
  }
  const what = of === undefined ? WORDS[deed] : `${WORDS[deed]} *${of.spec.name}*`;
  return people.length === 0
    ? `${what} is for nobody here: whoever runs kinvirt names people in its configuration, under ${code(`roles.${deed}`)}.`
    : `${what} is for ${listedPeople([...new Set(people)])}.`;
}

export const rulesFor = (deps: Pick<Deps, "config">, { tenant, action }: Pick<Request, "tenant" | "action">): Rules =>
  rulesOf(deps.config, tenant, action);

/** Why this person, who did not ask for it, may not decide on this request; undefined: they may. */
export async function mayNotDecide(deps: Asking, request: Request, user: string): Promise<string | undefined> {
  const { approvers } = rulesFor(deps, request);
  try {
    if (await isAmong(deps, approvers, user)) return undefined;
  } catch (error) {
    if (error instanceof SlackError) return "Slack did not say who is in the approvers' group: try again in a minute.";
    throw error;
  }
  if (approvers.length === 0)
    return "Nobody may approve here yet: whoever runs kinvirt names approvers in its configuration.";
  return `Deciding is for approvers: ${approvers.map(personOrGroup).join(", ")}.`;
}
