import { approveServing } from "../../../shared/cluster/kubernetes/approve-serving.ts";
import type { KubernetesApi } from "../../../shared/kubernetes/api.ts";

// Goal: whoever looks at all nodes at once approves none but what a known kubelet still waits for.
const request = (name: string, over: object = {}, conditions: readonly object[] = []) => ({
  metadata: { name },
  spec: { signerName: "kubernetes.io/kubelet-serving", username: "system:node:dev-worker-1", request: "", ...over },
  status: { conditions },
});

test("strangers, other signers, what is decided and what asks for more than its own are left alone", async () => {
  const approved: string[] = [];
  const all = [
    request("a stranger's", { username: "system:node:dev-worker-9" }),
    request("a client's", { signerName: "kubernetes.io/kube-apiserver-client-kubelet" }),
    request("approved before", {}, [{ type: "Approved" }]),
    request("denied", {}, [{ type: "Denied" }]),
    request("not readable"),
  ];
  const api = {
    listCsrs: async () => all,
    approveCsr: async ({ metadata }: { metadata: { name: string } }) => void approved.push(metadata.name),
  } as unknown as KubernetesApi;
  await approveServing(api, [{ node: "dev-worker-1", address: "10.20.0.5" }]);
  expect(approved).toEqual([]);
});
