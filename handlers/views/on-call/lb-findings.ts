import type { LbMember, LbTruth } from "../../../shared/resources/load-balancer-truth.ts";
import { code, plural, quote } from "../text.ts";
import type { Finding, Stage } from "./finding.ts";

/** What should be of one cluster, as far as it is known. */
export interface LbWanted {
  /** Where the API is reached; absent until it has its address. */
  readonly floatingIp?: string;
  /** Whether the API's load balancer has been there before. */
  readonly made: boolean;
  /** The control planes; `coming`: it is being made, and the API is there before it. */
  readonly members: readonly { readonly name: string; readonly address: string; readonly coming?: true }[];
  /** `default/shop`: Services of type LoadBalancer. Absent: the cluster's API did not tell; else it answers by its address. */
  readonly services?: readonly string[];
}

/** All load balancers of one cluster beside what should be. */
export interface LbsOf {
  readonly cluster: string;
  readonly stage: Stage;
  readonly wanted: LbWanted;
  readonly lbs: readonly LbTruth[];
}

/** `load balancer api`, `load balancer default/shop`. */
export const lbWords = ({ of: [first], name }: LbTruth): string => `load balancer ${quote(first ?? name, 80)}`;

/** Octavia's operating states of a member, as on-call people mean them. */
export const memberIsBad = (member: LbMember): boolean =>
  member.disabled === true || ["ERROR", "OFFLINE"].includes(member.operating) || member.provisioning === "ERROR";

const allDown = (lb: LbTruth, { cluster, stage }: LbsOf): string => {
  const nodes = code(`/k8s nodes ${cluster}`);
  if (lb.role === "inner")
    return `No control plane answers, so pods do not reach the API: ${nodes} shows their servers.`;
  if (lb.role !== "api") {
    const what = lb.role === "service" ? "Service" : "Ingress";
    return `All members are down: look whether the nodes are Ready (${nodes}) and whether the ${what}'s pods are.`;
  }
  return stage === "coming"
    ? `No control plane answers yet, as is expected while it is created: ${nodes} shows how far their boot came.`
    : `No control plane answers, so nobody reaches the API: ${nodes} shows their servers and the end of their consoles.`;
};

function memberFindings(lb: LbTruth, of: LbsOf): readonly Omit<Finding, "of">[] {
  const down = lb.members.filter(memberIsBad);
  const off = down.filter((one) => one.disabled === true);
  const silent = down.filter((one) => !off.includes(one));
  if (lb.members.length === 0) {
    const nowhere = "It has no members, so it has nowhere to send traffic: look whether";
    // Beside Kuryr the members are pods, and a Service may have none yet.
    return lb.role === "service"
      ? [{ grade: "look", says: `${nowhere} its pods are Ready, and the nodes that they run on.` }]
      : [{ grade: "bad", says: `${nowhere} the servers exist, with ${code(`/k8s nodes ${of.cluster}`)}.` }];
  }
  return [...switchedOff(off), ...(silent.length === 0 ? [] : [silentFinding(lb, of, silent, down)])];
}

function switchedOff(off: readonly LbMember[]): readonly Omit<Finding, "of">[] {
  if (off.length === 0) return [];
  const names = off.map((one) => quote(one.name, 60)).join(", ");
  const on = off.map(({ pool, id }) => code(`openstack loadbalancer member set --enable ${pool} ${id}`));
  const says = `${names} switched off by somebody: if nobody meant it, switch ${off.length === 1 ? "it" : "them"} on`;
  return [{ grade: "bad", says: `${says} with ${on.slice(0, 3).join(", ")}.` }];
}

/** `down`: these, and those that were switched off. */
function silentFinding(
  lb: LbTruth,
  of: LbsOf,
  silent: readonly LbMember[],
  down: readonly LbMember[],
): Omit<Finding, "of"> {
  if (down.length === lb.members.length && lb.role === "api" && of.wanted.services !== undefined) {
    const says = "Octavia's health monitor says that no control plane answers, and the API answers all the same.";
    return { grade: "look", says: `${says} Look again in a minute; if it stays so, an operator looks at the monitor.` };
  }
  if (down.length === lb.members.length)
    return { grade: of.stage === "coming" && lb.role === "api" ? "look" : "bad", says: allDown(lb, of) };
  const names = silent.map((one) => quote(one.name, 60)).join(", ");
  const coming = of.wanted.members.flatMap((one) => (one.coming === true ? [one.address] : []));
  if (lb.role === "api" && silent.every(({ address }) => coming.includes(address)))
    return { grade: "look", says: `${names} not there yet, as is expected while it is created.` };
  return { grade: "bad", says: `${names} down: traffic goes to the others. Look at what answers on its port.` };
}

function monitorFindings(lb: LbTruth): readonly Omit<Finding, "of">[] {
  const silent = lb.members.filter((one) => one.operating === "NO_MONITOR");
  const blind = silent.filter((one) => !one.monitored).length;
  const found: Omit<Finding, "of">[] = [];
  if (blind > 0 && lb.role === "api") {
    const says = `${plural(blind, "member")} without a health monitor: Octavia does not know whether they answer.`;
    found.push({ grade: "bad", says });
  }
  if (silent.length > blind) {
    const amphorae = "an operator looks whether its amphorae send heartbeats";
    const says = `Octavia's health monitor has not reported yet. If it stays so for minutes, ${amphorae}.`;
    found.push({ grade: "look", says });
  }
  return found;
}

