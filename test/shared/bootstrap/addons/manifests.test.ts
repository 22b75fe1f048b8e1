import { type AddonInput, addons, images, manifestHash } from "../../../../shared/bootstrap/addons/index.ts";
import { ALL, addonOf, INPUT, manifestsOf, nameOf, readable, SECRETS, variant } from "./input.ts";
import { podsOf } from "./pods.ts";

// Goal: whatever a cluster is asked for, its manifests fit together and say nothing that they should not.
const CLUSTER_SCOPED = new Set(
  (
    "Namespace ClusterRole ClusterRoleBinding CustomResourceDefinition CSIDriver StorageClass PersistentVolume Tier " +
    "GlobalNetworkPolicy CiliumClusterwideNetworkPolicy"
  ).split(" "),
);
/** Roles that Kubernetes makes itself. */
const BUILT_IN = new Set([
  "ClusterRole cluster-admin",
  "ClusterRole edit",
  "ClusterRole view",
  "ClusterRole system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
  "Role kube-system/extension-apiserver-authentication-reader",
]);

/** Base64 of a text within a text depends on where it starts. */
const SPELLINGS = SECRETS.flatMap((secret) => [
  secret,
  ...["", "x", "xx"].map((before) =>
    Buffer.from(before + secret)
      .toString("base64")
      .slice(4, -4),
  ),
]);

const rolesOf = (input: AddonInput) =>
  manifestsOf(input).flatMap((manifest) =>
    manifest.kind === "ClusterRole" || manifest.kind === "Role"
      ? [{ name: nameOf(manifest), rules: manifest.rules ?? [] }]
      : [],
  );

