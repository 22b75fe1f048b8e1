import { auditMessage } from "../../../handlers/views/audit.ts";
import { requestsMessage } from "../../../handlers/views/requests.ts";
import { reminderMessage, shortMessage, shortOncallMessage } from "../../../handlers/views/waiting.ts";
import { AUDIT_WHATS, type AuditEvent } from "../../../shared/cluster/audit-event.ts";
import type { SlackMessage } from "../../../shared/ports/slack.ts";
import type { AuditRecord } from "../../../shared/state/audit.ts";
import { HASH, NOW_MS, request, spec } from "../given.ts";

const rules = { approvals: 3, approvers: ["U0APPROVER", "U0SECOND", "U0DEV"], expiresAfter: 86_400, autoApprove: {} };

/** Every message about approvals and the audit log, with these words wherever others' words may be. */
export function shownOfApprovals(words: string, times: number): readonly (readonly [string, SlackMessage])[] {
  const long = Array.from({ length: times }, () => words).join(" ");
  const keys = ["action", "plan", "reason", "rule", "problems", "operation", "why", "kept", "step", "fault", "role"];
  const detail = Object.fromEntries([...keys, "hours", "phase", "asks", "about", "symptom"].map((key) => [key, long]));
  const changes: AuditEvent["changes"] = Array.from({ length: times }, (_, at) => ({
    did: at % 2 === 0 ? ("failed" as const) : ("created" as const),
    step: long,
    id: long,
    requestId: long,
    ...(at % 2 === 0 ? { fault: long } : {}),
  }));
  const records = AUDIT_WHATS.map(
    (what, at): AuditRecord => ({
      ...{ key: what, atMs: NOW_MS, actor: at % 2 === 0 ? "kinvirt" : "U0DEV", what, request: "k3m9qz", detail },
      ...{ cluster: { id: "k1", name: long }, changes, schema: 1, tenant: "team-a", seq: at + 1 },
      ...{ previous: HASH, hash: HASH },
    }),
  );
  const audit = { tenant: "team-a", sinceMs: NOW_MS, tampered: new Set([1, 2]), before: 7 };
  const big = spec({ image: long, controlPlane: { count: 7, flavor: long }, workers: { count: 100, flavor: long } });
  const yes = { user: "U0APPROVER", verdict: "approve" as const, atMs: NOW_MS, hash: HASH };
  const one = request({ spec: big, decisions: [yes], short: 1 });
  const open = [one, request({ spec: big, state: "planning" }), one, one, one].map((each, at) => ({
    request: { ...each, name: `dev-${at}` },
    rules,
    decides: at % 2 === 0,
  }));
  const list = { tenant: "team-a", viewer: "U0APPROVER", mine: false, page: 1, open, count: 17, forViewer: 2 };
  return [
    ["audit, nothing", auditMessage({ ...audit, records: [] })],
    ["audit", auditMessage({ ...audit, records: records.slice(0, 12) })],
    ["audit, the rest", auditMessage({ ...audit, name: "dev", records: records.slice(4) })],
    ["requests, none", requestsMessage({ ...list, open: [], count: 0, page: 0 })],
    ["requests", requestsMessage(list)],
    ["requests of one's own", requestsMessage({ ...list, viewer: "U0DEV", mine: true, page: 3 })],
    ["a reminder", reminderMessage(one, rules)],
    ["nobody is left", shortMessage(one, rules)],
    ["nobody is left, on call", shortOncallMessage(one)],
  ];
}
