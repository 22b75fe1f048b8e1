import type { Plan } from "../../shared/cluster/plan.ts";
import type { ClusterSpec } from "../../shared/cluster/spec.ts";
import type { Block } from "../../shared/ports/slack.ts";
import type { KindName } from "../../shared/resources/kind.ts";
import { showDuration, showSize, typedDuration } from "../../shared/units.ts";
import { quotaBlocks } from "./quota.ts";
import { bullets, code, plural, quote, section, small } from "./text.ts";
import { kindWords } from "./words.ts";

/** `1 control plane (m1.medium), 2 workers (m1.large), Kubernetes 1.36, calico`. */
export function specWords(spec: ClusterSpec): string {
  const { controlPlane, workers } = spec;
  return [
    `${plural(controlPlane.count, "control plane")} (${quote(controlPlane.flavor, 60)})`,
    `${plural(workers.count, "worker")}${workers.count === 0 ? "" : ` (${quote(workers.flavor, 60)})`}`,
    `Kubernetes ${quote(spec.version, 10)}`,
    spec.cni,
    ...(spec.rwxGib === undefined ? [] : [`${showSize(spec.rwxGib)} of shared storage`]),
    ...(spec.rwo === true ? ["volumes for one node at a time (Cinder)"] : []),
    ...(spec.ttlSeconds === undefined ? [] : [`for ${showDuration(spec.ttlSeconds)} from its approval`]),
  ].join(", ");
}

/** What to type for the same: every part in full, for a template may change. */
export const typedCreate = (spec: ClusterSpec): string =>
  [
    `/k8s create ${spec.name} --template ${/\s/.test(spec.template) ? `"${spec.template}"` : spec.template}`,
    `--workers ${spec.workers.count} --control-plane ${spec.controlPlane.count}`,
    `--version ${spec.version} --cni ${spec.cni}`,
    ...(spec.rwxGib === undefined ? [] : [`--rwx ${spec.rwxGib}Gi`]),
    ...(spec.rwo === true ? ["--rwo"] : []),
    ...(spec.ttlSeconds === undefined ? [] : [`--ttl ${typedDuration(spec.ttlSeconds)}`]),
  ].join(" ");

/** What people ask about and pay for, each on a line of its own; the rest is what it takes to have that. */
const MAIN: readonly string[] = ["server", "load-balancer", "floating-ip", "recordset", "share"] satisfies KindName[];

function madeWords(resources: Plan["resources"]): readonly string[] {
  const words = ({ kind, count, detail }: Plan["resources"][number]): string =>
    `${count} ${kindWords(kind, count)}${detail === "" ? "" : `: ${quote(detail, 160)}`}`;
  const main = MAIN.flatMap((kind) => resources.filter((one) => one.kind === kind));
  const rest = resources.filter((one) => !main.includes(one)).map(words);
  return [...main.map(words), ...(rest.length === 0 ? [] : [rest.join(", ")])];
}

/** The exact plan, so that an approver decides on what will happen and on nothing else. */
export function planBlocks(plan: Plan): readonly Block[] {
  const { price } = plan;
  return [
    section(`${plan.action === "create" ? "*Creates*" : "*Deletes*"}\n${bullets(madeWords(plan.resources))}`),
    ...quotaBlocks(plan.quota),
    ...(price === undefined
      ? []
      : [
          section(
            `*Price* ${price.perHour.toFixed(2)} ${price.currency} an hour, ${price.perMonth.toFixed(2)} a month`,
          ),
        ]),
    ...(plan.warnings.length === 0
      ? []
      : [section(`:warning: *Worth knowing*\n${bullets(plan.warnings.map((one) => quote(one, 400)))}`)]),
    small(
      `${plan.action === "create" ? specWords(plan.spec) : "Everything above goes"} · plan ${code(plan.hash.slice(0, 8))}`,
    ),
  ];
}