describe.each(ALL)("%s", (_, input) => {
  const manifests = manifestsOf(input);
  const names = new Set(manifests.map(nameOf));

  test("each object is there once", () => {
    expect(manifests.map(nameOf).filter((name, at, all) => all.indexOf(name) !== at)).toEqual([]);
  });

  test("each object that lives in a namespace has one that exists, and no other has one", () => {
    const spaces = ["kube-system", "default", "kinvirt-system"];
    expect(names).toContain("Namespace kinvirt-system");
    const wrong = manifests.filter(({ kind, metadata: { namespace } }) =>
      CLUSTER_SCOPED.has(kind) ? namespace !== undefined : !spaces.includes(namespace ?? ""),
    );
    expect(wrong.map(nameOf)).toEqual([]);
  });

  test("each workload that is waited for exists, and each that exists is waited for", () => {
    const listed = addons(input).flatMap(({ workloads }) =>
      workloads.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
    );
    const made = [...names].filter((name) => /^(Deployment|DaemonSet|StatefulSet) /.test(name));
    expect(listed).toEqual(made);
  });

  test("bindings lead to roles and accounts that exist", () => {
    const missing = manifests.flatMap((manifest) => {
      if (manifest.kind !== "ClusterRoleBinding" && manifest.kind !== "RoleBinding") return [];
      const { kind, name } = manifest.roleRef;
      const role = kind === "Role" ? `Role ${manifest.metadata.namespace}/${name}` : `ClusterRole ${name}`;
      const accounts = (manifest.subjects ?? []).flatMap((subject) =>
        subject.kind === "ServiceAccount" ? [`ServiceAccount ${subject.namespace}/${subject.name}`] : [],
      );
      return [role, ...accounts].filter((wanted) => !names.has(wanted) && !BUILT_IN.has(wanted));
    });
    expect(missing).toEqual([]);
  });

  test("nobody has a right to everything", () => {
    const stars = rolesOf(input).filter(({ rules }) => JSON.stringify(rules).includes('"*"'));
    expect(stars.map(({ name }) => name)).toEqual([]);
  });

  test("no role writes roles, nor reads Secrets but those it names", () => {
    const found = rolesOf(input).flatMap(({ name, rules }) =>
      rules
        .filter(({ resources = [], resourceNames }) =>
          resources.some((one) => /roles|rolebindings|secrets/.test(one) && resourceNames === undefined),
        )
        .map(({ verbs }) => `${name}: ${verbs.join(" ")}`),
    );
    // TLS of Ingresses lies in Secrets whose names are the users' to choose.
    const allowed =
      input.loadBalancerProvider === "amphora" ? ["ClusterRole kinvirt:octavia-ingress-controller: get"] : [];
    expect(found).toEqual(allowed);
  });

  test("what a StorageClass or volume refers to exists", () => {
    const refs = [...JSON.stringify(manifests).matchAll(/"csi.storage.k8s.io\/[a-z-]+-secret-name":"([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(refs.every((name) => names.has(`Secret kube-system/${name}`))).toBe(true);
    expect(refs).toHaveLength(input.storage === undefined ? 0 : 4);
    const volumes = manifests.flatMap((manifest) =>
      manifest.kind === "PersistentVolume" ? [manifest.spec?.csi?.nodeStageSecretRef, manifest.spec?.csi?.driver] : [],
    );
    const kept = input.storage !== undefined && input.rwx !== undefined;
    expect(volumes).toEqual(
      kept ? [{ name: "manila-csi", namespace: "kube-system" }, "nfs.manila.csi.openstack.org"] : [],
    );
  });

  test("no secret is told outside of Secrets", () => {
    const telling = manifests.filter(
      (manifest) => manifest.kind !== "Secret" && SPELLINGS.some((secret) => JSON.stringify(manifest).includes(secret)),
    );
    expect(telling.map(nameOf)).toEqual([]);
  });

  test("controllers and storage have a credential each", () => {
    const holders = (secret: string) =>
      manifests
        .map(readable)
        .filter((manifest) => JSON.stringify(manifest).includes(secret))
        .map(({ metadata: { name } }) => name);
    const storage = input.storage === undefined ? [] : input.rwo ? ["manila-csi", "cinder-csi"] : ["manila-csi"];
    expect(holders(SECRETS[1])).toEqual(storage);
    expect(holders(SECRETS[0])).toEqual([
      ...(input.cni === "kuryr" ? ["kuryr-controller"] : []),
      "cloud-config",
      "external-dns-openstack",
      ...(input.loadBalancerProvider === "amphora" ? ["octavia-ingress-controller"] : []),
    ]);
  });
});

test("images are pinned, and a mirror takes the place of their registries alone", () => {
  const all = images;
  const upstream = ALL.flatMap(([, input]) => all({ ...input, registry: "" }).map((image) => image.replace(/^\//, "")));
  expect(upstream.filter((image) => !/^[a-z0-9/-]+:v?\d+\.\d+\.\d+$/.test(image))).toEqual([]);
  expect(new Set(all(variant("registry mirror")))).toEqual(
    new Set(
      all(INPUT).map((image) =>
        image.replace(/^(registry\.k8s\.io|quay\.io|ghcr\.io)\//, "harbor.example.org/mirror/"),
      ),
    ),
  );
  expect(all(variant("everything")).every((image) => image.startsWith("harbor.example.org/mirror/"))).toBe(true);
  const origins = new Set(ALL.flatMap(([, input]) => all(withoutMirror(input))));
  expect(new Set([...origins].map((image) => image.replace(/^[^/]+\//, ""))).size).toBe(origins.size);
});

const withoutMirror = ({ registry: _, ...input }: AddonInput): AddonInput => input;

test("the release of cloud-provider-openstack is that of Kubernetes", () => {
  const releases = (input: AddonInput) =>
    images(input)
      .filter((image) => image.includes("/provider-os/"))
      .map((image) => image.replace(/^.*:/, ""));
  expect(releases({ ...INPUT, rwo: true })).toEqual(["v1.36.0", "v1.36.0", "v1.36.0"]);
  expect(releases({ ...variant("amphora"), version: "1.35" })).toEqual(["v1.35.0", "v1.35.0", "v1.35.0"]);
});

test("a manifest's hash is of what it says, not of the order it says it in", () => {
  expect(manifestHash({ a: 1, b: { c: [1, 2], d: undefined } })).toBe(manifestHash({ b: { c: [1, 2] }, a: 1 }));
  expect(manifestHash({ a: [1, 2] })).not.toBe(manifestHash({ a: [2, 1] }));
  expect(addonOf(INPUT, "base")).toEqual(addonOf(variant("everything"), "base"));
  expect(manifestHash(manifestsOf(INPUT))).toMatch(/^[0-9a-f]{64}$/);
});

test("a new credential replaces the pods that read the old one, and no others", () => {
  const fresh = { controllers: { id: "new", secret: "new" }, storage: { id: "new", secret: "new" } };
  const replaced = (input: AddonInput) =>
    podsOf(input)
      .filter(({ config }, at) => config !== podsOf({ ...input, ...fresh })[at]?.config)
      .map(({ owner }) => owner);
  expect(replaced(variant("everything"))).toEqual([
    "openstack-cloud-controller-manager",
    "cinder-csi-controller",
    "external-dns",
    "octavia-ingress-controller",
  ]);
  expect(replaced(variant("kuryr"))).toEqual([
    "kuryr-controller",
    "openstack-cloud-controller-manager",
    "external-dns",
  ]);
});
