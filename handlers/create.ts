import type { Config, Template, Tenant } from "../shared/cluster/config.ts";
import type { ClusterRecord } from "../shared/cluster/record.ts";
import type { Request } from "../shared/cluster/request.ts";
import type { ClusterSpec } from "../shared/cluster/spec.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { clusterKey, clusters, requests } from "../shared/state/index.ts";
import type { Args, ArgsOf } from "./args.ts";
import type { Caller } from "./command.ts";
import { beyond } from "./limits.ts";
import { mayNot } from "./may.ts";
import { freshRequestId } from "./names.ts";
import { newRecord, newRequest } from "./new-request.ts";
import { settingsOf } from "./people.ts";
import { clustersOf } from "./records.ts";
import { code, mention } from "./views/text.ts";
import { stands } from "./views/words.ts";
import { planMessage, wake } from "./wake.ts";

const CLUSTER_ID_LENGTH = 9;

/** What a cluster is asked for with: words after `/k8s create`, and fields of the form. */
export const createArgs = {
  name: {
    type: "name",
    place: "required",
    title: "Name",
    help: "lower-case letters, digits and single dashes, at most 30",
  },
  rwx: {
    type: "size",
    title: "Shared storage",
    help: "shared storage that many pods write at once: 100G, 100Gi or 1Ti",
  },
  rwo: { type: "yes", title: "Volumes", help: "volumes for one node at a time (Cinder)" },
  workers: { type: "count", title: "Workers", help: "how many worker servers" },
  controlPlane: { type: "quorum", title: "Control planes", help: "how many control planes: 1, 3, 5 or 7" },
  template: { type: "word", label: "TEMPLATE", title: "Template", help: "sizes and image from the configuration" },
  version: { type: "version", title: "Version", help: "Kubernetes 1.35 or 1.36" },
  ttl: {
    type: "duration",
    title: "Time to live",
    help: "deleted after this time, counted from its approval: 12h or 7d",
  },
  cni: { type: "cni", title: "Network plugin", help: "network plugin: calico, cilium, or kuryr (retired)" },
  dryRun: { type: "yes", title: "Dry run", help: "shows the plan and does nothing else" },
} as const satisfies Args;

export type CreateTyped = ArgsOf<typeof createArgs>;

/** The template's values, and over them what was typed. */
function specOf(typed: CreateTyped, name: string, template: Template, tenant: Tenant): ClusterSpec {
  // Where the configuration limits lives, a cluster without a wish of its own gets the longest.
  const ttlSeconds = typed.ttl ?? tenant.limits.ttl;
  return {
    name: typed.name,
    template: name,
    version: typed.version ?? template.version,
    image: template.image,
    controlPlane: { ...template.controlPlane, count: typed.controlPlane ?? template.controlPlane.count },
    workers: { ...template.workers, count: typed.workers ?? template.workers.count },
    cni: typed.cni ?? template.cni,
    ...(typed.rwx === undefined ? {} : { rwxGib: typed.rwx.gib }),
    ...(typed.rwo === true || template.rwo === true ? { rwo: true } : {}),
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
  };
}

function taken(record: ClusterRecord | undefined, name: string): string {
  if (record === undefined) return `${code(name)} was taken a moment ago: type it again, or choose another name.`;
  const is = stands(record, "is being planned or waits for an approval");
  const whose = `${mention(record.requester)} asked for it, and it ${is}`;
  const look = code(`/k8s status ${name}`);
  return `The name ${code(name)} is taken: ${whose}. Choose another name, or type ${look} to see it.`;
}

/** Sentences that say what to change; mrkdwn. */
type Refused = { readonly problems: readonly string[] };

/** What was asked for, complete, or what the configuration has against it. Asks nobody. */
export function draftOf(
  config: Config,
  tenantName: string,
  typed: CreateTyped,
): { readonly spec: ClusterSpec } | Refused {
  const tenant = settingsOf(config, tenantName);
  const name = typed.template ?? config.defaultTemplate;
  const template = Object.hasOwn(config.templates, name) ? config.templates[name] : undefined;
  if (template === undefined) {
    const names = Object.keys(config.templates).map((one) => code(one));
    return { problems: [`There is no template ${code(name, 60)}: write ${names.join(" or ")}.`] };
  }
  const spec = specOf(typed, name, template, tenant);
  const problems = beyond(spec, tenantName, tenant);
  return problems.length > 0 ? { problems } : { spec };
}

/** Takes the name, writes the request and wakes its planner; or says what to change, and nothing was done. */
export async function requestCreate(
  deps: Deps,
  caller: Caller,
  typed: CreateTyped,
): Promise<{ readonly request: Request } | Refused> {
  const no = await mayNot(deps, "create", caller);
  if (no !== undefined) return { problems: [no] };
  const draft = draftOf(deps.config, caller.tenant, typed);
  if ("problems" in draft) return draft;
  const { spec } = draft;
  const { limits } = settingsOf(deps.config, caller.tenant);
  const there = await clustersOf(deps, caller.tenant);
  const same = there.find((record) => record.spec.name === spec.name);
  if (same !== undefined) return { problems: [taken(same, spec.name)] };
  if (there.length >= limits.clusters) {
    const all = `${caller.tenant} has ${there.length} of ${limits.clusters} clusters`;
    return { problems: [`${all}: delete one with ${code("/k8s delete NAME")} first.`] };
  }
  const id = await freshRequestId(deps);
  const cluster = `k${deps.chance.token(CLUSTER_ID_LENGTH)}`;
  const dryRun = typed.dryRun === true;
  const asked = { id, action: "create", cluster, keepData: false, dryRun, spec } as const;
  const request = newRequest(asked, caller, deps.clock.nowMs());
  // In one moment, so that the store may write both at once; the name first: a crash between them leaves a record without
  // its request, which the sweep frees.
  const [named] = await Promise.all([
    request.dryRun || clusters(deps.store).add(clusterKey(request), newRecord(request)),
    requests(deps.store).add(id, request),
  ]);
  if (!named) {
    await requests(deps.store).remove(id, () => true);
    return { problems: [taken(await clusters(deps.store).get(clusterKey(request)), spec.name)] };
  }
  deps.tracing?.begins(id);
  await wake(deps, planMessage(request));
  return { request };
}
