import "reflect-metadata";
import { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from "@peculiar/x509";
import { approveServing } from "../../../shared/cluster/kubernetes/approve-serving.ts";
import { nodeKind } from "../../../shared/cluster/kubernetes/node-step.ts";
import type { KubernetesSession } from "../../../shared/cluster/kubernetes/session.ts";
import type { KubernetesApi } from "../../../shared/kubernetes/api.ts";
import type { Cloud } from "../../../shared/openstack/cloud.ts";

// Goal: whoever looks at all nodes at once approves none but what a known kubelet still waits for.
const NODE = "dev-k7f3m2q9x1-server-worker-1";
const ADDRESS = "10.20.0.5";
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function asked(): Promise<string> {
  const made = await Pkcs10CertificateRequestGenerator.create({
    name: [{ O: ["system:nodes"] }, { CN: [`system:node:${NODE}`] }],
    keys: await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new SubjectAlternativeNameExtension([
        { type: "dns", value: NODE },
        { type: "ip", value: ADDRESS },
      ]),
    ],
  });
  return Buffer.from(`${made.toString("pem")}\n`).toString("base64");
}
const VALID = asked();

const request = async (name: string, over: object = {}, conditions: readonly object[] = []) => ({
  metadata: { name },
  spec: {
    signerName: "kubernetes.io/kubelet-serving",
    username: `system:node:${NODE}`,
    groups: ["system:nodes"],
    usages: ["digital signature", "server auth"],
    request: await VALID,
    ...over,
  },
  status: { conditions },
});

function kubelets(all: readonly object[]) {
  const approved: string[] = [];
  const api = {
    listCsrs: async () => all,
    approveCsr: async ({ metadata }: { metadata: { name: string } }) => void approved.push(metadata.name),
  } as unknown as KubernetesApi;
  return { api, approved };
}

test("strangers, other signers, what is decided and what asks for more than its own are left alone", async () => {
  const { api, approved } = kubelets([
    await request("a stranger's", { username: "system:node:dev-worker-9" }),
    await request("a client's", { signerName: "kubernetes.io/kube-apiserver-client-kubelet" }),
    await request("approved before", {}, [{ type: "Approved" }]),
    await request("denied", {}, [{ type: "Denied" }]),
    await request("not readable", { request: "" }),
    await request("a known kubelet's"),
    await request("of which it is said that it failed", {}, [{ type: "Failed" }]),
  ]);
  await approveServing(api, [{ node: NODE, address: ADDRESS }]);
  expect(approved).toEqual(["a known kubelet's", "of which it is said that it failed"]);
});

test.each([
  [ADDRESS, ["a"]],
  ["10.20.0.6", []],
])("a node's step approves what its own server asks for, at %s", async (address, expected) => {
  const { api, approved } = kubelets([await request("a")]);
  const session = { api: async () => api } as unknown as KubernetesSession;
  const owner = { cluster: "k7f3m2q9x1", name: "dev", step: "kubernetes-node/worker-1" };
  const now = { id: owner.step, name: "x", status: "pending", state: "NotReady", facts: {} } as const;
  expect(await nodeKind(session, ["worker-1"]).update({} as Cloud, owner, { address }, now)).toBe(now);
  expect(approved).toEqual(expected);
});
