import type { SlackMessage } from "../../../shared/ports/slack.ts";
import type { MembersTruth, MemberTruth, NodeTruth } from "../../../shared/resources/node-truth.ts";
import { stoppedServer } from "../server-commands.ts";
import { code, listed, message, moment, quote, section, small } from "../text.ts";
import { type Finding, findingLine, going, msOf, type Stage, verdictOf, worstFirst } from "./finding.ts";
import { memberBlock } from "./node-block.ts";

/** The nodes of one cluster beside what should be. */
export interface NodesOf {
  readonly cluster: string;
  readonly stage: Stage;
  /** `1.36`. */
  readonly version: string;
  readonly truth: MembersTruth;
  /** Checks that the API server says fail: `kms-providers`. */
  readonly failing: readonly string[];
  /** Control planes that have been in the cluster, so that their disks hold etcd and nothing else can be put in their place. */
  readonly holds: readonly string[];
  /** Members that are being made: of a create's machines the API is there long before the last. */
  readonly underWay: readonly string[];
  /** Why the API was not asked, as plain text: Barbican did not say how to reach it. */
  readonly unasked?: string;
  /** What is wrong with what the API says of its nodes. */
  readonly unread?: string;
}

const of = (one: MemberTruth): string => `node ${quote(one.name, 80)}`;
const isComing = ({ name }: MemberTruth, { stage, underWay }: NodesOf): boolean =>
  stage === "coming" || underWay.includes(name);
const retryOf = (cluster: string): string => code(`/k8s retry ${cluster}`);

/** Nova is at work on it and ends that by itself. Source: Nova's API guide, "Server concepts". */
const PASSING = ["REBOOT", "HARD_REBOOT", "MIGRATING", "RESIZE", "REVERT_RESIZE", "REBUILD"];

/** Nova's states of a server that does not run, and what to do. */
function serverSays({ name, server }: MemberTruth, { cluster, holds }: NodesOf): Omit<Finding, "of"> | undefined {
  if (server === undefined || server.status === "ACTIVE" || server.status === "BUILD") return undefined;
  const { id, status, fault = "" } = server;
  const show = code(`openstack server show ${id}`);
  if (status === "ERROR") {
    const next = holds.includes(name)
      ? `It may hold etcd, so kinvirt does not replace it: an operator looks at ${show}.`
      : `${retryOf(cluster)} makes it once more.`;
    return { grade: "bad", says: `Nova has its server in ERROR: ${quote(fault, 300)} ${next}` };
  }
  if (PASSING.includes(status))
    return { grade: "look", says: `Nova is at work on its server (${status}). Look again in a minute.` };
  const stopped = stoppedServer(status, id);
  const says =
    stopped === undefined
      ? `Its server is ${quote(status, 40)}: ${show} says more.`
      : `Its server is ${stopped.is}: ${code(stopped.command)} ${stopped.does}.`;
  return { grade: "bad", says };
}

function nodeSays(node: NodeTruth): string {
  const sinceMs = msOf(node.since);
  const since = sinceMs === undefined ? "" : ` since ${moment(sinceMs)}`;
  const why = [node.reason, node.message].filter((one) => one !== undefined).join(": ");
  const reason = why === "" ? "" : ` (${quote(why, 300)})`;
  return node.ready === "Unknown"
    ? `Its kubelet is silent${since}${reason}: look at the end of its console, and whether the server answers at all.`
    : `NotReady${since}${reason}: ${code(`kubectl describe node ${node.name}`)} says more.`;
}

function lost(one: MemberTruth, all: NodesOf): readonly Finding[] {
  const { cluster, truth, holds } = all;
  const coming = isComing(one, all);
  if (one.server === undefined && holds.includes(one.name)) {
    const says = "Its server is gone, and etcd on its disk with it, so kinvirt makes no other in its place:";
    const next = "the other control planes go on while most of them are there; bring it back, or make another cluster.";
    return [{ grade: "bad", of: of(one), says: `${says} ${next}` }];
  }
  if (one.server === undefined) {
    const says = coming ? "Its server is not there yet." : `Its server is gone: ${retryOf(cluster)} makes it again.`;
    return [{ grade: coming ? "look" : "bad", of: of(one), says }];
  }
  if (!truth.answered) return [];
  const says = coming
    ? "Its server runs and it is not in the cluster yet."
    : "Its server runs and it is no node of the cluster: the end of its console says how far it came.";
  return [{ grade: coming ? "look" : "bad", of: of(one), says }];
}

