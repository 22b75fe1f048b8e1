import type { KubernetesNode } from "../../kubernetes/shapes.ts";
import type { Cloud } from "../../openstack/cloud.ts";
import { isTrouble, OpenStackError } from "../../openstack/errors.ts";
import { type Kind, nameOf, type Owner, type Seen } from "../../resources/kind.ts";
import { API_STEP, nodeStep, serverStep } from "../names.ts";
import { approveServing } from "./approve-serving.ts";
import { type KubernetesSession, unlessAway } from "./session.ts";

export interface NodeSpec {
  readonly address: string;
}

type Cluster = Pick<Owner, "cluster" | "name">;

/** From its server's boot to its place in the cluster: packages, images, kubeadm. */
const IN_MS_MAX = 20 * 60_000;
/** Makes the cluster. */
const FIRST = "control-plane-1";
/** For how long its console is asked for before it is given up without. */
const CONSOLE_MS_MAX = 10 * 60_000;
const CONSOLE_LINES = 12;
const CONSOLE_CHARS = 700;
/** Set by the kubelet, taken away by the cloud controller manager. */
const UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized";

const memberOf = (step: string): string => step.split("/")[1] ?? "";

export function stateOf(node: KubernetesNode, serverId: string): string {
  const ready = node.status.conditions.find(({ type }) => type === "Ready");
  if (node.spec.taints.some(({ key }) => key === UNINITIALIZED)) return "not yet known to the cloud controller";
  if (node.spec.providerID !== undefined && !node.spec.providerID.endsWith(`/${serverId}`)) return "another server's";
  return ready?.status === "True" ? "Ready" : "NotReady";
}

/**
 * The last words of a machine that did not come. Nova may not have them, which is no trouble of its own; of one whose host is
 * dead it never has (500, or no answer), so they are not waited for without end.
 */
async function lastWords(cloud: Cloud, serverId: string, overdueMs: number): Promise<string> {
  const text = await cloud.compute.getConsoleLog(serverId, CONSOLE_LINES).catch((error: unknown) => {
    const isNone = isTrouble(error, "conflict") || isTrouble(error, "invalid") || isTrouble(error, "denied");
    if (isNone || (error instanceof OpenStackError && overdueMs >= CONSOLE_MS_MAX)) return undefined;
    throw error;
  });
  const words = (text ?? "")
    .trim()
    .split(/\s*\n\s*/)
    .join(" | ")
    .slice(-CONSOLE_CHARS);
  return words === "" ? "its console says nothing" : `its console ends with: ${words}`;
}

async function lateWords(cloud: Cloud, name: string, id: string, overdueMs: number): Promise<string> {
  const words = await lastWords(cloud, id, overdueMs);
  return `the server ${name} (${id}) did not come into the cluster within ${IN_MS_MAX / 60_000} minutes; ${words}`;
}

/**
 * A member of the cluster: a Kubernetes node that is Ready and that the cloud controller has told apart as the server that it
 * runs on. It comes by its server's own boot; one that does not come in time is given up together with its server.
 */
export function nodeKind(session: KubernetesSession, members: readonly string[]): Kind<NodeSpec> {
  const seen = (cluster: Cluster, member: string, more: Partial<Seen> & Pick<Seen, "status" | "state">): Seen => ({
    id: nodeStep(member),
    name: nameOf({ ...cluster, step: nodeStep(member) }),
    facts: {},
    ...more,
  });

  /**
   * Given up are only machines that were never in. One that has been a node may hold etcd or people's work, so it is waited
   * for, whatever its API says or does not say now.
   */
  async function absent(
    cloud: Cloud,
    cluster: Cluster,
    member: string,
    of: { readonly state: string; readonly answered: boolean },
  ): Promise<Seen> {
    const { id, readyMs } = session.status(serverStep(member)) ?? {};
    const wasIn = session.status(nodeStep(member))?.facts["in"];
    const facts: Seen["facts"] = wasIn === undefined ? {} : { in: wasIn };
    // Without an API nobody can come in: then it is the first control plane that makes none, and the others have their time
    // from when it is there.
    const blamed = of.answered || member === FIRST;
    const apiMs = member === FIRST ? 0 : session.status(API_STEP)?.readyMs;
    const overdueMs = session.nowMs() - Math.max(readyMs ?? Infinity, apiMs ?? Infinity) - IN_MS_MAX;
    if (id === undefined || wasIn === id || !blamed || overdueMs < 0)
      return seen(cluster, member, { status: "pending", state: of.state, facts });
    const fault = await lateWords(cloud, nameOf({ ...cluster, step: serverStep(member) }), id, overdueMs);
    return seen(cluster, member, { status: "failed", state: of.state, fault, facts: { lost: id } });
  }

  async function look(cloud: Cloud, cluster: Cluster): Promise<readonly Seen[]> {
    const nodes = await unlessAway((async () => (await session.api(cloud))?.listNodes())());
    const answered = nodes !== undefined;
    return Promise.all(
      members.map(async (member) => {
        const node = nodes?.find(({ metadata }) => metadata.name === nameOf({ ...cluster, step: serverStep(member) }));
        if (node === undefined) return absent(cloud, cluster, member, { state: "not in the cluster yet", answered });
        const serverId = session.status(serverStep(member))?.id ?? "";
        const state = stateOf(node, serverId);
        if (state !== "Ready") return absent(cloud, cluster, member, { state, answered });
        const kubelet = node.status.nodeInfo?.kubeletVersion;
        const facts = { in: serverId, ...(kubelet === undefined ? {} : { kubelet }) };
        return seen(cluster, member, { status: "ready", state, facts });
      }),
    );
  }

  return {
    kind: "kubernetes-node",
    find: look,
    get: async (cloud, cluster, id) => (await look(cloud, cluster)).find((one) => one.id === id),
    create: async (_cloud, owner) =>
      seen(owner, memberOf(owner.step), { status: "pending", state: "not in the cluster yet" }),
    async update(cloud, owner, spec, now) {
      const node = nameOf({ ...owner, step: serverStep(memberOf(owner.step)) });
      await unlessAway(session.api(cloud).then((api) => api && approveServing(api, [{ node, address: spec.address }])));
      return now;
    },
    async remove(cloud, now) {
      const lost = now.facts["lost"];
      if (lost !== undefined) await cloud.compute.deleteServer(lost);
    },
  };
}
