import { type AuditEvent, ITSELF } from "../shared/cluster/audit-event.ts";
import type { Request } from "../shared/cluster/request.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { append, canonical } from "../shared/state/audit.ts";
import { requests } from "../shared/state/index.ts";

type Told = Pick<AuditEvent, "actor" | "what" | "atMs"> & {
  readonly of: string;
  readonly detail?: NonNullable<AuditEvent["detail"]>;
};

const planned = ({ plan }: Request) => (plan === undefined ? {} : { plan: plan.hash });

/** By which rule it was approved, and by whom where that asks for somebody. */
function rule({ action, decisions, plan, reasons }: Request): Readonly<Record<string, string>> {
  if (reasons.length === 0) return { rule: `policy.autoApprove.${action}: within all of its limits` };
  const yes = decisions.filter((one) => one.verdict === "approve" && one.hash === plan?.hash).map(({ user }) => user);
  const by = [...new Set(yes)];
  return { rule: `policy.approvals: ${by.length}`, by: by.join(", ") };
}

/** How it ended or was approved, as far as it has. */
function ends(request: Request, nowMs: number): readonly Told[] {
  const { state, approvedMs, plan } = request;
  const self = { actor: ITSELF, atMs: nowMs };
  switch (state) {
    case "approved":
      return [
        {
          ...{ actor: ITSELF, what: "request.approved", atMs: approvedMs ?? nowMs, of: `approved:${plan?.hash}` },
          detail: { ...planned(request), ...rule(request) },
        },
      ];
    case "refused":
      return [{ ...self, what: "request.refused", of: state, detail: { problems: request.problems.join(" ") } }];
    case "expired":
      return [{ ...self, what: "request.expired", of: state, detail: planned(request) }];
    case "cancelled":
      return [{ ...self, actor: request.requester, what: "request.cancelled", of: state }];
    default:
      return [];
  }
}

/** All that has happened to a request, as far as the request itself still knows. */
function toldOf(request: Request, nowMs: number): readonly Told[] {
  const { plan, spec, action, keepData, requester, channel, createdMs, decisions } = request;
  const asked = { action, channel, spec: canonical(spec), ...(keepData ? { keepData: "true" } : {}) };
  return [
    { of: "asked", what: "request.asked", actor: requester, atMs: createdMs, detail: asked },
    ...(plan === undefined
      ? []
      : [
          {
            ...{ of: `plan:${plan.hash}`, what: "request.planned" as const, actor: ITSELF, atMs: nowMs },
            detail: { ...planned(request), asks: request.reasons.join("; ") || "nobody" },
          },
        ]),
    ...decisions.map(({ user, verdict, atMs, hash, reason }, at) => ({
      of: `decision:${at}`,
      what: `decision.${verdict}` as const,
      actor: user,
      atMs,
      detail: { plan: hash, ...(reason === undefined ? {} : { reason }) },
    })),
    ...ends(request, nowMs),
  ];
}

/**
 * Writes into the audit chain what has happened to a request and is not there yet. Found out from the request itself, so
 * that a process that dies between the two loses nothing. A dry run changes nothing and is not recorded.
 */
export async function auditRequest(deps: Pick<Deps, "store" | "clock" | "metrics">, request: Request): Promise<void> {
  if (request.dryRun) return;
  const known = new Set(request.audited);
  const fresh = toldOf(request, deps.clock.nowMs()).filter(({ of }) => !known.has(of));
  const cluster = { id: request.cluster, name: request.name };
  for (const { of, ...event } of fresh) {
    await append(deps.store, request.tenant, { key: `${request.id}:${of}`, cluster, request: request.id, ...event });
    deps.metrics?.count("kinvirt_requests_total", { action: request.action, event: event.what });
  }
  if (fresh.length === 0) return;
  await requests(deps.store).change(request.id, (now) => ({
    ...now,
    audited: [...new Set([...(now.audited ?? []), ...fresh.map(({ of }) => of)])],
  }));
}