function memberFindings(one: MemberTruth, all: NodesOf): readonly Finding[] {
  const { node, server } = one;
  if (!one.wanted) {
    if (all.stage === "leaving") return [];
    const what = server === undefined ? `node ${code(one.name)}` : `server ${code(one.name)}`;
    const where = server === undefined ? "is in this cluster" : "is marked as this cluster's";
    const says = `It ${where} and is none of the machines that kinvirt knows of it: find out who made it.`;
    return [{ grade: "look", of: what, says }];
  }
  if (all.stage === "leaving") return [];
  const stopped = serverSays(one, all);
  if (stopped !== undefined) return [{ ...stopped, of: of(one) }];
  if (node === undefined) return lost(one, all);
  const found: Finding[] = [];
  if (node.ready !== "True")
    found.push({ grade: isComing(one, all) ? "look" : "bad", of: of(one), says: nodeSays(node) });
  if (server === undefined) found.push(...lost(one, all));
  else if (node.serverId !== undefined && node.serverId !== server.id) {
    const [gone, up] = [code(`kubectl delete node ${node.name}`), code(`openstack server reboot ${server.id}`)];
    const says = `It is another server's (${code(node.serverId)}), not ${code(server.id)}: run ${gone}, then ${up}`;
    found.push({ grade: "bad", of: of(one), says: `${says}, and it registers anew.` });
  }
  if (node.pressures.length > 0) {
    const short = node.pressures.map((p) => quote(p, 40)).join(", ");
    const says = `${short}: pods on it are evicted. Free some of it, or ask for larger workers.`;
    found.push({ grade: "bad", of: of(one), says });
  }
  for (const condition of node.conditions) {
    const says = `It reports ${quote(condition, 60)}: ${code(`kubectl describe node ${node.name}`)} says why.`;
    const hurts = condition === "NetworkUnavailable" && !isComing(one, all);
    found.push({ grade: hurts ? "bad" : "look", of: of(one), says });
  }
  if (node.kubelet !== undefined && !node.kubelet.startsWith(`v${all.version}.`)) {
    const says = `It runs ${code(node.kubelet)} where kinvirt installed ${quote(all.version, 20)}: somebody has changed that.`;
    found.push({ grade: "look", of: of(one), says });
  }
  if (node.cordoned) {
    const says = `It takes no new pods: ${code(`kubectl uncordon ${node.name}`)} ends that, if nobody works on it.`;
    found.push({ grade: "look", of: of(one), says });
  }
  return found;
}

function apiFindings({ truth, stage, cluster, failing, unasked, unread }: NodesOf): readonly Finding[] {
  if (stage === "leaving") return [];
  if (unasked !== undefined)
    return [{ grade: "look", of: "API server", says: `It was not asked. ${quote(unasked, 400)}` }];
  if (unread !== undefined) {
    const says = `What it says of its nodes can't be read (${quote(unread, 300)}): ask whoever changed it.`;
    return [{ grade: "bad", of: "API server", says }];
  }
  const coming = stage === "coming";
  if (!truth.answered) {
    const look = `${code(`/k8s lb ${cluster}`)} shows whether its load balancer leads anywhere.`;
    const says = coming ? "It does not answer yet." : `It does not answer, so nothing is known of its nodes: ${look}`;
    return [{ grade: coming ? "look" : "bad", of: "API server", says }];
  }
  if (failing.length === 0) return [];
  const kms = failing.some((check) => check.startsWith("kms"))
    ? ` ${code(`/k8s kms ${cluster}`)} looks at its key.`
    : "";
  const says = `It says that it is not ready: ${failing.map((check) => code(check, 80)).join(", ")}.${kms}`;
  return [{ grade: coming ? "look" : "bad", of: "API server", says }];
}

export const nodeFindings = (all: NodesOf): readonly Finding[] => [
  ...apiFindings(all),
  ...all.truth.members.flatMap((one) => memberFindings(one, all)),
];

const BLOCKS_MAX = 40;

/** Every member: its server beside its node. */
export function nodesMessage(all: NodesOf): SlackMessage {
  const { truth, cluster, version } = all;
  const found = worstFirst(nodeFindings(all));
  const named = new Set(found.map((one) => one.of));
  const sorted = [
    ...truth.members.filter((one) => named.has(of(one))),
    ...truth.members.filter((one) => !named.has(of(one))),
  ];
  const count = truth.members.filter(({ wanted }) => wanted).length;
  const well = count === 1 ? `The node of *${cluster}* is Ready.` : `All ${count} nodes of *${cluster}* are Ready.`;
  const cut = sorted.length - BLOCKS_MAX;
  return message(
    verdictOf(`*${cluster}*`, found, all.stage === "leaving" ? going(cluster) : well),
    ...(found.length === 0 ? [] : [section(listed(found.map(findingLine), 20))]),
    ...sorted.slice(0, BLOCKS_MAX).map((one) => memberBlock(one, truth.answered)),
    ...(cut > 0 ? [small(`and ${cut} more nodes`)] : []),
    small(`Kubernetes ${quote(version, 20)} is wanted on each`),
  );
}
