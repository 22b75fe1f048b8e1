import { alertMessage } from "../../../handlers/views/alert.ts";
import type { Alert } from "../../../shared/state/alerts.ts";
import { wordsOf } from "../desk.ts";
import { NOW_MS } from "../given.ts";
import { alert } from "./alert-given.ts";

// Goal: whoever is woken is told what works: a command that this state and this provider take, a button that is there.
const said = (over: Partial<Alert>) => wordsOf(alertMessage(alert({ mends: false, ...over }))).split("\n");
const many = (over: Partial<Alert>): string => {
  const { cluster: _none, ...whole } = alert({ symptom: "many", about: "many/x", mends: false, ...over });
  return wordsOf(alertMessage(whole));
};

test.each([
  ["SHUTOFF", "`openstack server start s1` starts it"],
  ["PAUSED", "`openstack server unpause s1` lets it go on"],
  ["SUSPENDED", "`openstack server resume s1` lets it go on"],
  ["SHELVED_OFFLOADED", "`openstack server unshelve s1` brings it back"],
  ["RESCUE", "`openstack server unrescue s1` ends that"],
  ["STOPPED", "`openstack server show s1` says more"],
])("a server that is %s is brought back by what Nova takes then", (state, what) => {
  const lines = said({ about: "server/worker-1", symptom: "stopped", facts: { id: "s1", state } });
  expect(lines.slice(0, 2)).toEqual([
    `:rotating_light: *dev*: its server worker-1 does not run: Nova says \`${state}\`.`,
    `If nobody did that on purpose: ${what}.`,
  ]);
});

test.each([
  ["load-balancer/api", "ovn", "An operator looks in Octavia's log, as OVN knows no failover. *Repair* deletes it"],
  [
    "service-balancer/lb7",
    "ovn",
    "An operator looks in Octavia's log, as OVN knows no failover. Or delete the Service",
  ],
  ["load-balancer/api", "amphora", "failover lb7` keeps its address. *Repair* deletes it"],
  ["service-balancer/lb7", "amphora", "failover lb7` keeps its address. Or delete the Service"],
])("%s of %s in ERROR", (about, provider, what) => {
  const lines = said({ about, symptom: "error", facts: { id: "lb7", provider, fault: "none" } });
  expect(lines[2]).toContain(what);
});

test.each([
  ["error", "`/k8s status NAME` tells about one."],
  ["gone", "`/k8s status NAME` tells about one, and `/k8s retry NAME` puts it right."],
])("many that are %s: no button is named that is not there", (of, what) => {
  const words = many({ facts: { of, kind: "server", clusters: "4", names: "a, b, c, d" } });
  expect(words).toContain(`In the team's channel, ${what}`);
  expect(words).not.toContain("Repair");
});

test("what kinvirt has tried in vain is a person's, with a button where there is one", () => {
  expect(said({ mends: true, tries: 3 })).toEqual(expect.arrayContaining(["Repair"]));
  expect(said({ mends: true, tries: 2 })).not.toContain("Repair");
  const facts = { of: "gone", kind: "recordset", clusters: "4", names: "a, b, c, d" };
  const words = many({ mends: true, tries: 3, facts });
  expect(words).toContain(
    "has tried 3 times to put them right, and it is still so. Look why, then type `/k8s retry NAME`",
  );
  expect(words).not.toContain("Repair");
});

test("data has no button", () => {
  expect(said({ about: "share/rwx", symptom: "error", facts: { id: "sh1" } })).not.toContain("Repair");
});

test.each([
  ["true", "no member answers behind", "Nobody comes through. Look at its servers' consoles."],
  ["", "control-plane-1 does not answer behind", "Traffic goes to the others. Look at its servers' consoles."],
])("members down, all of them: %j", (all, what, next) => {
  const facts = { id: "lb7", members: "control-plane-1", all };
  const lines = said({ about: "load-balancer/api", symptom: "down", facts });
  expect(lines.slice(0, 2)).toEqual([`:rotating_light: *dev*: ${what} its load balancer api.`, next]);
});

test("a Service's members are pods", () => {
  const facts = { id: "lb7", name: "kube_service_x_default_shop", members: "n1", all: "true" };
  const lines = said({ about: "service-balancer/lb7", symptom: "down", facts });
  expect(lines[1]).toBe("Nobody comes through. Look at whether the Service's pods are ready.");
});

test("rules that were changed: what is away and what is new", () => {
  const rules = { about: "security-group/worker", symptom: "rules" } as const;
  expect(said({ ...rules, facts: { lacking: "ssh", unwanted: "" } })[1]).toBe("Removed: ssh.");
  expect(said({ ...rules, facts: { lacking: "ssh", unwanted: "2" } })[1]).toBe("Removed: ssh. Added: 2 rules.");
});

test("a port that is made again helps its server nothing, while one that is somewhere else needs no word", () => {
  expect(said({ about: "port/worker-1", facts: {}, mends: true })[2]).toMatch(/^A new port is not plugged into/);
  expect(said({ about: "port/worker-1", symptom: "elsewhere", facts: {}, mends: true })[2]).not.toContain("A new port");
});

test.each([
  ["end/ttl", "the time to live no longer ends soon"],
  ["end/logins", "the logins of its programs no longer end soon"],
])("%s that is over", (about, what) => {
  const over = { about, symptom: "ending", state: "recovered", facts: { untilMs: String(NOW_MS) } } as const;
  expect(said(over)[0]).toBe(`:white_check_mark: *dev*: ${what}.`);
});

test.each([
  ["end/ttl", "the time to live ended on", "The cluster is deleted now, with all that is on it."],
  ["end/logins", "the logins of its programs ended on", "kinvirt renews them by itself"],
  ["end/certificates", "the certificates of its control planes ended on", "Unless somebody has renewed them, nobody"],
])("%s that has passed is no end to come", (about, what, then) => {
  const [head, next] = said({
    about,
    symptom: "ending",
    mends: false,
    facts: { untilMs: String(NOW_MS), over: "true" },
  });
  expect(head).toContain(what);
  expect(next).toContain(then);
});

test("an end to come is none that has passed", () => {
  const told = (about: string) => said({ about, symptom: "ending", mends: false, facts: { untilMs: String(NOW_MS) } });
  expect(told("end/ttl")[0]).toContain("the time to live ends on");
  expect(told("end/ttl")[1]).toBe("The cluster is deleted then, with all that is on it.");
  expect(told("end/certificates")[0]).toContain("the certificates of its control planes end on");
  expect(told("end/certificates")[1]).toMatch(/^On each control plane run/);
});
