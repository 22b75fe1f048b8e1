import { againMessage, alertMessage, stillMessage } from "../../../handlers/views/alert.ts";
import type { SlackMessage } from "../../../shared/ports/slack.ts";
import { type Alert, SYMPTOMS } from "../../../shared/state/alerts.ts";
import { NOW_MS } from "../given.ts";

export const alert = (over: Partial<Alert> = {}): Alert => ({
  schema: 1,
  tenant: "team-a",
  cluster: { id: "k7f3m2q9x1", name: "dev" },
  about: "dns/api",
  symptom: "gone",
  facts: { id: "z1/r1", fqdn: "api.dev.k8s.example.org." },
  mends: true,
  state: "open",
  sinceMs: NOW_MS,
  seenMs: NOW_MS,
  openedMs: [NOW_MS],
  tries: 0,
  moot: false,
  threaded: 0,
  ...over,
});

const ABOUT: Readonly<Partial<Record<Alert["symptom"], readonly string[]>>> = {
  lost: ["share/rwx", "server/control-plane-1", "secret/pki"],
  error: ["server/worker-1", "server/control-plane-1", "load-balancer/api", "service-balancer/lb7", "share/rwx"],
  gone: ["dns/api", "port/worker-1", "floating-ip/apps"],
  ending: ["end/ttl", "end/logins", "end/certificates", "end/authorities"],
  stopped: ["server/worker-1"],
  down: ["load-balancer/api", "service-balancer/lb7"],
  off: ["load-balancer/api"],
  elsewhere: ["dns/api", "ptr/api", "floating-ip/api", "router"],
  rules: ["security-group/worker"],
  "not-ready": ["kubernetes-node/worker-1"],
  silent: ["kubernetes-api"],
};

type Many = (make: (at: number) => string) => readonly string[];

/** Of every sort one that is open, its facts filled with these words; `all`: about everything, and in every state. */
export function shownAlerts(words: string, many: Many, all = false): readonly (readonly [string, SlackMessage])[] {
  const list = many(() => words).join(", ");
  const facts = {
    ...{ id: words, fqdn: words, address: words, fault: words, requestId: words, name: words, host: words },
    ...{ members: list, what: list, found: list, wanted: words, lacking: list, unwanted: "2", state: words },
    ...{ services: list, names: list, clusters: "7", kind: "load-balancer", of: "error", untilMs: String(NOW_MS) },
    lines: many((at) => `network floatingip${at} 19 20`).join("\n"),
  };
  const states = all ? (["open", "acknowledged", "snoozed", "recovered"] as const) : (["open"] as const);
  const plain = SYMPTOMS.flatMap((symptom) =>
    (ABOUT[symptom] ?? ["cloud"]).slice(0, all ? 9 : 1).flatMap((about) => {
      const { cluster, ...whole } = alert({ symptom, about, facts, mends: false });
      const of = about === "cloud" || cluster === undefined ? whole : { ...whole, cluster };
      return states.map((state) => {
        const by = state === "acknowledged" || state === "snoozed" ? { by: "U0ONCALL", untilMs: NOW_MS } : {};
        return [`alert ${symptom} of ${about} ${state}`, alertMessage({ ...of, state, ...by })] as const;
      });
    }),
  );
  return [
    ...plain,
    ["alert in its thread", againMessage(alert({ facts, openedMs: [1, 2, 3] }))],
    ["alert after a snooze", stillMessage(alert({ facts }))],
    ["alert that is not mended", alertMessage(alert({ facts, tries: 3 }))],
    ["alert that came back", alertMessage(alert({ facts, openedMs: [1, 2, 3], mends: false }))],
    ["alert of a cluster that goes", alertMessage(alert({ facts, state: "recovered", moot: true }))],
    ["alert that was mended", alertMessage(alert({ facts, state: "recovered", tries: 1 }))],
  ];
}
