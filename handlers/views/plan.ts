import type { Plan, QuotaLine } from "../../shared/cluster/plan.ts";
import type { ClusterSpec } from "../../shared/cluster/spec.ts";
import type { Block } from "../../shared/ports/slack.ts";
import { showDuration, showSize } from "../../shared/units.ts";
import { bullets, code, plural, quote, section, small, table } from "./text.ts";
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
    ...(spec.ttlSeconds === undefined ? [] : [`for ${showDuration(spec.ttlSeconds)} from its approval`]),
  ].join(", ");
}

function quotaRow(line: QuotaLine): readonly string[] {
  const after = line.used + line.needs;
  const limit = line.limit < 0 ? "no limit" : `of ${line.limit}`;
  return [`${line.resource.replaceAll("_", " ")}`, String(line.needs), String(line.used), `${after} ${limit}`];
}

const QUOTA_HEAD = ["quota", "needs", "used now", "used after"] as const;
const QUOTA_ROWS_MAX = 24;

/** The exact plan, so that an approver decides on what will happen and on nothing else. */
export function planBlocks(plan: Plan): readonly Block[] {
  const made = plan.resources.map(({ kind, count, detail }) => {
    const what = `${count} ${kindWords(kind, count)}`;
    return detail === "" ? what : `${what}: ${quote(detail, 160)}`;
  });
  const quota = plan.quota.filter((line) => line.needs > 0).slice(0, QUOTA_ROWS_MAX);
  const { price } = plan;
  return [
    section(`${plan.action === "create" ? "*Creates*" : "*Deletes*"}\n${bullets(made)}`),
    ...(quota.length === 0 ? [] : [section(table([QUOTA_HEAD, ...quota.map(quotaRow)]))]),
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
