import { X509Certificate } from "node:crypto";
import { parse } from "yaml";
import type { Send } from "../../shared/openstack/send.ts";
import { listAt, textAt } from "../openstack/json.ts";
import { fetched, type Wait } from "./boot-fetch.ts";
import type { Cluster, ClusterSetup } from "./cluster.ts";
import { certificateHash, checkPki, initialise, setupOf } from "./kubeadm.ts";
import { type Kubeadm, readKubeadm } from "./kubeadm-documents.ts";
import { isIssued, type Joining, nodeUser, register, requestCertificate } from "./kubelet.ts";
import type { Tasks } from "./tasks.ts";
import { readShell, readUserData } from "./user-data.ts";

/** A machine as its first boot finds it. */
export interface Machine {
  readonly name: string;
  /** As Nova keeps it: base64. */
  readonly userData: string;
  /** Undefined once the machine is gone or off: nothing more happens on it. */
  readonly runs: () => boolean;
}

/** What a boot may reach. */
export interface BootGround {
  readonly tasks: Tasks;
  /** OpenStack, as a node reaches it. */
  readonly send: Send;
  /** The API server at this address, if somebody answers there. */
  clusterAt(address: string, ca: string): Cluster | undefined;
  /** Makes a cluster, reachable at these addresses and names. */
  start(setup: Omit<ClusterSetup, "tasks" | "chance">): Cluster;
  say(line: string): void;
  /** How many times as fast as a real machine. */
  readonly haste: number;
  /** In: the node, its cluster, and whether it is one of its control planes. */
  joined(cluster: Cluster, node: string, controlPlane: boolean): void;
}

const ENV = "/etc/kinvirt/node.env";
const LOGIN = "/etc/kinvirt/fetch.json";
const KUBEADM = "/etc/kinvirt/kubeadm.yaml";
const SCRIPT = "/etc/kinvirt/boot.sh";
const START_MS = 20_000;
const PREPARE_MS = 15_000;
const KUBEADM_MS = 20_000;
/** How long the script is run anew, and after how long each time. */
const TRIES_MS = 3600_000;
const RUN_AGAIN_MS = 15_000;
const WAIT_MS = 2000;
/** kubeadm's timeouts discovery and tlsBootstrap. */
const PATIENCE_MS = 600_000;

interface Ended {
  readonly failed?: string;
}

/** The boot of one machine, as its boot script goes. It never throws; the console tells how far it came. */
export function boot(machine: Machine, ground: BootGround): void {
  const { tasks, say } = ground;
  const data = readUserData(machine.userData);
  const script = data?.files.has(SCRIPT) === true && data.scripts.some((one) => one.includes(SCRIPT));
  if (data === undefined || !script) {
    say("cloud-init: no script to run");
    return;
  }
  tasks.start(async (wait) => {
    await wait(START_MS / ground.haste);
    const endMs = tasks.nowMs() + TRIES_MS;
    while (tasks.nowMs() < endMs && machine.runs()) {
      const { failed } = await attempt(machine, data.files, ground, wait).catch(
        (error: unknown): Ended => ({ failed: error instanceof Error ? error.message : String(error) }),
      );
      if (failed === undefined) return;
      say(failed);
      await wait(RUN_AGAIN_MS);
    }
    say("cloud-init: Failed to run module scripts-per-boot (per-boot in /var/lib/cloud/scripts/per-boot)");
  });
}

async function attempt(
  machine: Machine,
  given: ReadonlyMap<string, string>,
  ground: BootGround,
  wait: Wait,
): Promise<Ended> {
  const { say } = ground;
  const files = new Map(given);
  const env = readShell(files.get(ENV) ?? "");
  say("kinvirt: preparing the kernel");
  await wait(PREPARE_MS / ground.haste);
  say("kinvirt: fetching this node's secret");
  const token = await fetched(ground, wait, machine, {
    method: "POST",
    url: `${env.get("AUTH_URL")}/auth/tokens`,
    headers: { "content-type": "application/json" },
    body: files.get(LOGIN) ?? "",
  });
  const id = token.headers["x-subject-token"] ?? "";
  const headers = { "x-auth-token": id, accept: "text/plain" };
  const payload = await fetched(ground, wait, machine, { method: "GET", url: env.get("PAYLOAD_URL") ?? "", headers });
  for (const file of listAt(JSON.parse(payload.body), "files") ?? [])
    files.set(textAt(file, "path") ?? "", textAt(file, "content") ?? "");
  const kubeadm = readKubeadm(files.get(KUBEADM) ?? "");
  const ca = files.get("/etc/kubernetes/pki/ca.crt");
  const discovery = parse(files.get(kubeadm.join?.discovery.file?.kubeConfigPath ?? "") ?? "null");
  const [told] = (listAt(discovery, "clusters") ?? []).map((one) => (one as { cluster?: unknown }).cluster);
  const shown = Buffer.from(textAt(told, "certificate-authority-data") ?? "", "base64").toString();
  for (const certificate of [ca, shown === "" ? undefined : shown])
    if (certificate !== undefined && certificateHash(certificate) !== env.get("CA_CERT_HASH"))
      return { failed: "kinvirt: the certificate authority in the secret is another cluster's" };
  const action = env.get("ACTION") === "init" ? "init" : "join";
  say(`kinvirt: kubeadm ${action}`);
  await wait(KUBEADM_MS / ground.haste);
  if (!machine.runs()) return {};
  const entered =
    action === "init"
      ? await firstNode(machine, kubeadm, files, ground)
      : await nextNode(machine, kubeadm, files, discovery, ground, wait);
  if (entered.failed !== undefined) return entered;
  say("kinvirt: wiping what is no longer needed");
  say("kinvirt: this machine is a node");
  return {};
}

