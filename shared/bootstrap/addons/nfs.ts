import { nodePlugin, PLUGINS, sidecar } from "./csi.ts";
import { image } from "./images.ts";
import type { AddonInput, Manifest } from "./types.ts";
import { fieldEnv, hostPath, mount, nodeProbe, PRIVILEGED, resources, SYSTEM } from "./workload.ts";

export const NFS = { namespace: SYSTEM, account: "csi-nfs-node" };
export const NFS_SOCKETS = `${PLUGINS}/csi-nfsplugin`;
const PODS = "/var/lib/kubelet/pods";

/**
 * Mounts for Manila's driver, which knows no file system itself. It is not registered with kubelet: nobody can use it but
 * through Manila's. Source: kubernetes-csi/csi-driver-nfs deploy/v4.13.5/csi-nfs-node.yaml.
 */
export const nfsNode = (input: AddonInput): Manifest =>
  nodePlugin(NFS.account, {
    containers: [
      sidecar(input, "livenessprobe", ["--probe-timeout=3s", "--http-endpoint=127.0.0.1:29653"]),
      {
        name: "nfs",
        image: image(input, "nfsplugin"),
        args: ["--v=2", "--nodeid=$(NODE_ID)", "--endpoint=unix:///csi/csi.sock"],
        env: [fieldEnv("NODE_ID", "spec.nodeName")],
        resources: resources("10m", "32Mi", "300Mi"),
        securityContext: PRIVILEGED,
        livenessProbe: {
          ...nodeProbe("/healthz", 29653, { initialDelaySeconds: 30, timeoutSeconds: 10, periodSeconds: 30 }),
          failureThreshold: 5,
        },
        volumeMounts: [mount("socket-dir", "/csi"), mount("pods", PODS, { mountPropagation: "Bidirectional" })],
      },
    ],
    volumes: [hostPath("socket-dir", NFS_SOCKETS, "DirectoryOrCreate"), hostPath("pods", PODS, "Directory")],
  });
