import type { Config, Template, Tenant } from "../../shared/cluster/config.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { ClusterSpec } from "../../shared/cluster/spec.ts";
import type { SlackMessage } from "../../shared/ports/slack.ts";
import { clusterKey, clusters, requests } from "../../shared/state/index.ts";
import { showSize } from "../../shared/units.ts";
import type { Args, ArgsOf } from "../args.ts";
import { command } from "../command.ts";
import { beyond } from "../limits.ts";
import { freshRequestId } from "../names.ts";
import { newRecord, newRequest } from "../new-request.ts";
import { settingsOf } from "../people.ts";
import { clustersOf } from "../records.ts";
import { accepted, refused } from "../views/answers.ts";
import { code, mention } from "../views/text.ts";
import { wake } from "../wake.ts";

const CLUSTER_ID_LENGTH = 9;

const args = {
  name: { type: "name", place: "required", help: "lower-case letters, digits and single dashes, at most 30" },
  rwx: { type: "size", help: "shared storage that many pods write at once: 100G, 100Gi or 1Ti" },
  rwo: { type: "yes", help: "volumes for one node at a time (Cinder)" },
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
    ...(typed.rwo === true || template.rwo === true ? { rwo: true } : {}),
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
  };
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
    const there = await clustersOf(deps, caller.tenant);
    const same = there.find((record) => record.spec.name === spec.name);
    if (same !== undefined) return taken(same, spec.name);
    if (there.length >= tenant.limits.clusters) {
      const all = `${caller.tenant} has ${there.length} of ${tenant.limits.clusters} clusters`;
      return refused(`${all}: delete one with ${code("/k8s delete NAME")} first.`);
    }
    const nowMs = deps.clock.nowMs();
    const id = await freshRequestId(deps);
    const cluster = `k${deps.chance.token(CLUSTER_ID_LENGTH)}`;
    const dryRun = typed.dryRun === true;
    const request = newRequest({ id, action: "create", cluster, keepData: false, dryRun, spec }, caller, nowMs);
    // In one moment, so that the store may write both at once; the name first: a crash between them leaves a record without
    // its request, which the sweep frees.
    const [named] = await Promise.all([
      request.dryRun || clusters(deps.store).add(clusterKey(request), newRecord(request)),
      requests(deps.store).add(id, request),
    ]);
    if (!named) {
      await requests(deps.store).remove(id, () => true);
      return taken(await clusters(deps.store).get(clusterKey(request)), spec.name);
    }
    await wake(deps, { is: "plan", request: id });
    return accepted(request, typed.rwx === undefined ? undefined : `${showSize(typed.rwx.gib)} (${typed.rwx.text})`);
  },
});
