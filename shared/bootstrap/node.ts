import { gzipSync } from "node:zlib";
import { assert } from "../assert.ts";
import { CLOUD_CA, DISCOVERY, KMS_CONFIG, kmsPlugins, type NodeBoot, type NodeFile } from "./boot.ts";
import { cloudConfig } from "./cloud-config.ts";
import { controlPlaneFiles } from "./control-plane.ts";
import { kubeadmConfig } from "./kubeadm.ts";
import { containerdFile, kernelFiles } from "./node-files.ts";
import { clientCertificate, kubeconfig, type Pki } from "./pki.ts";
import { BOOT_SCRIPT } from "./script.ts";
import { RELEASES } from "./versions.ts";

/** How long a joining node has to ask for a certificate of its own. */
const JOIN_SECONDS = 3600;
/** The most that Barbican stores in one secret by default. */
const PAYLOAD_MAX = 20_000;
const PACKAGES = "https://pkgs.k8s.io";

/**
 * Tried for as long as what the node fetches may live: a mirror is away for minutes, and for another program's locks neither
 * `dpkg` nor `apt-get update` waits. By each boot, since cloud-init takes a `runcmd` for done before it has begun it: a
 * machine that was reset meanwhile would never become a node. Source: cloud-init cloudinit/helpers.py, FileSemaphores.
 */
const EACH_BOOT: NodeFile = {
  path: "/var/lib/cloud/scripts/per-boot/kinvirt",
  mode: "0700",
  content: `#!/bin/bash
until /etc/kinvirt/boot.sh; do
  [ "$SECONDS" -lt ${JOIN_SECONDS} ] || exit 1
  sleep 15
done
`,
};

/** For images whose cloud.cfg has no `scripts-per-boot`; else that has run before, as far as the fetch at least. */
const RUN = [`test -e /run/kinvirt || ${EACH_BOOT.path}`];

const trimmed = (url: string): string => url.replace(/\/+$/, "");
const withEnd = (url: string, end: string): string => (trimmed(url).endsWith(end) ? trimmed(url) : trimmed(url) + end);
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Shell assignments for the boot script. */
const environment = (boot: NodeBoot): string =>
  Object.entries({
    ACTION: boot.first ? "init" : "join",
    KUBERNETES_VERSION: RELEASES[boot.version].release,
    PACKAGES_URL: `${trimmed(boot.packages ?? PACKAGES)}/core:/stable:/v${boot.version}/deb`,
    CA_CERT_HASH: boot.caCertHash,
    AUTH_URL: withEnd(boot.fetch.authUrl, "/v3"),
    PAYLOAD_URL: withEnd(boot.fetch.payloadHref, "/payload"),
    CLOUD_CA: boot.fetch.caCertificate === undefined ? "" : CLOUD_CA,
  })
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join("");

/** What the script posts to Keystone: a file, so that its secret is never an argument that every process could see. */
function login({ fetch }: NodeBoot): string {
  const application_credential = { id: fetch.credentialId, secret: fetch.credentialSecret };
  return JSON.stringify({ auth: { identity: { methods: ["application_credential"], application_credential } } });
}

const files = (boot: NodeBoot): readonly NodeFile[] => [
  ...kernelFiles,
  containerdFile(boot),
  ...(boot.role === "worker" ? [] : controlPlaneFiles(boot)),
  ...(boot.fetch.caCertificate === undefined
    ? []
    : [{ path: CLOUD_CA, mode: "0644" as const, content: boot.fetch.caCertificate }]),
  { path: "/etc/kinvirt/node.env", mode: "0600", content: environment(boot) },
  { path: "/etc/kinvirt/fetch.json", mode: "0600", content: login(boot) },
  { path: "/etc/kinvirt/kubeadm.yaml", mode: "0600", content: kubeadmConfig(boot) },
  { path: "/etc/kinvirt/boot.sh", mode: "0700", content: BOOT_SCRIPT },
  EACH_BOOT,
];

/**
 * What Nova gets, before base64: cloud-config, compressed, which cloud-init sees for itself. It holds no key of the cluster;
 * the one secret in it reads one payload for an hour, and anyone on the node can read user-data for as long as it lives.
 */
export const bootUserData = (boot: NodeBoot): Buffer =>
  gzipSync(cloudConfig({ hostname: boot.hostname, files: files(boot), run: RUN }), { level: 9 });

const authorities = (pki: Pki): readonly NodeFile[] =>
  Object.entries({
    "ca.crt": pki.ca.certificate,
    "ca.key": pki.ca.key,
    "etcd/ca.crt": pki.etcdCa.certificate,
    "etcd/ca.key": pki.etcdCa.key,
    "front-proxy-ca.crt": pki.frontProxyCa.certificate,
    "front-proxy-ca.key": pki.frontProxyCa.key,
    "sa.key": pki.serviceAccount.key,
    "sa.pub": pki.serviceAccount.publicKey,
  }).map(([name, content]) => ({
    path: `/etc/kubernetes/pki/${name}`,
    mode: name.endsWith(".key") ? "0600" : "0644",
    content,
  }));

/** Good for becoming that one node, for an hour: the certificate is for its name only. */
async function discovery(pki: Pki, boot: NodeBoot, nowMs: number): Promise<NodeFile> {
  const user = `system:node:${boot.hostname}`;
  const client = await clientCertificate(pki.ca, { user, groups: ["system:nodes"], nowMs, seconds: JOIN_SECONDS });
  const server = `https://${boot.endpoint.vip}:${boot.endpoint.port}`;
  const content = kubeconfig({ server, ca: pki.ca.certificate, client, cluster: boot.clusterName, user });
  return { path: DISCOVERY, mode: "0600", content };
}

const kmsFiles = (boot: NodeBoot, conf: string | Readonly<Record<string, string>>): readonly NodeFile[] =>
  kmsPlugins(boot).map((plugin) => {
    const content = typeof conf === "string" ? conf : conf[plugin];
    assert(content !== undefined, `no cloud.conf for the KMS plugin ${plugin}`);
    return { path: `${KMS_CONFIG}/${plugin}.conf`, mode: "0600", content };
  });

/** The text of a node's Barbican secret. `kmsCloudConf` is the one plugin's, or each one's by its name. */
export async function nodePayload(of: {
  pki: Pki;
  boot: NodeBoot;
  kmsCloudConf?: string | Readonly<Record<string, string>>;
  nowMs: number;
}): Promise<string> {
  const { pki, boot, kmsCloudConf, nowMs } = of;
  assert(
    (boot.role === "worker") === (kmsCloudConf === undefined),
    "a cloud.conf for each control plane, and only there",
  );
  const text = JSON.stringify({
    files: [
      ...(boot.role === "worker" ? [] : authorities(pki)),
      ...(kmsCloudConf === undefined ? [] : kmsFiles(boot, kmsCloudConf)),
      ...(boot.first ? [] : [await discovery(pki, boot, nowMs)]),
    ],
  });
  assert(Buffer.byteLength(text) <= PAYLOAD_MAX, `a payload of more than ${PAYLOAD_MAX} bytes`);
  return text;
}
