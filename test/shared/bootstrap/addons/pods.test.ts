import type { AddonInput } from "../../../../shared/bootstrap/addons/index.ts";
import { ALL, manifestsOf, nameOf } from "./input.ts";
import { type Pod, podsOf } from "./pods.ts";

// Goal: each pod is as confined as what it does allows, and finds all that it refers to.
/** Who runs with all rights on its node, and why nothing less will do. */
const PRIVILEGED: Readonly<Record<string, string>> = {
  "calico-node/install-cni": "writes the CNI's programs to the node",
  "calico-node/calico-node": "programs routes and filters of the node",
  "cilium/mount-bpf-fs": "mounts a file system for the node",
  "kuryr-cni/kuryr-cni": "moves interfaces between the node and its pods",
  "csi-nfs-node/nfs": "mounts for other pods",
  "manila-csi-node/manila-csi-plugin": "mounts the node's config drive to read it",
  "cinder-csi-node/cinder-csi-plugin": "formats and mounts disks of the node",
};

const of = (pods: readonly Pod[], wrong: (container: Pod["containers"][number], pod: Pod) => boolean) =>
  pods.flatMap((pod) => pod.containers.filter((one) => wrong(one, pod)).map(({ name }) => `${pod.owner}/${name}`));

function missing(input: AddonInput, { namespace, spec, containers }: Pod): string[] {
  const manifests = manifestsOf(input);
  const names = new Set(manifests.map(nameOf));
  const volumes = spec.volumes ?? [];
  const wanted = [
    `ServiceAccount ${namespace}/${spec.serviceAccountName}`,
    ...volumes.flatMap(({ secret, configMap }) => [
      ...(secret ? [`Secret ${namespace}/${secret.secretName}`] : []),
      ...(configMap ? [`ConfigMap ${namespace}/${configMap.name}`] : []),
    ]),
    ...containers.flatMap(({ env = [] }) =>
      env.flatMap(({ valueFrom }) =>
        valueFrom?.configMapKeyRef ? [`ConfigMap ${namespace}/${valueFrom.configMapKeyRef.name}`] : [],
      ),
    ),
  ];
  const mounted = new Set(containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name)));
  return [
    ...wanted.filter((one) => !names.has(one)),
    ...[...mounted].filter((name) => !volumes.some((volume) => volume.name === name)).map((name) => `volume ${name}`),
    ...volumes.filter(({ name }) => !mounted.has(name)).map(({ name }) => `use of ${name}`),
  ];
}

describe.each(ALL)("%s", (_, input) => {
  const pods = podsOf(input);

  test("all that a pod refers to exists, and each volume is used", () => {
    expect(pods.flatMap((pod) => missing(input, pod).map((what) => `${pod.owner}: ${what}`))).toEqual([]);
  });

  test("what server-side apply merges by its key has each key once", () => {
    const twice = (keys: readonly string[]) => new Set(keys).size !== keys.length;
    const names = (list: readonly { readonly name: string }[] = []) => list.map(({ name }) => name);
    expect(pods.filter(({ spec, containers }) => twice(names(spec.volumes)) || twice(names(containers)))).toEqual([]);
    expect(
      of(pods, ({ env, volumeMounts = [] }) => twice(names(env)) || twice(volumeMounts.map((one) => one.mountPath))),
    ).toEqual([]);
  });

  test("each container asks for what it needs and has a limit of memory", () => {
    expect(
      of(pods, ({ resources }) => !(resources?.requests?.cpu && resources.requests.memory && resources.limits?.memory)),
    ).toEqual([]);
  });

  test("privileged are those that must be", () => {
    const found = of(pods, ({ securityContext }) => securityContext?.privileged === true);
    expect(found.filter((name) => PRIVILEGED[name] === undefined)).toEqual([]);
  });

  test("all others drop every capability that they do not name", () => {
    expect(
      of(
        pods,
        ({ securityContext }) =>
          securityContext?.privileged !== true && securityContext?.capabilities?.drop?.join() !== "ALL",
      ),
    ).toEqual([]);
  });

  test("pods outside of kube-system are restricted", () => {
    const ours = pods.filter(({ namespace }) => namespace === "kinvirt-system");
    expect(ours.map(({ owner }) => owner)).toContain("external-dns");
    expect(ours.filter(({ spec }) => spec.hostNetwork || spec.volumes?.some(({ hostPath }) => hostPath))).toEqual([]);
    expect(
      of(
        ours,
        ({ securityContext: context }) =>
          context?.runAsNonRoot !== true ||
          context.allowPrivilegeEscalation !== false ||
          context.seccompProfile?.type !== "RuntimeDefault" ||
          context.readOnlyRootFilesystem !== true,
      ),
    ).toEqual([]);
  });

  test("no pod is evicted before the users' own, and none of a node's is kept off it", () => {
    expect(pods.filter(({ spec }) => !spec.priorityClassName?.startsWith("system-"))).toEqual([]);
    const perNode = pods.filter(({ owner }) => /calico-node|^cilium$|kuryr-cni|-node$/.test(owner));
    expect(perNode.length).toBeGreaterThan(0);
    expect(perNode.filter(({ spec }) => JSON.stringify(spec.tolerations) !== '[{"operator":"Exists"}]')).toEqual([]);
  });

  test("no controller waits for a worker", () => {
    const choosy = pods.filter(
      ({ spec }) =>
        !spec.tolerations?.some(({ key = "", operator }) => operator === "Exists" && /control-plane|^$/.test(key)),
    );
    expect(choosy.map(({ owner }) => owner)).toEqual([]);
  });

  test("the cloud controller runs on a control plane that is neither ready nor initialised", () => {
    const found = pods.find(({ owner }) => owner === "openstack-cloud-controller-manager");
    expect(found?.spec.nodeSelector).toEqual({ "node-role.kubernetes.io/control-plane": "" });
    expect(found?.spec.tolerations?.map(({ key }) => key)).toEqual([
      "node.cloudprovider.kubernetes.io/uninitialized",
      "node-role.kubernetes.io/control-plane",
      "node.kubernetes.io/not-ready",
      "CriticalAddonsOnly",
    ]);
  });

  test("only what speaks to Kubernetes gets a token, and what runs as somebody can read its files", () => {
    const bound = new Set(
      manifestsOf(input).flatMap((manifest) =>
        manifest.kind === "ClusterRoleBinding" || manifest.kind === "RoleBinding"
          ? (manifest.subjects ?? []).map(({ name }) => name)
          : [],
      ),
    );
    const idle = pods.filter(({ spec }) => !bound.has(spec.serviceAccountName ?? ""));
    expect(idle.filter(({ spec }) => spec.automountServiceAccountToken !== false)).toEqual([]);
    const reading = pods.filter(({ spec }) => spec.volumes?.some(({ secret }) => secret));
    const unreadable = reading.filter(
      ({ spec, owner }) => owner !== "kuryr-controller" && spec.securityContext?.fsGroup === undefined,
    );
    expect(unreadable.map(({ owner }) => owner)).toEqual([]);
  });
});
