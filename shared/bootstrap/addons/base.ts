import { groupBinding, groupInNamespace, rule } from "./rbac.ts";
import type { Addon } from "./types.ts";
import { addon, OURS } from "./workload.ts";

const READER = "kinvirt:cluster-reader";

/**
 * What the other add-ons and the people need first.
 *
 * kubeadm's phase `bootstrap-token` is skipped; of its bindings all but one are for holders of tokens, of whom there are
 * none. That one lets nodes renew their own certificates (cmd/kubeadm/app/phases/bootstraptoken/node/tlsbootstrap.go,
 * AutoApproveNodeCertificateRotation), and it is what a joining node's first request is approved by, as it comes from
 * the node itself. What a joining node reads, kubeadm-config and kubelet-config, phase `upload-config` opens to
 * system:nodes; the cluster-info ConfigMap may be refused to it (cmd/kubeadm/app/discovery/file/file.go).
 *
 * The built-in roles `edit` and `view` show nothing outside of namespaces, not even nodes. Who has `edit` in kube-system has
 * all: the cloud's logins are Secrets there, and its pods may be the node's root. So it is for the namespace in which people
 * begin, and administrators give it in those that they make.
 */
export const base = (): Addon =>
  addon("base", [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: OURS, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    },
    groupBinding(
      "kubeadm:node-autoapprove-certificate-rotation",
      "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
      "system:nodes",
    ),
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: READER },
      rules: [
        rule("get list watch", "namespaces nodes persistentvolumes"),
        rule("get list watch", "storageclasses", "storage.k8s.io"),
      ],
    },
    groupBinding("kinvirt:admin", "cluster-admin", "kinvirt:admin"),
    groupInNamespace("kinvirt:edit", "edit", "kinvirt:edit", "default"),
    groupBinding("kinvirt:edit-view", "view", "kinvirt:edit"),
    groupBinding("kinvirt:view", "view", "kinvirt:view"),
    groupBinding("kinvirt:edit-cluster", READER, "kinvirt:edit"),
    groupBinding("kinvirt:view-cluster", READER, "kinvirt:view"),
  ]);
