import { cloudConfig } from "./cloud-config.ts";

const MODULES = ["overlay", "br_netfilter"];
const SYSCTL = {
  "net.bridge.bridge-nf-call-iptables": 1,
  "net.bridge.bridge-nf-call-ip6tables": 1,
  "net.ipv4.ip_forward": 1,
};

/**
 * User-data that makes a virtual machine fit for a kubelet: its host name, kernel modules, forwarding, no swap. It holds no
 * secret. Source: https://kubernetes.io/docs/setup/production-environment/container-runtimes/
 */
export const nodeUserData = (hostname: string): string =>
  cloudConfig({
    hostname,
    files: [
      { path: "/etc/modules-load.d/kubernetes.conf", content: `${MODULES.join("\n")}\n` },
      {
        path: "/etc/sysctl.d/90-kubernetes.conf",
        content: Object.entries(SYSCTL)
          .map(([name, value]) => `${name} = ${value}\n`)
          .join(""),
      },
    ],
    run: [
      "modprobe --all overlay br_netfilter",
      "sysctl --system",
      "swapoff --all",
      "sed -i '/\\sswap\\s/d' /etc/fstab",
    ],
  });
