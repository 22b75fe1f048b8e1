import { CILIUM_ENV, CONFIG, ciliumConfig, NOT_READY } from "./cilium-config.ts";
import { capable, initContainers } from "./cilium-init.ts";
import { agentConfigRules, agentRules, operatorRules, operatorSystemRules } from "./cilium-rules.ts";
import { image } from "./images.ts";
import { clusterAccess, namespaceAccess, serviceAccount } from "./rbac.ts";
import type { Addon, AddonInput, Manifest } from "./types.ts";
import {
  addon,
  daemonSet,
  deployment,
  hostPath,
  LINUX,
  mount,
  nodeProbe,
  RESTRICTED,
  resources,
  SYSTEM,
  TOLERATE_ALL,
  TOLERATE_NEW_CONTROL_PLANE,
} from "./workload.ts";

const AGENT = { namespace: SYSTEM, account: "cilium" };
const OPERATOR = { namespace: SYSTEM, account: "cilium-operator" };
const CONFIG_DIRECTORY = "/tmp/cilium/config-map";

const health = (more: object, headers: Readonly<Record<string, string>> = {}) => ({
  ...nodeProbe("/healthz", 9879, { timeoutSeconds: 5, ...more }),
  httpGet: {
    host: "127.0.0.1",
    path: "/healthz",
    port: 9879,
    httpHeaders: Object.entries({ brief: "true", ...headers }).map(([name, value]) => ({ name, value })),
  },
});

const volumes = [
  { name: "tmp", emptyDir: {} },
  hostPath("cilium-run", "/var/run/cilium", "DirectoryOrCreate"),
  hostPath("cilium-netns", "/var/run/netns", "DirectoryOrCreate"),
  hostPath("bpf-maps", "/sys/fs/bpf", "DirectoryOrCreate"),
  hostPath("hostproc", "/proc", "Directory"),
  hostPath("host-proc-sys-net", "/proc/sys/net", "Directory"),
  hostPath("host-proc-sys-kernel", "/proc/sys/kernel", "Directory"),
  hostPath("cilium-cgroup", "/run/cilium/cgroupv2", "DirectoryOrCreate"),
  hostPath("cni-path", "/opt/cni/bin", "DirectoryOrCreate"),
  hostPath("etc-cni-netd", "/etc/cni/net.d", "DirectoryOrCreate"),
  hostPath("lib-modules", "/lib/modules"),
  hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
];

/** templates/cilium-agent/daemonset.yaml with the chart's default values. */
const agent = (input: AddonInput, config: Manifest): Manifest =>
  daemonSet({
    namespace: SYSTEM,
    name: AGENT.account,
    config: [config],
    pod: {
      serviceAccountName: AGENT.account,
      priorityClassName: "system-node-critical",
      hostNetwork: true,
      nodeSelector: LINUX,
      tolerations: TOLERATE_ALL,
      terminationGracePeriodSeconds: 1,
      securityContext: { appArmorProfile: { type: "Unconfined" }, seccompProfile: { type: "Unconfined" } },
      initContainers: initContainers(input),
      containers: [
        {
          name: "cilium-agent",
          image: image(input, "cilium"),
          command: ["cilium-agent"],
          args: [`--config-dir=${CONFIG_DIRECTORY}`],
          env: [
            ...CILIUM_ENV,
            { name: "GOMEMLIMIT", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1" } } },
          ],
          resources: resources("100m", "256Mi", "1Gi"),
          securityContext: capable(
            ..."CHOWN KILL NET_ADMIN NET_RAW IPC_LOCK SYS_MODULE SYS_ADMIN SYS_RESOURCE DAC_OVERRIDE FOWNER".split(" "),
            ..."SETGID SETUID".split(" "),
          ),
          lifecycle: { preStop: { exec: { command: ["/cni-uninstall.sh"] } } },
          startupProbe: health({ initialDelaySeconds: 5, periodSeconds: 2, failureThreshold: 300 }),
          // An API that is away is no reason to restart what carries the nodes' traffic.
          livenessProbe: health({ periodSeconds: 30, failureThreshold: 10 }, { "require-k8s-connectivity": "false" }),
          readinessProbe: health({ periodSeconds: 30, failureThreshold: 3 }),
          volumeMounts: [
            mount("tmp", "/tmp"),
            mount("cilium-run", "/var/run/cilium"),
            mount("cilium-netns", "/var/run/cilium/netns", { mountPropagation: "HostToContainer" }),
            mount("bpf-maps", "/sys/fs/bpf", { mountPropagation: "HostToContainer" }),
            mount("host-proc-sys-net", "/host/proc/sys/net"),
            mount("host-proc-sys-kernel", "/host/proc/sys/kernel"),
            mount("etc-cni-netd", "/host/etc/cni/net.d"),
            mount("lib-modules", "/lib/modules", { readOnly: true }),
            mount("xtables-lock", "/run/xtables.lock"),
          ],
        },
      ],
      volumes,
    },
  });

/** templates/cilium-operator/deployment.yaml. It hands out the pods' addresses and registers Cilium's own kinds. */
const operator = (input: AddonInput, config: Manifest): Manifest =>
  deployment({
    namespace: SYSTEM,
    name: OPERATOR.account,
    config: [config],
    pod: {
      serviceAccountName: OPERATOR.account,
      priorityClassName: "system-cluster-critical",
      hostNetwork: true,
      nodeSelector: LINUX,
      // Not all of them, as the chart did up to v1.17: the only operator would stay on a machine that has died.
      tolerations: [...TOLERATE_NEW_CONTROL_PLANE, { key: NOT_READY, operator: "Exists", effect: "NoSchedule" }],
      containers: [
        {
          name: OPERATOR.account,
          image: image(input, "cilium-operator"),
          command: ["cilium-operator-generic"],
          args: [`--config-dir=${CONFIG_DIRECTORY}`],
          env: CILIUM_ENV,
          resources: resources("20m", "64Mi", "256Mi"),
          securityContext: { ...RESTRICTED, runAsUser: 65_532 },
          livenessProbe: nodeProbe("/healthz", 9234, { initialDelaySeconds: 60, periodSeconds: 10, timeoutSeconds: 3 }),
          readinessProbe: nodeProbe("/healthz", 9234, { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 5 }),
          volumeMounts: [mount("cilium-config", CONFIG_DIRECTORY, { readOnly: true }), mount("tmp", "/tmp")],
        },
      ],
      volumes: [
        { name: "cilium-config", configMap: { name: CONFIG } },
        { name: "tmp", emptyDir: {} },
      ],
    },
  });

export function cilium(input: AddonInput): Addon {
  const config = ciliumConfig(input);
  return addon("cilium", [
    config,
    ...[AGENT, OPERATOR].map(serviceAccount),
    ...clusterAccess(AGENT, agentRules),
    ...namespaceAccess(AGENT, agentConfigRules, "cilium-config-agent"),
    ...clusterAccess(OPERATOR, operatorRules),
    ...namespaceAccess(OPERATOR, operatorSystemRules),
    agent(input, config),
    operator(input, config),
  ]);
}
