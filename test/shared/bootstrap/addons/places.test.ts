import type { IContainer } from "kubernetes-models/v1/Container";
import type { IProbe } from "kubernetes-models/v1/Probe";
import { parse } from "yaml";
import type { AddonInput } from "../../../../shared/bootstrap/addons/index.ts";
import { sections } from "./ini.ts";
import { ALL, INPUT, manifestsOf, nameOf, readable, textOf, variant } from "./input.ts";
import { type Pod, podsOf } from "./pods.ts";

// Goal: each file, socket and port that a program is told of is there, where the other side has it.
const KUBELET = "/var/lib/kubelet";
const flag = (container: IContainer, name: string): string | undefined =>
  container.args?.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const holds = (directory: string, path: string) => path === directory || path.startsWith(`${directory}/`);

/** A container's path as the node has it, or as `volume:path` where it is the pod's own. */
function placeOf({ spec, owner }: Pod, container: IContainer, path: string): string {
  const mount = container.volumeMounts?.find(({ mountPath }) => holds(mountPath, path));
  const volume = spec.volumes?.find(({ name }) => name === mount?.name);
  if (mount === undefined || volume === undefined) return `${owner}/${container.name} has no ${path}`;
  return (volume.hostPath?.path ?? `${owner}:${volume.name}`) + path.slice(mount.mountPath.length);
}

/** Keys of the Secret or ConfigMap that a container sees at a directory. */
function keysAt(input: AddonInput, pod: Pod, container: IContainer, directory: string): readonly string[] {
  const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === directory);
  const volume = pod.spec.volumes?.find(({ name }) => name === mount?.name);
  const name = volume?.secret
    ? `Secret ${pod.namespace}/${volume.secret.secretName}`
    : `ConfigMap ${pod.namespace}/${volume?.configMap?.name}`;
  const found = manifestsOf(input)
    .map(readable)
    .find((one) => nameOf(one) === name);
  return Object.keys((found?.kind === "Secret" ? found.stringData : found?.kind === "ConfigMap" && found.data) || {});
}

const each = <T>(input: AddonInput, of: (pod: Pod, container: IContainer) => readonly T[]): readonly T[] =>
  podsOf(input).flatMap((pod) => pod.containers.flatMap((container) => of(pod, container)));

