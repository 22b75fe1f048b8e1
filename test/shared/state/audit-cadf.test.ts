import type { AuditEvent } from "../../../shared/cluster/audit-event.ts";
import type { AuditRecord } from "../../../shared/state/audit.ts";
import { cadfEvents } from "../../../shared/state/audit-cadf.ts";

// Goal: what an auditor's tools read of us is what DMTF DSP0262 says: its fields, its actions, its outcomes.
const record = (over: Partial<AuditEvent>): AuditRecord => ({
  key: "e",
  atMs: Date.UTC(2026, 0, 1, 12),
  actor: "U0DEV",
  what: "request.asked",
  cluster: { id: "k7f3m2q9x1", name: "dev" },
  request: "k3m9qz",
  schema: 1,
  tenant: "team-a",
  seq: 7,
  previous: "0".repeat(64),
  hash: "f".repeat(64),
  ...over,
});

// Of the taxonomies in DSP0262 1.0.0, as OpenStack's pycadf checks them.
const ACTIONS =
  /^(create|read|update|delete|deploy|undeploy|renew|restore|revoke|evaluate|allow|deny|disable|unknown)$/;
const RESOURCES = /^(storage|compute|network|service|data)(\/[a-z]+)*$/;

test("a decision, whole", () => {
  const detail = { plan: "abc", reason: "too big" };
  expect(cadfEvents(record({ what: "decision.deny", actor: "U0APPROVER", detail }))).toEqual([
    {
      typeURI: "http://schemas.dmtf.org/cloud/audit/1.0/event",
      id: "kinvirt:team-a:7",
      eventType: "control",
      eventTime: "2026-01-01T12:00:00.000+00:00",
      action: "deny",
      outcome: "success",
      initiator: { id: "slack:U0APPROVER", typeURI: "service/security/account/user", name: "U0APPROVER" },
      target: { id: "k7f3m2q9x1", typeURI: "service/composition/cluster", name: "dev" },
      observer: { id: "kinvirt", typeURI: "service/composition", name: "kinvirt" },
      reason: { reasonType: "kinvirt", reasonCode: "too big" },
      tags: ["tenant:team-a", "cluster:k7f3m2q9x1", "request:k3m9qz", "what:decision.deny"],
      attachments: [
        {
          name: "chain",
          contentType: "application/json",
          content: { seq: 7, previous: "0".repeat(64), hash: "f".repeat(64) },
        },
        { name: "detail", contentType: "application/json", content: detail },
      ],
    },
  ]);
});

test("resources: an event each, with the cloud's id and request id", () => {
  const events = cadfEvents(
    record({
      what: "resources.changed",
      actor: "kinvirt",
      changes: [
        { did: "created", step: "server/worker-1", id: "s1", requestId: "req-1" },
        { did: "failed", step: "dns/api", fault: "Zone is gone." },
      ],
    }),
  );
  expect(events).toMatchObject([
    {
      id: "kinvirt:team-a:7:1",
      eventType: "activity",
      action: "create",
      outcome: "success",
      initiator: { id: "kinvirt" },
      target: { id: "s1", typeURI: "compute/machine", name: "server/worker-1" },
    },
    {
      id: "kinvirt:team-a:7:2",
      action: "unknown",
      outcome: "failure",
      target: { id: "dns/api", typeURI: "network/domain" },
      reason: { reasonType: "OpenStack", reasonCode: "Zone is gone." },
    },
  ]);
  expect(events[0]?.tags).toContain("openstack-request:req-1");
});

test.each<[AuditEvent["what"], AuditEvent["detail"], string, string]>([
  ["request.asked", {}, "create", "pending"],
  ["request.planned", {}, "evaluate", "success"],
  ["decision.approve", {}, "allow", "success"],
  ["request.approved", {}, "allow", "success"],
  ["request.refused", {}, "deny", "success"],
  ["request.expired", {}, "disable", "success"],
  ["request.cancelled", {}, "revoke", "success"],
  ["operation.started", { operation: "create" }, "deploy", "pending"],
  ["operation.finished", { operation: "delete" }, "undeploy", "success"],
  ["operation.stopped", { operation: "renew" }, "renew", "failure"],
  ["operation.stopped", { operation: "clean-up" }, "undeploy", "failure"],
  ["operation.finished", { operation: "something new" }, "update", "success"],
  ["kubeconfig.asked", {}, "create", "pending"],
  ["kubeconfig.downloaded", {}, "read", "success"],
  ["renew.asked", {}, "renew", "pending"],
  ["retry.asked", {}, "restore", "pending"],
  ["alert.acknowledged", {}, "update", "success"],
  ["alert.snoozed", {}, "disable", "success"],
  ["repair.begun", {}, "restore", "pending"],
])("%s of %j is %s, %s", (what, detail = {}, action, outcome) => {
  const [event] = cadfEvents(record({ what, detail }));
  expect(event).toMatchObject({ action, outcome });
  expect(event?.action).toMatch(ACTIONS);
});

test.each([
  "network",
  "server/worker-1",
  "share/rwx",
  "secret/pki",
  "credential/kms",
  "ptr/api",
  "kubernetes-node/worker-1",
  "something-new/x",
])("the type of %s is in the taxonomy", (step) => {
  const [event] = cadfEvents(record({ what: "resources.changed", changes: [{ did: "found", step }] }));
  expect(event?.target.typeURI).toMatch(RESOURCES);
});
