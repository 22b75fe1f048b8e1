import { type AddonInput, addons, ingressRefusal } from "../../../../shared/bootstrap/addons/index.ts";
import { known, sections, unknownKeys } from "./ini.ts";
import { addonOf, INPUT, manifestsOf, nameOf, textOf, variant } from "./input.ts";
import { podsOf } from "./pods.ts";

// Goal: programs that ignore what they do not know are given only what they know, and what the cloud can do.
const argsOf = (input: AddonInput, owner: string) =>
  podsOf(input)
    .filter((pod) => pod.owner === owner)
    .flatMap(({ containers }) => containers.map(({ name, args = [] }) => [name, args] as const));
const cloudConf = (input: AddonInput) => sections(textOf(input, "Secret kube-system/cloud-config", "cloud.conf"));

/** kubernetes/cloud-provider-openstack pkg/client/client.go and pkg/openstack/openstack.go. */
const GLOBAL = known("auth-url region application-credential-id application-credential-secret ca-file");
const LOAD_BALANCER = known(
  `enabled lb-provider lb-method subnet-id member-subnet-id network-id floating-network-id floating-subnet-id create-monitor
   monitor-delay monitor-timeout monitor-max-retries monitor-max-retries-down manage-security-groups internal-lb flavor-id`,
);
test("the cloud controller is told what it knows and what the provider can", () => {
  for (const input of [INPUT, variant("everything")]) {
    expect(unknownKeys(cloudConf(input), { Global: GLOBAL, LoadBalancer: LOAD_BALANCER })).toEqual([]);
  }
  expect(cloudConf(INPUT)).toMatchObject({
    Global: { "auth-url": INPUT.authUrl, "application-credential-id": INPUT.controllers.id },
    LoadBalancer: {
      "lb-provider": "ovn",
      "lb-method": "SOURCE_IP_PORT",
      "create-monitor": "false",
      "manage-security-groups": "false",
      "floating-network-id": INPUT.externalNetworkId,
      "subnet-id": INPUT.subnetId,
    },
  });
  expect(cloudConf(variant("amphora"))["LoadBalancer"]).toMatchObject({
    "lb-provider": "amphora",
    "lb-method": "ROUND_ROBIN",
    "create-monitor": "true",
  });
  expect(argsOf(INPUT, "openstack-cloud-controller-manager")[0]?.[1]).toContain(`--cluster-name=${INPUT.clusterId}`);
});

test("secrets with quotes and backslashes arrive as they are", () => {
  const secret = 'a"b\\c;d#e';
  const input = { ...INPUT, controllers: { id: "id", secret } };
  expect(cloudConf(input)["Global"]?.["application-credential-secret"]).toBe(secret);
});

test("shares are the cluster's, open to its nodes only, and claimed by default", () => {
  const storageClass = manifestsOf(INPUT).find((one) => nameOf(one) === "StorageClass manila-nfs");
  expect(storageClass).toMatchObject({
    metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "nfs.manila.csi.openstack.org",
    parameters: { type: "default", "nfs-shareClient": "10.20.0.0/24" },
  });
  for (const owner of ["manila-csi-controller", "manila-csi-node"]) {
    const args = argsOf(INPUT, owner).find(([name]) => name === "manila-csi-plugin")?.[1];
    expect(args).toContain("--cluster-id=k7f3a");
    expect(args).toContain("--drivername=nfs.manila.csi.openstack.org");
  }
  const defaults = manifestsOf(variant("rwo")).filter((one) => JSON.stringify(one).includes("is-default-class"));
  expect(defaults.map(nameOf)).toEqual(["StorageClass manila-nfs"]);
});

test("the share that was asked for is a claim bound to its volume, and outlives it", () => {
  const [volume, claim] = addonOf(INPUT, "shared-volume").manifests;
  expect(volume).toMatchObject({
    spec: {
      accessModes: ["ReadWriteMany"],
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { namespace: "default", name: claim?.metadata.name },
      csi: { volumeAttributes: { shareID: INPUT.rwx?.shareId, shareAccessIDs: INPUT.rwx?.accessId } },
    },
  });
  expect(claim).toMatchObject({ spec: { volumeName: volume?.metadata.name, storageClassName: "" } });
});

test("nodes hold no credential for disks", () => {
  expect(textOf(variant("rwo"), "ConfigMap kube-system/cinder-csi-node", "cloud.conf")).toBe(
    '[Metadata]\nsearch-order = "configDrive,metadataService"\n',
  );
});

test("records are the cluster's own, under its own domain, of the types that the webhook writes", () => {
  const [[, dns] = ["", []], [, webhook] = ["", []]] = argsOf(INPUT, "external-dns");
  expect(dns).toEqual(
    expect.arrayContaining([
      "--txt-owner-id=k7f3a",
      "--policy=sync",
      "--domain-filter=apps.dev.k8s.example.org",
      "--managed-record-types=A",
      "--managed-record-types=CNAME",
      "--txt-wildcard-replacement=any",
    ]),
  );
  expect(webhook).toEqual(["--domain-filter=k8s.example.org"]);
  expect(JSON.parse(textOf(INPUT, "Secret kinvirt-system/external-dns-openstack", "clouds.yaml"))).toMatchObject({
    clouds: { openstack: { auth_type: "v3applicationcredential", region_name: "RegionOne" } },
  });
});

test("Ingresses need amphorae, and who has none is told why", () => {
  expect(ingressRefusal(variant("amphora"))).toBeUndefined();
  expect(ingressRefusal({ loadBalancerProvider: "amphora", cni: "kuryr" })).toMatch(/NodePorts.*Kuryr/);
  expect(ingressRefusal(INPUT)).toMatch(/OVN.*TCP and UDP only.*amphora/);
  expect(addons(INPUT).map(({ name }) => name)).not.toContain("octavia-ingress-controller");
  const config = textOf(variant("amphora"), "Secret kinvirt-system/octavia-ingress-controller", "config.yaml");
  expect(JSON.parse(config)).toMatchObject({
    "cluster-name": "k7f3a",
    octavia: { provider: "amphora", "subnet-id": INPUT.subnetId, "manage-security-groups": false },
  });
});
