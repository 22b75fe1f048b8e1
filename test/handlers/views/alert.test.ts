import { againMessage, alertMessage } from "../../../handlers/views/alert.ts";
import { messageBlocks } from "../../../sandbox/slack/limits.ts";
import { wordsOf } from "../desk.ts";
import { NOW_MS } from "../given.ts";
import { alert, shownAlerts } from "./alert-given.ts";

// Goal: whoever is woken reads what is wrong first, then what it means and what to do, and who has it in hand; Slack takes it
// whatever is in it; and nothing that kinvirt does by itself is asked of people.
const AT = "<!date^1767268800^{date_short_pretty} at {time}|2026-01-01 12:00 UTC>";

test("what is put right by itself", () => {
  expect(wordsOf(alertMessage(alert()))).toBe(
    [
      ":rotating_light: *dev*: its DNS name `api.dev.k8s.example.org.` is gone.",
      ":hammer_and_wrench: kinvirt is putting it right.",
      `since ${AT} · team-a`,
      "Acknowledge",
      "Snooze 1 h",
      "Snooze 8 h",
      "Show",
    ].join("\n"),
  );
});

test("what is left to people says what keeps the service alive, and offers what kinvirt can do", () => {
  const facts = { id: "lb7", fault: "Octavia gives no reason" };
  const said = wordsOf(alertMessage(alert({ about: "load-balancer/api", symptom: "error", mends: false, facts })));
  expect(said.split("\n").slice(0, 3)).toEqual([
    ":rotating_light: *dev*: its load balancer api is in ERROR.",
    "Octavia gives no reason",
    "It may still pass traffic, so kinvirt leaves it alone. An operator's `openstack loadbalancer failover lb7` keeps its address. *Repair* deletes it and makes another, and the API is away meanwhile.",
  ]);
  expect(said).toContain("\nRepair\n");
});

test("a control plane in ERROR has no button that would cost etcd", () => {
  const said = wordsOf(alertMessage(alert({ about: "server/control-plane-2", symptom: "error", mends: false })));
  expect(said).toContain("It may hold etcd, so kinvirt does not replace it");
  expect(said).not.toContain("Repair");
});

test("who has it in hand, and until when nothing is said", () => {
  const taken = wordsOf(alertMessage(alert({ state: "acknowledged", by: "U0ONCALL" })));
  expect(taken).toContain(":eyes: *dev*: its DNS name");
  expect(taken).toContain(`<@U0ONCALL> has it in hand since ${AT}`);
  expect(taken).not.toContain("Acknowledge");
  const later = wordsOf(alertMessage(alert({ state: "snoozed", by: "U0ONCALL", untilMs: NOW_MS })));
  expect(later).toContain(`snoozed by <@U0ONCALL> until ${AT}`);
  expect(later).not.toContain("Snooze");
});

test("many of one cause: how many, and which", () => {
  const facts = { of: "error", kind: "load-balancer", clusters: "12", names: "a, b, c and 9 more" };
  const { cluster: _none, ...whole } = alert({ about: "many/x", symptom: "many", mends: false, facts });
  const said = wordsOf(alertMessage(whole));
  expect(said).toContain(":rotating_light: *team-a*: the load balancers of 12 clusters are in ERROR.");
  expect(said).toContain("*Clusters* a, b, c and 9 more");
  expect(said).not.toContain("Show");
});

test("its end: what it was, how long, by whose hand", () => {
  const over = { state: "recovered", sinceMs: NOW_MS + 125_000 } as const;
  expect(wordsOf(alertMessage(alert({ ...over, tries: 1 })))).toBe(
    [
      ":white_check_mark: *dev*: kinvirt has put it right after 2m 5s.",
      "It was: its DNS name `api.dev.k8s.example.org.` is gone.",
      `seen ${AT}`,
    ].join("\n"),
  );
  expect(wordsOf(alertMessage(alert(over)))).toContain("*dev*: it is over after 2m 5s.");
  expect(wordsOf(alertMessage(alert({ ...over, moot: true })))).toContain("being deleted or has gone, so this is over");
});

test("what comes and goes", () => {
  const often = alert({
    openedMs: [1, 2, 3],
    about: "kubernetes-node/worker-1",
    symptom: "not-ready",
    facts: { state: "NotReady" },
  });
  expect(wordsOf(againMessage(often))).toBe(":repeat: 3 times within an hour: its node worker-1 is NotReady.");
  expect(wordsOf(alertMessage(often))).toContain("3 times within an hour");
});

test.each(
  shownAlerts(
    "<!channel> & `x` *y* 🚀".repeat(40),
    (make) => Array.from({ length: 60 }, (_, at) => make(at)),
    true,
  ).map(([name, view]) => ({ name, view })),
)("Slack takes it, and it calls nobody: $name", ({ view }) => {
  expect(messageBlocks(view.blocks)).toHaveLength(view.blocks.length);
  expect(wordsOf(view)).not.toContain("<!channel>");
  expect(view.text.replace(/:[a-z_]+:/g, "").trim()).toMatch(/\p{L}{3}/u);
});
