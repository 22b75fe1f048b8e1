import { servingRequestFits } from "../../bootstrap/serving.ts";
import type { KubernetesApi } from "../../kubernetes/api.ts";
import type { KubernetesNode, SigningRequest } from "../../kubernetes/shapes.ts";
import type { Cloud } from "../../openstack/cloud.ts";
import { isTrouble } from "../../openstack/errors.ts";
import { type Kind, nameOf, type Owner, type Seen } from "../../resources/kind.ts";
import { nodeStep, serverStep } from "../names.ts";
import { type KubernetesSession, unlessAway } from "./session.ts";

export interface NodeSpec {
  readonly address: string;
}

type Cluster = Pick<Owner, "cluster" | "name">;

/** From its server's boot to its place in the cluster: packages, images, kubeadm. */
const IN_MS_MAX = 20 * 60_000;
const CONSOLE_LINES = 12;
const CONSOLE_CHARS = 700;
/** Set by the kubelet, taken away by the cloud controller manager. */
const UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized";
const SERVING = "kubernetes.io/kubelet-serving";

function stateOf(node: KubernetesNode, serverId: string): string {
  const ready = node.status.conditions.find(({ type }) => type === "Ready");
  if (node.spec.taints.some(({ key }) => key === UNINITIALIZED)) return "not yet known to the cloud controller";
  if (node.spec.providerID !== undefined && !node.spec.providerID.endsWith(`/${serverId}`)) return "another server's";
  return ready?.status === "True" ? "Ready" : "NotReady";
}

const isPending = ({ spec, status }: SigningRequest, node: string): boolean =>
  spec.signerName === SERVING &&
  spec.username === `system:node:${node}` &&
  !status.conditions.some(({ type }) => type === "Approved" || type === "Denied");

async function approveServing(api: KubernetesApi, node: string, address: string): Promise<void> {
  for (const request of (await api.listCsrs()).filter((one) => isPending(one, node)))
    if (servingRequestFits(request.spec, { node, addresses: [address] }))
      await api.approveCsr(request, "The names and the address are those of the Nova server.");
}

/** The last words of a machine that did not come. Nova may not have them, which is no trouble of its own. */
async function lastWords(cloud: Cloud, serverId: string): Promise<string> {
  const text = await cloud.compute.getConsoleLog(serverId, CONSOLE_LINES).catch((error: unknown) => {
    if (isTrouble(error, "conflict") || isTrouble(error, "invalid") || isTrouble(error, "denied")) return undefined;
    throw error;
  });
  const words = text?.trim().slice(-CONSOLE_CHARS);
  return words === undefined || words === "" ? "its console says nothing" : `its console ends with: ${words}`;
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

  async function absent(cloud: Cloud, cluster: Cluster, member: string, state: string): Promise<Seen> {
    const server = session.status(serverStep(member));
    const { id, readyMs } = server ?? {};
    if (id === undefined || readyMs === undefined || session.nowMs() - readyMs < IN_MS_MAX)
      return seen(cluster, member, { status: "pending", state });
    const late = `the server ${id} did not come into the cluster within ${IN_MS_MAX / 60_000} minutes`;
    const fault = `${late}; ${await lastWords(cloud, id)}`;
    return seen(cluster, member, { status: "failed", state, fault, facts: { serverId: id } });
  }

  async function look(cloud: Cloud, cluster: Cluster): Promise<readonly Seen[]> {
    const nodes = await unlessAway((async () => (await session.api(cloud))?.listNodes())());
    return Promise.all(
      members.map(async (member) => {
        const node = nodes?.find(({ metadata }) => metadata.name === nameOf({ ...cluster, step: serverStep(member) }));
        if (node === undefined) return absent(cloud, cluster, member, "not in the cluster yet");
        const serverId = session.status(serverStep(member))?.id ?? "";
        const state = stateOf(node, serverId);
        if (state !== "Ready") return absent(cloud, cluster, member, state);
        const kubelet = node.status.nodeInfo?.kubeletVersion;
        const facts = { serverId, ...(kubelet === undefined ? {} : { kubelet }) };
        return seen(cluster, member, { status: "ready", state, facts });
      }),
    );
  }

  const memberOf = (step: string): string => step.split("/")[1] ?? "";
  return {
    kind: "kubernetes-node",
    find: look,
    get: async (cloud, cluster, id) => (await look(cloud, cluster)).find((one) => one.id === id),
    create: async (_cloud, owner) =>
      seen(owner, memberOf(owner.step), { status: "pending", state: "not in the cluster yet" }),
    async update(cloud, owner, spec, now) {
      const node = nameOf({ ...owner, step: serverStep(memberOf(owner.step)) });
      await unlessAway(
        (async () => {
          const api = await session.api(cloud);
          if (api !== undefined) await approveServing(api, node, spec.address);
        })(),
      );
      return now;
    },
    async remove(cloud, now) {
      const serverId = now.facts["serverId"];
      if (serverId !== undefined) await cloud.compute.deleteServer(serverId);
    },
  };
}