function joiningOf(machine: Machine, { init, join }: Kubeadm, version: string): Joining {
  const registration = (init ?? join)?.nodeRegistration;
  const flag = (name: string) => registration?.kubeletExtraArgs?.find((one) => one.name === name)?.value;
  const local = init?.localAPIEndpoint ?? join?.controlPlane?.localAPIEndpoint;
  return {
    name: registration?.name ?? machine.name,
    address: flag("node-ip") ?? local?.advertiseAddress ?? "0.0.0.0",
    version,
    controlPlane: local !== undefined,
    external: flag("cloud-provider") === "external",
  };
}

/** Serving certificates are asked for when the node is in; whether somebody approves is not the boot's business. */
async function enter(cluster: Cluster, of: Joining, ground: BootGround): Promise<Ended> {
  const refusal = register(cluster, of);
  if (refusal !== undefined) return { failed: `error execution phase kubelet-start: ${refusal}` };
  if (cluster.setup.serverTLSBootstrap) await requestCertificate(cluster, nodeUser(of.name), of, true);
  ground.joined(cluster, of.name, of.controlPlane);
  return {};
}

async function firstNode(machine: Machine, kubeadm: Kubeadm, files: ReadonlyMap<string, string>, ground: BootGround) {
  const setup = setupOf(kubeadm, files);
  const made = ground.start(setup);
  initialise(made, kubeadm);
  return enter(made, joiningOf(machine, kubeadm, setup.gitVersion), ground);
}

async function nextNode(
  machine: Machine,
  kubeadm: Kubeadm,
  files: ReadonlyMap<string, string>,
  discovery: unknown,
  ground: BootGround,
  wait: Wait,
): Promise<Ended> {
  const { tasks } = ground;
  if (kubeadm.join?.controlPlane !== undefined) checkPki(files);
  const inside = (list: string, key: string) =>
    (listAt(discovery, list)?.[0] as Record<string, unknown> | undefined)?.[key];
  const server = textAt(inside("clusters", "cluster"), "server") ?? "https://nowhere";
  const ca = Buffer.from(
    textAt(inside("clusters", "cluster"), "certificate-authority-data") ?? "",
    "base64",
  ).toString();
  const pem = Buffer.from(textAt(inside("users", "user"), "client-certificate-data") ?? "", "base64").toString();
  const endMs = tasks.nowMs() + PATIENCE_MS;
  const look = () => ground.clusterAt(new URL(server).hostname, ca);
  let found = look();
  while (found === undefined && tasks.nowMs() < endMs && machine.runs()) {
    await wait(WAIT_MS);
    found = look();
  }
  if (found === undefined) return { failed: `couldn't validate the identity of the API Server: ${server}: timed out` };
  const user = found.userOf(pem);
  if (user === undefined) {
    const until = new X509Certificate(pem).validTo;
    return { failed: `couldn't validate the identity of the API Server: Unauthorized (certificate until ${until})` };
  }
  const of = joiningOf(machine, kubeadm, found.setup.gitVersion);
  const asked = await requestCertificate(found, user, of, false);
  if (asked.refusal !== undefined) return { failed: `error execution phase kubelet-start: ${asked.refusal}` };
  while (!isIssued(found, asked.name) && tasks.nowMs() < endMs && machine.runs()) await wait(WAIT_MS);
  if (!isIssued(found, asked.name))
    return { failed: "error execution phase kubelet-wait-bootstrap: timed out waiting for the condition" };
  return enter(found, of, ground);
}
