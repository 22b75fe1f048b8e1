import { withCa } from "./cloud-conf.ts";
import { image } from "./images.ts";
import { cniConf, controllerConf, KURYR_DIRECTORY } from "./kuryr-conf.ts";
import { openCrd } from "./open-crd.ts";
import { clusterAccess, rule, serviceAccount } from "./rbac.ts";
import type { Addon, AddonInput, Kuryr, Manifest } from "./types.ts";
import {
  addon,
  apiEnv,
  daemonSet,
  deployment,
  fieldEnv,
  hostPath,
  LINUX,
  mount,
  nodeProbe,
  PRIVILEGED,
  resources,
  SYSTEM,
  secret,
  secretVolume,
  TOLERATE_ALL,
  TOLERATE_NEW_CONTROL_PLANE,
} from "./workload.ts";

const CONTROLLER = { namespace: SYSTEM, account: "kuryr-controller" };
const CNI = { namespace: SYSTEM, account: "kuryr-cni" };
const GROUP = "openstack.org";
const ROOT_USER = 0;

/** What somebody who asks for Kuryr must read. */
export const KURYR_WARNING =
  "OpenStack retired Kuryr-Kubernetes on 2024-10-17. Its last release, 10.0.0 of 2024-04-03, was developed on " +
  "Kubernetes 1.28; nothing shows that it works with this cluster's. Its images are the operator's to build and keep.";

/** openstack/kuryr-kubernetes kubernetes_crds/kuryr_crds. */
const kinds = [
  { kind: "KuryrLoadBalancer", plural: "kuryrloadbalancers", shortNames: ["klb"] },
  { kind: "KuryrNetwork", plural: "kuryrnetworks", shortNames: ["kns"] },
  { kind: "KuryrNetworkPolicy", plural: "kuryrnetworkpolicies", shortNames: ["knp"] },
  { kind: "KuryrPort", plural: "kuryrports", shortNames: ["kp"] },
].map((kind) => openCrd(GROUP, { ...kind, namespaced: true }));

/** devstack/lib/kuryr_kubernetes gives all rights on these; here are the verbs that its client in k8s_client.py sends. */
const WRITE = "get list watch create patch update delete";
const controllerRules = [
  rule("get list watch patch", "pods nodes namespaces services services/status"),
  rule(WRITE, "endpoints"),
  rule("get list watch", "endpointslices", "discovery.k8s.io"),
  rule("get list watch update patch", "networkpolicies", "networking.k8s.io"),
  rule(WRITE, "kuryrloadbalancers kuryrnetworks kuryrnetworkpolicies kuryrports", GROUP),
  rule("patch", "kuryrloadbalancers/status kuryrnetworks/status kuryrports/status", GROUP),
  rule("create", "events"),
  rule("create", "events", "events.k8s.io"),
];
const cniRules = [
  rule("get list watch", "pods nodes"),
  rule("get list watch patch update", "kuryrports", GROUP),
  rule("create", "events"),
  rule("create", "events", "events.k8s.io"),
];

/** devstack/lib/kuryr_kubernetes, generate_controller_deployment; the image runs as root by its own build. */
const controller = (input: AddonInput, config: Manifest): Manifest =>
  deployment({
    namespace: SYSTEM,
    name: CONTROLLER.account,
    config: [config],
    pod: {
      serviceAccountName: CONTROLLER.account,
      priorityClassName: "system-node-critical",
      hostNetwork: true,
      nodeSelector: LINUX,
      tolerations: TOLERATE_NEW_CONTROL_PLANE,
      containers: [
        {
          name: "controller",
          image: image(input, "kuryr-controller"),
          env: apiEnv(input),
          resources: resources("100m", "256Mi", "1Gi"),
          securityContext: {
            runAsUser: ROOT_USER,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            seccompProfile: { type: "RuntimeDefault" },
          },
          readinessProbe: nodeProbe("/ready", 8082, { timeoutSeconds: 5 }),
          livenessProbe: nodeProbe("/alive", 8082, { initialDelaySeconds: 15 }),
          volumeMounts: [mount(CONTROLLER.account, KURYR_DIRECTORY, { readOnly: true })],
        },
      ],
      volumes: [secretVolume(CONTROLLER.account)],
    },
  });

/** Same file, generate_cni_daemon_set. */
const cni = (input: AddonInput, config: Manifest): Manifest =>
  daemonSet({
    namespace: SYSTEM,
    name: CNI.account,
    config: [config],
    pod: {
      serviceAccountName: CNI.account,
      priorityClassName: "system-node-critical",
      hostNetwork: true,
      nodeSelector: LINUX,
      tolerations: TOLERATE_ALL,
      containers: [
        {
          name: CNI.account,
          image: image(input, "kuryr-cni"),
          command: ["cni_ds_init"],
          env: [
            ...apiEnv(input),
            fieldEnv("KUBERNETES_NODE_NAME", "spec.nodeName"),
            fieldEnv("KURYR_CNI_POD_NAME", "metadata.name"),
          ],
          resources: resources("100m", "128Mi", "1Gi"),
          securityContext: PRIVILEGED,
          readinessProbe: nodeProbe("/ready", 8090, { initialDelaySeconds: 60, timeoutSeconds: 10 }),
          livenessProbe: nodeProbe("/alive", 8090, { initialDelaySeconds: 60 }),
          volumeMounts: [
            mount("bin", "/opt/cni/bin"),
            mount("net-conf", "/etc/cni/net.d"),
            mount("config", KURYR_DIRECTORY, { readOnly: true }),
            mount("proc", "/host_proc"),
            mount("var-pci", "/var/pci_address"),
            mount("var-run", "/var/run", { mountPropagation: "HostToContainer" }),
          ],
        },
      ],
      volumes: [
        hostPath("bin", "/opt/cni/bin", "DirectoryOrCreate"),
        hostPath("net-conf", "/etc/cni/net.d", "DirectoryOrCreate"),
        hostPath("proc", "/proc", "Directory"),
        hostPath("var-pci", "/var/pci_address", "DirectoryOrCreate"),
        hostPath("var-run", "/var/run", "Directory"),
        { name: "config", configMap: { name: CNI.account } },
      ],
    },
  });

/**
 * Pods reach the metadata address through Neutron, not through their node. It answers ports that belong to an instance,
 * which the subports of a trunk do not: for pods it knows nothing.
 */
export function kuryr(input: AddonInput, of: Kuryr): Addon {
  const conf = secret(SYSTEM, CONTROLLER.account, withCa(input, { "kuryr.conf": controllerConf(input, of) }));
  const nodeConf: Manifest = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: CNI.account, namespace: SYSTEM },
    data: { "kuryr.conf": cniConf(input) },
  };
  return addon("kuryr", [
    ...kinds,
    conf,
    nodeConf,
    ...[CONTROLLER, CNI].map(serviceAccount),
    ...clusterAccess(CONTROLLER, controllerRules),
    ...clusterAccess(CNI, cniRules),
    controller(input, conf),
    cni(input, nodeConf),
  ]);
}
