import { servingRequestFits } from "../../bootstrap/serving.ts";
import type { KubernetesApi } from "../../kubernetes/api.ts";
import type { SigningRequest } from "../../kubernetes/shapes.ts";

const SERVING = "kubernetes.io/kubelet-serving";
const KUBELET = "system:node:";

const isPending = ({ spec, status }: SigningRequest): boolean =>
  spec.signerName === SERVING && !status.conditions.some(({ type }) => type === "Approved" || type === "Denied");

/**
 * Approves the serving certificates that kubelets of these nodes wait for, where names and address are those of the Nova
 * server. A kubelet asks when it starts and again before its certificate ends, so this never ends either.
 */
export async function approveServing(
  api: KubernetesApi,
  known: readonly { readonly node: string; readonly address: string }[],
): Promise<void> {
  for (const request of (await api.listCsrs()).filter(isPending)) {
    const one = known.find(({ node }) => request.spec.username === `${KUBELET}${node}`);
    if (one !== undefined && servingRequestFits(request.spec, { node: one.node, addresses: [one.address] }))
      await api.approveCsr(request, "The names and the address are those of the Nova server.");
  }
}
