import type { KubernetesApi } from "../kubernetes/api.ts";
import type { KubernetesNode } from "../kubernetes/shapes.ts";
import type { Cloud } from "../openstack/cloud.ts";
import type { Server } from "../openstack/compute.ts";
import { OpenStackError } from "../openstack/errors.ts";
import { markOf, nameOf, type Owner } from "./kind.ts";

/** A Nova server as on-call people need it. */
export interface ServerTruth {
  readonly id: string;
  /** ACTIVE, BUILD, ERROR, SHUTOFF and others. */
  readonly status: string;
  /** `deleting`, `powering-off`: what Nova is doing with it. */
  readonly task?: string;
  readonly flavor: string;
  readonly addresses: readonly string[];
  /** Nova's words, where it is in ERROR. */
  readonly fault?: string;
  /** ISO 8601. */
  readonly createdAt?: string;
  /** ISO 8601, of the last change of its state. */
  readonly updatedAt?: string;
}

/** A Kubernetes node as the cluster's API has it. */
export interface NodeTruth {
  /** What kubectl calls it: its server's whole name. */
  readonly name: string;
  /** `Unknown`: its kubelet is silent. */
  readonly ready: "True" | "False" | "Unknown";
  /** Kubernetes' own, of a node that is not Ready: `KubeletNotReady`. */
  readonly reason?: string;
  readonly message?: string;
  /** RFC 3339: since when it is Ready, or is not. */
  readonly since?: string;
  /** `v1.36.0`. */
  readonly kubelet?: string;
  readonly addresses: readonly string[];
  /** `kubectl cordon`: takes no new pods. */
  readonly cordoned: boolean;
  /** The id of the server that the cloud controller has told it apart as. */
  readonly serverId?: string;
  /** What it is short of, so that it evicts pods: `MemoryPressure`. */
  readonly pressures: readonly string[];
  /** Other conditions that it has: `NetworkUnavailable`, and those that a cluster's own programs know. */
  readonly conditions: readonly string[];
}

/** One member of a cluster, in the cloud and in Kubernetes. */
export interface MemberTruth {
  /** `worker-1`; what carries the mark and is no member is called by its whole name. */
  readonly name: string;
  readonly wanted: boolean;
  readonly server?: ServerTruth;
  readonly node?: NodeTruth;
  /** Last lines of the console of a server that is no Ready node; empty when Nova has none. */
  readonly lastLines?: readonly string[];
  /** Why Nova does not tell them, in its own words. */
  readonly untold?: string;
}

export interface MembersTruth {
  readonly members: readonly MemberTruth[];
  /** False: the API did not answer, so nothing is known of nodes. */
  readonly answered: boolean;
}

const CONSOLE_LINES = 8;

export function serverTruth(item: Server): ServerTruth {
  const task = item["OS-EXT-STS:task_state"];
  return {
    id: item.id,
    status: item.status,
    ...(task ? { task } : {}),
    flavor: item.flavor.original_name,
    addresses: Object.values(item.addresses)
      .flat()
      .map((one) => one.addr),
    ...(item.status === "ERROR" ? { fault: item.fault?.message ?? "Nova gives no reason" } : {}),
    ...(item.created ? { createdAt: item.created } : {}),
    ...(item.updated ? { updatedAt: item.updated } : {}),
  };
}

export function nodeTruth({ metadata, spec, status }: KubernetesNode): NodeTruth {
  const ready = status.conditions.find(({ type }) => type === "Ready");
  const state = ready?.status === "True" || ready?.status === "False" ? ready.status : "Unknown";
  const kubelet = status.nodeInfo?.kubeletVersion;
  const has = status.conditions.filter((one) => one.type !== "Ready" && one.status === "True").map(({ type }) => type);
  return {
    name: metadata.name,
    ready: state,
    ...(state === "True" || ready?.reason === undefined ? {} : { reason: ready.reason }),
    ...(state === "True" || ready?.message === undefined ? {} : { message: ready.message }),
    ...(ready?.lastTransitionTime ? { since: ready.lastTransitionTime } : {}),
    ...(kubelet === undefined ? {} : { kubelet }),
    addresses: status.addresses.filter(({ type }) => type !== "Hostname").map(({ address }) => address),
    cordoned: spec.unschedulable,
    ...(spec.providerID === undefined ? {} : { serverId: spec.providerID.split("/").at(-1) ?? "" }),
    pressures: has.filter((type) => type.endsWith("Pressure")),
    conditions: has.filter((type) => !type.endsWith("Pressure")),
  };
}

/**
 * Nova may not have them, which is no trouble of its own; and where the server's host is down, nobody reads them for Nova (500,
 * or no answer in time), just when the rest of the answer matters most.
 */
async function consoleEnd(cloud: Cloud, id: string): Promise<Pick<MemberTruth, "lastLines" | "untold">> {
  try {
    const lines = ((await cloud.compute.getConsoleLog(id, CONSOLE_LINES)) ?? "").split("\n").map((line) => line.trim());
    return { lastLines: lines.filter((line) => line !== "") };
  } catch (error) {
    if (!(error instanceof OpenStackError)) throw error;
    const has = !["conflict", "invalid", "denied"].includes(error.trouble);
    return has ? { untold: error.detail.fault } : { lastLines: [] };
  }
}

/**
 * The members of a cluster as Nova and Kubernetes have them, in the order asked, and after them what carries the cluster's
 * mark and is none of them. One listing of servers, one of nodes, and the console of each that is no Ready node.
 */
export async function inspectMembers(
  cloud: Cloud,
  cluster: Pick<Owner, "cluster" | "name">,
  wanted: readonly string[],
  askNodes: (
    ask: (api: KubernetesApi) => Promise<readonly KubernetesNode[]>,
  ) => Promise<readonly KubernetesNode[] | undefined>,
): Promise<MembersTruth> {
  const { projectId } = await cloud.scope();
  const [listed, nodes] = await Promise.all([
    cloud.compute.listServers({ tags: markOf(cluster) }),
    askNodes((api) => api.listNodes()),
  ]);
  const servers = listed.filter((one) => one.tenant_id === projectId && one.tags.includes(markOf(cluster)));
  const names = new Map(wanted.map((name) => [nameOf({ ...cluster, step: `server/${name}` }), name]));
  const strange = [...servers.map(({ name }) => name), ...(nodes ?? []).map(({ metadata }) => metadata.name)];
  for (const name of strange) if (!names.has(name)) names.set(name, name);
  const members = [...names].map(async ([full, name]): Promise<MemberTruth> => {
    const server = servers.find((one) => one.name === full);
    const node = nodes?.find(({ metadata }) => metadata.name === full);
    const truth = node === undefined ? undefined : nodeTruth(node);
    const silent = server !== undefined && nodes !== undefined && truth?.ready !== "True";
    return {
      name,
      wanted: wanted.includes(name),
      ...(server === undefined ? {} : { server: serverTruth(server) }),
      ...(truth === undefined ? {} : { node: truth }),
      ...(silent ? await consoleEnd(cloud, server.id) : {}),
    };
  });
  return { members: await Promise.all(members), answered: nodes !== undefined };
}