test.each(ALL)("%s: a file that a program is told of is in what is mounted there", (_, input) => {
  const missing = each(input, (pod, container) =>
    ["cloud-config", "config"]
      .flatMap((name) => flag(container, name) ?? [])
      .filter((path) => {
        const [directory, key] = [path.replace(/\/[^/]+$/, ""), path.replace(/^.*\//, "")];
        return !keysAt(input, pod, container, directory).includes(key);
      })
      .map((path) => `${pod.owner} has no ${path}`),
  );
  expect(missing).toEqual([]);
});

test("each program that speaks to the cloud finds its authority's certificate", () => {
  const certified = (cni: AddonInput["cni"]): AddonInput => ({ ...variant("everything"), cni });
  const kuryr = { ...certified("kuryr"), ...(variant("kuryr").kuryr && { kuryr: variant("kuryr").kuryr }) };
  const told = [certified("calico"), kuryr as AddonInput].flatMap((input) =>
    each(input, (pod, container) =>
      (container.volumeMounts ?? []).flatMap(({ name, mountPath }) => {
        const secret = pod.spec.volumes?.find((one) => one.name === name)?.secret?.secretName;
        if (secret === undefined) return [];
        const of = manifestsOf(input)
          .map(readable)
          .find((one) => nameOf(one) === `Secret ${pod.namespace}/${secret}`);
        const text = JSON.stringify(of);
        return [`${pod.owner} ${text.includes(`${mountPath}/ca.crt`)} ${text.includes('"ca.crt":"-----BEGIN')}`];
      }),
    ),
  );
  const owners =
    "kuryr-controller openstack-cloud-controller-manager cinder-csi-controller external-dns octavia-ingress-controller";
  expect(new Set(told)).toEqual(new Set(owners.split(" ").map((owner) => `${owner} true true`)));
  expect(textOf(certified("calico"), "Secret kube-system/manila-csi", "os-certAuthority")).toContain("BEGIN CERT");
});

/** Gophercloud looks for clouds.yaml in /etc/openstack, and OS_CLOUD says which of its clouds is meant. */
test("the webhook finds its cloud", () => {
  const [pod] = podsOf(INPUT).filter(({ owner }) => owner === "external-dns");
  const webhook = pod?.containers.find(({ name }) => name === "designate");
  if (pod === undefined || webhook === undefined) throw new Error("no webhook");
  expect(keysAt(INPUT, pod, webhook, "/etc/openstack")).toContain("clouds.yaml");
  const { clouds } = parse(textOf(INPUT, "Secret kinvirt-system/external-dns-openstack", "clouds.yaml"));
  expect(Object.keys(clouds)).toEqual(webhook.env?.map(({ value }) => value));
  // Where it listens unless it is told: cmd/webhook/main.go.
  const dns = pod.containers.find(({ name }) => name === "external-dns");
  expect(dns?.args).toContain("--webhook-provider-url=http://localhost:8888");
  // Who owns a record is told by a record beside it, and by it what a cluster leaves is found.
  expect(dns?.args).toContain("--registry=txt");
});

test.each(ALL)("%s: whoever calls a CSI socket finds a driver at it, and kubelet finds it in its place", (_, input) => {
  const at = (pod: Pod, one: IContainer, path: string | undefined) =>
    path === undefined ? [] : [placeOf(pod, one, path.replace("unix://", ""))];
  const served = each(input, (pod, one) => at(pod, one, flag(one, "endpoint")));
  // Beside it in the pod: another pod's driver on the same node is the one of the nodes, which makes no volumes.
  const beside = podsOf(input).flatMap((pod) => {
    const own = pod.containers.flatMap((one) => at(pod, one, flag(one, "endpoint")));
    return pod.containers.flatMap((one) => at(pod, one, flag(one, "csi-address"))).filter((to) => !own.includes(to));
  });
  expect(beside).toEqual([]);
  const registered = each(input, (_pod, one) => [flag(one, "kubelet-registration-path") ?? ""]).filter(
    (path) => path !== "",
  );
  const called = each(input, (pod, one) => at(pod, one, flag(one, "fwdendpoint")));
  expect([...called, ...registered].filter((place) => !served.includes(place))).toEqual([]);
  expect(new Set(served).size).toBe(served.length);
  const drivers = manifestsOf(input).flatMap(({ kind, metadata: { name } }) => (kind === "CSIDriver" ? [name] : []));
  expect(new Set(registered)).toEqual(new Set(drivers.map((name) => `${KUBELET}/plugins/${name}/csi.sock`)));
  const registrations = each(input, (pod, one) =>
    one.name.endsWith("registrar") ? [placeOf(pod, one, "/registration")] : [],
  );
  expect(new Set(registrations)).toEqual(new Set(drivers.length === 0 ? [] : [`${KUBELET}/plugins_registry`]));
});

/** What each driver mounts below kubelet's directory must be seen by kubelet and by the other pods. */
test("mounts of the drivers reach the node", () => {
  const shared = each(variant("rwo"), (pod, { name, volumeMounts = [] }) =>
    volumeMounts.flatMap(({ mountPath, mountPropagation = "" }) =>
      mountPath === KUBELET || mountPath === `${KUBELET}/pods` ? [`${pod.owner}/${name} ${mountPropagation}`] : [],
    ),
  );
  expect(shared).toEqual(["csi-nfs-node/nfs Bidirectional", "cinder-csi-node/cinder-csi-plugin Bidirectional"]);
});

/** Ports that programs open without being told, and where that is said. */
const BY_DEFAULT: Readonly<Record<string, number>> = {
  "openstack-cloud-controller-manager": 10258, // k8s.io/cloud-provider ports.go, TLS
  "external-dns/external-dns": 7979, // external-dns docs/flags.md, --metrics-address
  "external-dns/designate": 8080, // external-dns-openstack-webhook cmd/webhook/main.go
  cilium: 9879, // cilium pkg/option, agent-health-port
  "kuryr-controller": 8082, // kuryr_kubernetes/controller/managers/health.py
  "kuryr-cni": 8090, // kuryr_kubernetes/cni/health.py
};

function openPorts(input: AddonInput, { owner, containers }: Pod): readonly number[] {
  const told = containers.flatMap((one) => [flag(one, "health-port"), flag(one, "http-endpoint")?.split(":").at(-1)]);
  const operator =
    owner === "cilium-operator" ? textOf(input, "ConfigMap kube-system/cilium-config", "operator-api-serve-addr") : "";
  return [
    ...told.map(Number),
    Number(operator.split(":").at(-1)),
    ...Object.entries(BY_DEFAULT).flatMap(([name, port]) => (name.split("/")[0] === owner ? [port] : [])),
  ];
}

const probes = (one: IContainer): readonly IProbe[] =>
  [one.startupProbe, one.livenessProbe, one.readinessProbe].flatMap((probe) => probe ?? []);

test.each(ALL)("%s: what a probe asks is a port that is open, where it listens, and nobody else's", (_, input) => {
  const wrong = podsOf(input).flatMap((pod) =>
    pod.containers.flatMap((one) => {
      const own = BY_DEFAULT[`${pod.owner}/${one.name}`];
      return probes(one).flatMap(({ httpGet }) => {
        const isOpen = httpGet === undefined || openPorts(input, pod).includes(Number(httpGet.port));
        const isOwn = own === undefined || httpGet?.port === own;
        // In the node's network all of these listen on its loopback address alone.
        const isThere = httpGet === undefined || httpGet.host === (pod.spec.hostNetwork ? "127.0.0.1" : undefined);
        const isTls = httpGet === undefined || (httpGet.port === 10258) === (httpGet.scheme === "HTTPS");
        return isOpen && isOwn && isThere && isTls ? [] : [`${pod.owner}/${one.name} ${httpGet?.port}`];
      });
    }),
  );
  expect(wrong).toEqual([]);
  const ofNode = podsOf(input).filter(({ spec }) => spec.hostNetwork);
  const ports = ofNode.flatMap((pod) => openPorts(input, pod)).filter((port) => port > 0);
  expect(new Set(ports).size).toBe(ports.length);
});

test("Kuryr finds the nodes' processes and sockets where they are mounted, and its API by the load balancer's name", () => {
  const input = variant("kuryr");
  const [pod] = podsOf(input).filter(({ owner }) => owner === "kuryr-cni");
  const mounts = pod?.containers[0]?.volumeMounts ?? [];
  const conf = (object: string) => sections(textOf(input, object, "kuryr.conf"));
  const { cni_daemon } = conf("ConfigMap kube-system/kuryr-cni");
  expect(mounts).toContainEqual({ name: "proc", mountPath: cni_daemon?.["netns_proc_dir"] });
  // Network namespaces come and go while it runs.
  expect(mounts).toContainEqual({ name: "var-run", mountPath: "/var/run", mountPropagation: "HostToContainer" });
  expect(pod?.containers[0]?.env).toContainEqual({ name: "KUBERNETES_SERVICE_HOST", value: INPUT.api.name });
  const { kubernetes, neutron_defaults } = conf("Secret kube-system/kuryr-controller");
  expect(neutron_defaults).toMatchObject({
    pod_subnet: input.kuryr?.podSubnetId,
    service_subnet: input.kuryr?.serviceSubnetId,
    external_svc_net: INPUT.externalNetworkId,
  });
  // openstack/kuryr-kubernetes setup.cfg: without one of these pods or Services get nothing.
  for (const handler of ["vif", "kuryrport", "service", "endpoints", "kuryrloadbalancer"])
    expect(kubernetes?.["enabled_handlers"]?.split(",")).toContain(handler);
});

test("containerd looks for networks where they are put", () => {
  for (const [, input] of ALL) {
    const places = podsOf(input).flatMap(({ spec }) => spec.volumes?.flatMap(({ hostPath }) => hostPath?.path ?? []));
    const cni = new Set(places.filter((path = "") => path.includes("cni") && !path.includes("log")));
    expect(cni).toEqual(new Set(["/opt/cni/bin", "/etc/cni/net.d"]));
  }
});
