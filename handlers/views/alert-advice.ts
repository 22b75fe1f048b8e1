import type { Alert } from "../../shared/state/alerts.ts";
import { stoppedServer } from "./server-commands.ts";
import { code, quote } from "./text.ts";
import { kindOf } from "./words.ts";

const ID = (alert: Alert): string => alert.facts["id"] ?? "";
const isPlane = ({ about }: Alert): boolean => about.startsWith("server/control-plane-");

const REPAIR = "Press *Repair*: kinvirt deletes it and makes it once more.";

/** OVN's load balancers are no machines: Octavia refuses that (501). Source: ovn-octavia-provider, `driver.py`. */
const failover = (alert: Alert): string =>
  alert.facts["provider"] === "ovn"
    ? "An operator looks in Octavia's log, as OVN knows no failover."
    : `An operator's ${code(`openstack loadbalancer failover ${ID(alert)}`)} keeps its address.`;

/** By kind: what a service's ERROR asks of people. */
const IN_ERROR: Readonly<Record<string, (alert: Alert) => string>> = {
  server: (alert) =>
    isPlane(alert)
      ? `It may hold etcd, so kinvirt does not replace it: an operator looks at ${code(`openstack server show ${ID(alert)}`)}.`
      : REPAIR,
  "load-balancer": (alert) =>
    `It may still pass traffic, so kinvirt leaves it alone. ${failover(alert)} *Repair* deletes it and makes another, ` +
    "and the API is away meanwhile.",
  "service-balancer": (alert) =>
    `The cluster's own controller made it. ${failover(alert)} Or delete the Service and make it again.`,
  share: () => "kinvirt does not touch what holds data: ask Manila's operators before anything is deleted.",
  recordset: () => `An operator looks in Designate's log. ${REPAIR}`,
};

const LOST: Readonly<Record<string, string>> = {
  share: "The data on it is gone unless Manila's operators bring it back; an empty one in its place would hide that.",
  server:
    "Its disk held etcd. The other control planes go on while most of them are there; bring it back, or make another cluster.",
  key:
    "Nobody can read the cluster's Secrets without it, and a control plane that is started anew does not come up: restart " +
    "none. Barbican's operators may bring it back; no other key helps.",
  secret:
    "It held the cluster's authorities: nobody can log in or join any more. Bring it back, or make another cluster.",
};

/** What it means and what to do, where kinvirt does not put it right by itself: mrkdwn. */
const BY_HAND: Readonly<Partial<Record<Alert["symptom"], (alert: Alert) => string>>> = {
  lost: ({ about }) => LOST[kindOf(about)] ?? "What it held can't be made again: bring it back.",
  error: (alert) => IN_ERROR[kindOf(alert.about)]?.(alert) ?? "Ask the service's operators for the reason.",
  stopped: (alert) => {
    const { command, does } = stoppedServer(alert.facts["state"] ?? "", ID(alert)) ?? {
      command: `openstack server show ${ID(alert)}`,
      does: "says more",
    };
    return `If nobody did that on purpose: ${code(command)} ${does}.`;
  },
  down: ({ about, facts }) => {
    const whose =
      kindOf(about) === "service-balancer" ? "whether the Service's pods are ready" : "its servers' consoles";
    return facts["all"] === "true"
      ? `Nobody comes through. Look at ${whose}.`
      : `Traffic goes to the others. Look at ${whose}.`;
  },
  off: () => "Whoever did it may have had a reason: ask, then switch it on again.",
  "not-ready": () =>
    "After five minutes Kubernetes moves its pods to other nodes. Look whether its server runs and what its console says.",
  silent: () =>
    "What runs goes on, and nobody can change it. Look at the load balancer's members and the control planes.",
  quota: () =>
    "What a new cluster or a new node needs may not fit any more: raise the quota, or delete what nobody needs.",
  unseen: ({ facts }) =>
    facts["project"] === undefined
      ? "The clusters go on without it; what happens to them is told when it answers again. Ask its operators."
      : `The clusters are in ${code(facts["project"])}: correct the login in ${code("clouds.yaml")}.`,
  rules: () => "Press *Repair*: kinvirt puts the rules back.",
  many: ({ facts: { of = "" } }) => {
    const why = "What so many have at once has one cause: look at what they share before you look at each.";
    const one = code("/k8s status NAME");
    const again = ["gone", "elsewhere", "rules"].includes(of) ? `, and ${code("/k8s retry NAME")} puts it right` : "";
    return `${why} In the team's channel, ${one} tells about one${again}.`;
  },
};

const nameOf = ({ cluster }: Alert): string => cluster?.name ?? "NAME";

const ENDS: Readonly<Record<string, (alert: Alert) => string>> = {
  "end/ttl": ({ facts }) =>
    facts["over"] === "true"
      ? "The cluster is deleted now, with all that is on it."
      : "The cluster is deleted then, with all that is on it.",
  "end/logins": (alert) => {
    const [events, renew] = [code(`/k8s events ${nameOf(alert)}`), code(`/k8s renew ${nameOf(alert)}`)];
    const why = "kinvirt renews them by itself and has not come to it.";
    return `${why} In the team's channel, ${events} shows what keeps it from that, and ${renew} makes new ones now.`;
  },
  "end/certificates": ({ facts }) => {
    const unless = facts["over"] === "true" ? "Unless somebody has renewed them, nobody comes in. " : "";
    const how = `${code("docs/alerts.md")} says how, without SSH`;
    const run = code("kubeadm certs renew all");
    return `${unless}On each control plane run ${run}, then reboot it (${how}); or move to another cluster before.`;
  },
  "end/authorities": () => "Nothing replaces them in a cluster that runs: plan another cluster.",
};

export const adviceOf = (alert: Alert): string =>
  alert.symptom === "ending"
    ? (ENDS[alert.about]?.(alert) ?? "")
    : (BY_HAND[alert.symptom]?.(alert) ?? "Press *Repair*.");

/** What a person must know although kinvirt puts it right. */
export function asideOf({ about, symptom }: Alert): string | undefined {
  if (symptom !== "gone") return undefined;
  if (about.startsWith("port/"))
    return (
      "A new port is not plugged into the server that lost this one: for a worker, delete the server and kinvirt makes " +
      "it anew."
    );
  return about.startsWith("floating-ip/") ? "It gets another address, and its DNS name follows." : undefined;
}

/** The service's own words, for those who can do something with them. */
export const faultOf = ({ facts }: Alert): string | undefined => {
  const { fault, requestId } = facts;
  if (fault === undefined || fault === "") return undefined;
  return `${quote(fault, 500)}${requestId === undefined ? "" : ` (OpenStack request ${code(requestId)})`}`;
};