/** The API's own against the record: who it leads to, and by which address. */
function apiFindings(lb: LbTruth, { wanted, cluster }: LbsOf): readonly Omit<Finding, "of">[] {
  const retry = code(`/k8s retry ${cluster}`);
  const at = (one: { readonly address: string }) => one.address;
  const lacks = wanted.members.filter((one) => one.address !== "" && !lb.members.map(at).includes(one.address));
  const strange = wanted.members.some((one) => one.address === "")
    ? []
    : lb.members.filter((one) => !wanted.members.map(at).includes(one.address));
  const found: Omit<Finding, "of">[] = [];
  if (lb.members.length > 0 && lacks.length > 0) {
    const names = lacks.map((one) => quote(one.name, 60)).join(", ");
    const [are, them] = lacks.length === 1 ? ["is", "it"] : ["are", "them"];
    found.push({ grade: "bad", says: `${names} ${are} not among its members: ${retry} puts ${them} back.` });
  }
  if (strange.length > 0) {
    const names = strange.map((one) => code(`${one.address}:${one.port}`)).join(", ");
    const [are, them] = strange.length === 1 ? ["is no control plane", "it"] : ["are no control planes", "them"];
    found.push({ grade: "bad", says: `${names} ${are} of this cluster: ${retry} takes ${them} out.` });
  }
  if (wanted.floatingIp !== undefined && wanted.made && lb.floatingIp !== wanted.floatingIp) {
    const has = lb.floatingIp === undefined ? "no floating IP" : code(lb.floatingIp);
    const says = `It has ${has} and should have ${code(wanted.floatingIp)}: ${retry} puts that right.`;
    found.push({ grade: "bad", says });
  }
  return found;
}

function ownFindings(lb: LbTruth): readonly Omit<Finding, "of">[] {
  if (lb.provisioning === "ERROR") {
    // OVN's are no machines: Octavia refuses that (501).
    const failover = lb.provider === "ovn" ? "" : `runs ${code(`openstack loadbalancer failover ${lb.id}`)} or `;
    const says = `Octavia could not build or change it: an operator ${failover}looks in Octavia's log.`;
    return [{ grade: "bad", says }];
  }
  if (lb.provisioning.startsWith("PENDING_")) {
    const says = `Octavia is working on it (${quote(lb.provisioning, 40)}); it refuses changes until it has ended.`;
    return [{ grade: "look", says: `${says} Look again in a minute.` }];
  }
  if (lb.disabled === true) {
    const on = code(`openstack loadbalancer set --enable ${lb.id}`);
    return [{ grade: "bad", says: `Somebody has switched it off: if nobody meant it, ${on} switches it on.` }];
  }
  const inError = ({ provisioning }: { readonly provisioning: string }) => provisioning === "ERROR";
  const failed = [
    ...lb.listeners.filter(inError).map((one) => `its listener on port ${one.port}`),
    ...lb.pools.filter(inError).map((one) => `its pool ${quote(one.name, 80)}`),
  ];
  if (failed.length > 0)
    return [{ grade: "bad", says: `Octavia has ${failed.join(" and ")} in ERROR: an operator looks in its log.` }];
  return lb.listeners.length === 0
    ? [{ grade: "bad", says: "It has no listener, so nothing is answered at its address." }]
    : [];
}

/** What is wrong with one load balancer and what to do about it; empty when it is well, or goes with its cluster. */
export function lbTroubles(lb: LbTruth, of: LbsOf): readonly Finding[] {
  if (of.stage === "leaving") return [];
  const api = lb.role === "api" ? apiFindings(lb, of) : [];
  const found = [...ownFindings(lb), ...memberFindings(lb, of), ...monitorFindings(lb), ...api];
  return found.map((one) => ({ ...one, of: lbWords(lb) }));
}

/** What should be there and is not. */
export function missingLbs({ lbs, wanted, cluster, stage }: LbsOf): readonly Finding[] {
  if (stage === "leaving") return [];
  const found: Finding[] = [];
  if (!lbs.some((lb) => lb.role === "api")) {
    const again = `${code(`/k8s retry ${cluster}`)} makes it again.`;
    const [grade, says] =
      wanted.made || stage === "there"
        ? (["bad", `It is not in the cloud any more, so nobody reaches the API: ${again}`] as const)
        : (["look", "It is not there yet: it comes once the network is there."] as const);
    found.push({ grade, of: "load balancer api", says });
  }
  const served = new Set(lbs.flatMap((lb) => (lb.role === "service" ? lb.of : [])));
  for (const service of (wanted.services ?? []).filter((one) => !served.has(one))) {
    const why = code(`kubectl -n ${service.split("/")[0]} describe service ${service.split("/")[1]}`);
    const says = `The Service has no load balancer in the cloud. If it is older than some minutes, ${why} says why.`;
    found.push({ grade: "look", of: `Service ${quote(service, 80)}`, says });
  }
  return found;
}

export const lbFindings = (of: LbsOf): readonly Finding[] => [
  ...missingLbs(of),
  ...of.lbs.flatMap((lb) => lbTroubles(lb, of)),
];
