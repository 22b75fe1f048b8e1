import type { IContainer } from "kubernetes-models/v1/Container";
import { CGROUPS, CILIUM_ENV, CONFIG } from "./cilium-config.ts";
import { image } from "./images.ts";
import type { AddonInput } from "./types.ts";
import { mount, PRIVILEGED, resources } from "./workload.ts";

/** The chart's `securityContext.capabilities`, in place of privileged containers. */
export const capable = (...add: string[]) => ({
  seLinuxOptions: { level: "s0", type: "spc_t" },
  capabilities: { add, drop: ["ALL"] },
});

/** Runs a program of the image in the node's own namespaces, from where the image's file system cannot be seen. */
const onNode = (
  input: AddonInput,
  name: string,
  program: string,
  namespaces: string,
  argument: string,
): IContainer => ({
  name,
  image: image(input, "cilium"),
  command: ["bash", "-ec"],
  args: [
    [
      `cp /usr/bin/${program} /hostbin/${program}`,
      `nsenter ${namespaces} /opt/cni/bin/${program} ${argument}`,
      `rm /hostbin/${program}`,
    ].join("; "),
  ],
  resources: resources("10m", "16Mi", "128Mi"),
  securityContext: capable("SYS_ADMIN", "SYS_CHROOT", "SYS_PTRACE"),
  volumeMounts: [mount("hostproc", "/hostproc"), mount("cni-path", "/hostbin")],
});

/** What the chart runs before the agent, in its order. */
export const initContainers = (input: AddonInput): IContainer[] => {
  const common = { image: image(input, "cilium"), resources: resources("10m", "16Mi", "256Mi") };
  const optional = (name: string, key: string) => ({
    name,
    valueFrom: { configMapKeyRef: { name: CONFIG, key, optional: true } },
  });
  return [
    {
      name: "config",
      ...common,
      command: ["cilium-dbg", "build-config"],
      env: CILIUM_ENV,
      // It marks its connections to the API, which kernels before 5.17 allow to nobody else.
      securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ["NET_ADMIN"], drop: ["ALL"] } },
      volumeMounts: [mount("tmp", "/tmp")],
    },
    onNode(input, "mount-cgroup", "cilium-mount", "--cgroup=/hostproc/1/ns/cgroup --mount=/hostproc/1/ns/mnt", CGROUPS),
    onNode(input, "apply-sysctl-overwrites", "cilium-sysctlfix", "--mount=/hostproc/1/ns/mnt", ""),
    {
      name: "mount-bpf-fs",
      ...common,
      command: ["/bin/bash", "-c", "--"],
      args: ['mount | grep "/sys/fs/bpf type bpf" || mount -t bpf bpf /sys/fs/bpf'],
      securityContext: PRIVILEGED,
      volumeMounts: [mount("bpf-maps", "/sys/fs/bpf", { mountPropagation: "Bidirectional" })],
    },
    {
      name: "clean-cilium-state",
      ...common,
      command: ["/init-container.sh"],
      env: [
        optional("CILIUM_ALL_STATE", "clean-cilium-state"),
        optional("CILIUM_BPF_STATE", "clean-cilium-bpf-state"),
        optional("WRITE_CNI_CONF_WHEN_READY", "write-cni-conf-when-ready"),
      ],
      securityContext: capable("NET_ADMIN", "SYS_MODULE", "SYS_ADMIN", "SYS_RESOURCE"),
      volumeMounts: [
        mount("bpf-maps", "/sys/fs/bpf"),
        mount("cilium-cgroup", CGROUPS, { mountPropagation: "HostToContainer" }),
        mount("cilium-run", "/var/run/cilium"),
      ],
    },
    {
      name: "install-cni-binaries",
      ...common,
      command: ["/install-plugin.sh"],
      securityContext: capable(),
      volumeMounts: [mount("cni-path", "/host/opt/cni/bin")],
    },
  ];
};
