import type { NodeBoot, NodeFile } from "./boot.ts";
import { imageAt, RELEASES } from "./versions.ts";

const MODULES = ["overlay", "br_netfilter"];
/** The kernel.* and vm.* ones are what the kubelet wants where it must not set them itself (`protectKernelDefaults`). */
const SYSCTL = {
  "net.bridge.bridge-nf-call-iptables": 1,
  "net.bridge.bridge-nf-call-ip6tables": 1,
  "net.ipv4.ip_forward": 1,
  "fs.inotify.max_user_instances": 8192,
  "fs.inotify.max_user_watches": 524288,
  "kernel.keys.root_maxbytes": 25000000,
  "kernel.keys.root_maxkeys": 1000000,
  "kernel.panic": 10,
  "kernel.panic_on_oops": 1,
  "vm.overcommit_memory": 1,
  "vm.panic_on_oom": 0,
};

/** Version 2 is what containerd 1.7 knows and 2.x still reads. */
const containerd = (boot: Pick<NodeBoot, "version" | "registry">): string => `version = 2

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${imageAt(boot.registry, `registry.k8s.io/pause:${RELEASES[boot.version].pause}`)}"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = true

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`;

/** Source: https://kubernetes.io/docs/setup/production-environment/container-runtimes/ */
export const kernelFiles: readonly NodeFile[] = [
  { path: "/etc/modules-load.d/kubernetes.conf", mode: "0644", content: `${MODULES.join("\n")}\n` },
  {
    path: "/etc/sysctl.d/90-kubernetes.conf",
    mode: "0644",
    content: Object.entries(SYSCTL)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join(""),
  },
];

export const containerdFile = (boot: Pick<NodeBoot, "version" | "registry">): NodeFile => ({
  path: "/etc/containerd/config.toml",
  mode: "0644",
  content: containerd(boot),
});
