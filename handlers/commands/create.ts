import type { Config, Template, Tenant } from "../../shared/cluster/config.ts";
import { type ClusterRecord, SCHEMA } from "../../shared/cluster/record.ts";
import type { Request } from "../../shared/cluster/request.ts";
import type { ClusterSpec } from "../../shared/cluster/spec.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { clusterKey, clusters, requests } from "../../shared/state/index.ts";
import { showDuration, showSize } from "../../shared/units.ts";
import type { Args, ArgsOf } from "../args.ts";
import { type Caller, command } from "../command.ts";
import { freshRequestId } from "../names.ts";
import { settingsOf } from "../people.ts";
import { accepted, refused } from "../views/answers.ts";
import { code, mention } from "../views/text.ts";
import { wake } from "../wake.ts";

const CLUSTER_ID_LENGTH = 9;

const args = {
  name: { type: "name", place: "required", help: "lower-case letters, digits and single dashes, at most 30" },
  rwx: { type: "size", help: "shared storage that many pods write at once: 100G, 100Gi or 1Ti" },
  workers: { type: "count", help: "how many worker servers" },
  controlPlane: { type: "quorum", help: "how many control planes: 1, 3, 5 or 7" },
  template: { type: "word", label: "TEMPLATE", help: "sizes and image from the configuration" },
  version: { type: "version", help: "Kubernetes 1.35 or 1.36" },
  ttl: { type: "duration", help: "deleted after this time, counted from its approval: 12h or 7d" },
  cni: { type: "cni", help: "network plugin: calico, cilium, or kuryr (retired)" },
  dryRun: { type: "yes", help: "shows the plan and does nothing else" },
} as const satisfies Args;

type Typed = ArgsOf<typeof args>;

/** The template's values, and over them what was typed. */
function specOf(typed: Typed, name: string, template: Template, tenant: Tenant): ClusterSpec {
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
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
  };
}

/** What the configuration refuses before the cloud is asked; each one sentence that says what to type. */
function beyond(spec: ClusterSpec, tenant: string, { limits, shareType }: Tenant): readonly string[] {
  const problems: string[] = [];
  if (spec.workers.count > limits.workers) {
    const most = code(`--workers ${limits.workers}`);
    problems.push(
      `${tenant} may have ${limits.workers} workers in a cluster, not ${spec.workers.count}: type ${most} or fewer.`,
    );
  }
  if (spec.rwxGib !== undefined && shareType === undefined) {
    problems.push(
      `${tenant} has no shared storage: leave ${code("--rwx")} out, or ask whoever runs kinvirt to set its shareType.`,
    );
  } else if (spec.rwxGib !== undefined && spec.rwxGib > limits.rwx) {
    const asked = `${showSize(spec.rwxGib)} of shared storage`;
    problems.push(
      `${asked} is more than the ${showSize(limits.rwx)} that ${tenant} may have: type a smaller ${code("--rwx")}.`,
    );
  }
  if (spec.ttlSeconds !== undefined && limits.ttl !== undefined && spec.ttlSeconds > limits.ttl) {
    const most = showDuration(limits.ttl);
    problems.push(
      `A cluster of ${tenant} may live ${most}, not ${showDuration(spec.ttlSeconds)}: type a shorter ${code("--ttl")}.`,
    );
  }
  return problems;
}

const STATES: Readonly<Record<ClusterRecord["status"]["phase"], string>> = {
  requested: "is being planned or waits for an approval",
  creating: "is being created",
  ready: "is ready",
  blocked: "needs a person",
  deleting: "is being deleted",
};

function taken(record: ClusterRecord | undefined, name: string): SlackMessage {
  if (record === undefined)
    return refused(`${code(name)} was taken a moment ago: type it again, or choose another name.`);
  const whose = `${mention(record.requester)} asked for it, and it ${STATES[record.status.phase]}`;
  const look = code(`/k8s status ${name}`);
  return refused(`The name ${code(name)} is taken: ${whose}. Choose another name, or type ${look} to see it.`);
}

function requestOf(
  spec: ClusterSpec,
  id: string,
  cluster: string,
  dryRun: boolean,
  caller: Caller,
  nowMs: number,
): Request {
  return {
    schema: 1,
    id,
    tenant: caller.tenant,
    action: "create",
    name: spec.name,
    cluster,
    keepData: false,
    dryRun,
    spec,
    requester: caller.user,
    channel: caller.channel,
    createdMs: nowMs,
    state: "planning",
    decisions: [],
    reasons: [],
    problems: [],
    told: false,
    dueMs: nowMs,
  };
}

function recordOf(request: Request, nowMs: number): ClusterRecord {
  return {
    schema: SCHEMA,
    id: request.cluster,
    tenant: request.tenant,
    spec: request.spec,
    wish: "present",
    keepData: false,
    generation: 1,
    requester: request.requester,
    actor: request.requester,
    request: request.id,
    createdMs: nowMs,
    status: {
      phase: "requested",
      startedMs: nowMs,
      steps: {},
      failures: [],
      setbacks: 0,
      dueMs: nowMs,
      told: false,
      kept: [],
    },
  };
}

/** Of the tenant's clusters, how many there are, and the one that has this name. */
async function present(deps: Deps, tenant: string, name: string) {
  let count = 0;
  let same: ClusterRecord | undefined;
  for await (const record of clusters(deps.store).list(`${tenant}/`)) {
    count += 1;
    if (record.spec.name === name) same = record;
  }
  return { count, same };
}

function templateOf(config: Config, name: string): Template | SlackMessage {
  const found = Object.hasOwn(config.templates, name) ? config.templates[name] : undefined;
  const names = Object.keys(config.templates).map((one) => code(one));
  return found ?? refused(`There is no template ${code(name, 60)}: write ${names.join(" or ")}.`);
}

export const create = command({
  name: "create",
  summary: "Ask for a cluster",
  example: "create dev --rwx 100G",
  args,
  async run(typed, caller, deps) {
    const tenant = settingsOf(deps.config, caller.tenant);
    const name = typed.template ?? deps.config.defaultTemplate;
    const template = templateOf(deps.config, name);
    if ("text" in template) return template;
    const spec = specOf(typed, name, template, tenant);
    const problems = beyond(spec, caller.tenant, tenant);
    if (problems.length > 0) return refused(problems);
    const { count, same } = await present(deps, caller.tenant, spec.name);
    if (same !== undefined) return taken(same, spec.name);
    if (count >= tenant.limits.clusters) {
      return refused(
        `${caller.tenant} has ${count} of ${tenant.limits.clusters} clusters: delete one with ${code("/k8s delete NAME")} first.`,
      );
    }
    const nowMs = deps.clock.nowMs();
    const id = await freshRequestId(deps);
    const request = requestOf(
      spec,
      id,
      `k${deps.chance.token(CLUSTER_ID_LENGTH)}`,
      typed.dryRun === true,
      caller,
      nowMs,
    );
    // The name first: a crash after it leaves a record without its request, which the sweep frees.
    if (!request.dryRun && !(await clusters(deps.store).add(clusterKey(request), recordOf(request, nowMs)))) {
      return taken(await clusters(deps.store).get(clusterKey(request)), spec.name);
    }
    await requests(deps.store).add(id, request);
    await wake(deps, { is: "plan", request: id });
    return accepted(request, typed.rwx === undefined ? undefined : `${showSize(typed.rwx.gib)} (${typed.rwx.text})`);
  },
});
