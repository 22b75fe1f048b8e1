import type { Cloud } from "../../../shared/openstack/cloud.ts";
import {
  claimShare,
  claimSnapshot,
  claimVolume,
  externalRecord,
  serviceAddress,
  serviceBalancer,
  serviceSecret,
  serviceSecurityGroup,
} from "../../../shared/resources/by-cluster.ts";
import { podPort } from "../../../shared/resources/pod-port.ts";

// Goal: of what programs in a cluster have made in the cloud only that is taken which carries this cluster's id in the place
// where those programs write it; a name that looks alike, another cluster's mark or another project's is left alone.
const ID = "k7f3m2q9x1";
const OTHER = "k7f3m2q9x12";
const cluster = { cluster: ID, name: "dev" };
const project_id = "p1";

const over = (parts: object): Cloud =>
  ({ scope: async () => ({ projectId: project_id }), ...parts }) as unknown as Cloud;
const ids = async (found: Promise<readonly { readonly id: string }[]>) => (await found).map(({ id }) => id);

test("load balancers of Services and Ingresses, but none that is shared, strange or another project's", async () => {
  const one = (id: string, more: object) => ({
    id,
    project_id,
    name: `kube_service_${ID}_default_web`,
    description: `Kubernetes external service default/web from cluster ${ID}`,
    tags: [`kube_service_${ID}_default_web`],
    provisioning_status: "ACTIVE",
    ...more,
  });
  const all = [
    one("service", {}),
    one("ingress", {
      name: `kube_ingress_${ID}_default_web`,
      description: `Kubernetes Ingress web in namespace default from cluster ${ID}, version: 4711`,
      tags: [],
    }),
    one("shared", { tags: [`kube_service_${ID}_default_web`, `kube_service_${OTHER}_default_web`] }),
    one("pre-made by a person", { name: "ours" }),
    one("of another cluster", { name: `kube_service_${OTHER}_default_web` }),
    one("with another's words", { description: `Kubernetes external service default/web from cluster ${OTHER}` }),
    one("of another project", { project_id: "p2" }),
  ];
  const cloud = over({ loadBalancer: { listLoadBalancers: async () => all } });
  expect(await ids(serviceBalancer.find(cloud, cluster))).toEqual(["service", "ingress"]);
});

test("floating IPs and security groups by their descriptions", async () => {
  const address = (id: string, description: string, more: object = {}) => ({
    id,
    project_id,
    description,
    floating_ip_address: "203.0.113.7",
    status: "ACTIVE",
    tags: [],
    ...more,
  });
  const from = `Floating IP for Kubernetes external service default/web from cluster ${ID}`;
  const addresses = [
    address("ours", from),
    address("another's", from.replace(ID, OTHER)),
    address("a person's", `keep this: from cluster ${ID}`),
    address("elsewhere", from, { project_id: "p2" }),
  ];
  const group = (id: string, description: string, more: object = {}) => ({
    id,
    project_id,
    name: id,
    description,
    tags: [],
    ...more,
  });
  const made = `Security Group for default/web Service LoadBalancer in cluster ${ID}`;
  const groups = [
    group("service", made),
    group("ingress", `Security group created for Ingress default/web from cluster ${ID}`),
    group("another's", made.replace(ID, OTHER)),
    group("a person's", `in cluster ${ID}`),
  ];
  const network = { listFloatingIps: async () => addresses, listSecurityGroups: async () => groups };
  expect(await ids(serviceAddress.find(over({ network }), cluster))).toEqual(["ours"]);
  expect(await ids(serviceSecurityGroup.find(over({ network }), cluster))).toEqual(["service", "ingress"]);
});

test("what Kuryr has made by its tag: pods' ports, but no node's", async () => {
  const one = (id: string, tags: readonly string[], more: object = {}) => ({
    id,
    project_id,
    name: "default/web",
    description: "",
    floating_ip_address: "203.0.113.8",
    ...{ status: "ACTIVE", provisioning_status: "ACTIVE", tags, ...more },
  });
  const all = [
    one("ours", [ID]),
    one("another's", [OTHER]),
    one("elsewhere", [ID], { project_id: "p2" }),
    one("unmarked", [`kinvirt:${ID}`]),
  ];
  const node = one("a node's", [ID], { description: `kinvirt:${ID}` });
  const listed = async () => all;
  const network = {
    listPorts: async () => [...all, node],
    listFloatingIps: listed,
    listSecurityGroups: listed,
  };
  const cloud = over({ network, loadBalancer: { listLoadBalancers: listed } });
  for (const kind of [podPort, serviceBalancer, serviceAddress, serviceSecurityGroup])
    expect(await ids(kind.find(cloud, cluster))).toEqual(["ours"]);
});

test("shares by the cluster in their metadata, and certificates by theirs in the name", async () => {
  const share = (id: string, value: string) => ({
    id,
    project_id,
    name: `pvc-${id}`,
    status: "available",
    metadata: { "manila.csi.openstack.org/cluster": value },
  });
  const shares = [share("ours", ID), share("another's", OTHER)];
  const secrets = [
    { secret_ref: "http://b/v1/secrets/ours", name: `kube_ingress_${ID}_default_web_tls`, status: "ACTIVE" },
    { secret_ref: "http://b/v1/secrets/other", name: `kube_ingress_${OTHER}_default_web_tls`, status: "ACTIVE" },
  ];
  const cloud = over({
    sharedFileSystem: { listShares: async () => shares },
    keyManager: { listSecrets: async () => secrets },
  });
  expect(await ids(claimShare.find(cloud, cluster))).toEqual(["ours"]);
  expect(await ids(serviceSecret.find(cloud, cluster))).toEqual(["ours"]);
});

const record = (id: string, type: string, name: string, records: readonly string[]) => ({
  id,
  zone_id: "z",
  project_id,
  type,
  name,
  records,
  status: "ACTIVE",
  action: "NONE",
});
const owned = (owner: string) => [`"heritage=external-dns,external-dns/owner=${owner},external-dns/resource=x"`];

test("records that ExternalDNS says are this cluster's, and their ownership only after them", async () => {
  const ownership = [
    record("t1", "TXT", "a-www.apps.dev.example.org.", owned(ID)),
    record("t2", "TXT", "a-any.apps.dev.example.org.", owned(ID)),
    record("t3", "TXT", "a-other.apps.dev.example.org.", owned(OTHER)),
  ];
  const names = [
    record("a1", "A", "www.apps.dev.example.org.", ["203.0.113.7"]),
    record("a2", "A", "*.apps.dev.example.org.", ["203.0.113.7"]),
    record("a3", "A", "other.apps.dev.example.org.", ["203.0.113.7"]),
    record("a4", "A", "mail.apps.dev.example.org.", ["203.0.113.7"]),
    record("c1", "CNAME", "www.apps.dev.example.org.", ["x."]),
  ];
  const dns = (all: readonly object[]) => over({ dns: { listRecordsets: async () => all } });
  expect(await ids(externalRecord.find(dns([...ownership, ...names]), cluster))).toEqual(["z/a1", "z/a2"]);
  expect(await ids(externalRecord.find(dns(ownership), cluster))).toEqual(["z/t1", "z/t2"]);
  const forged = record("t4", "TXT", "a-api.other.example.org.", owned(ID));
  const api = record("a5", "A", "api.other.example.org.", ["203.0.113.8"]);
  const marked = { ...api, description: `kinvirt:${OTHER} dns/api` };
  expect(await ids(externalRecord.find(dns([forged, api]), cluster))).toEqual(["z/a5"]);
  expect(await ids(externalRecord.find(dns([forged, marked]), cluster))).toEqual(["z/t4"]);
});

test("what is on its way out is leaving, so that nobody tells it again", async () => {
  const balancer = (id: string, provisioning_status: string) => ({
    ...{ id, project_id, name: "kuryr", description: "", tags: [ID], provisioning_status },
  });
  const all = ["ACTIVE", "ERROR", "PENDING_DELETE", "DELETED"].map((state) => balancer(state, state));
  const cloud = over({ loadBalancer: { listLoadBalancers: async () => all } });
  expect((await serviceBalancer.find(cloud, cluster)).map(({ status }) => status)).toEqual([
    "ready",
    "ready",
    "leaving",
    "leaving",
  ]);
  const leaving = record("t1", "TXT", "a-www.apps.dev.example.org.", owned(ID));
  const dns = { listRecordsets: async () => [{ ...leaving, action: "DELETE" }] };
  expect(await externalRecord.find(over({ dns }), cluster)).toMatchObject([{ id: "z/t1", status: "leaving" }]);
});

test("a record of another zone or project is nobody's whom a text names", async () => {
  const www = "www.apps.dev.example.org.";
  const ours = record("t1", "TXT", `a-${www}`, owned(ID));
  const theirs = { ...record("t2", "TXT", "a-mail.example.org.", owned(ID)), project_id: "p2" };
  const all = [
    ours,
    theirs,
    { ...record("a1", "A", www, ["203.0.113.7"]), zone_id: "other" },
    record("a2", "A", "mail.example.org.", ["203.0.113.8"]),
  ];
  expect(await ids(externalRecord.find(over({ dns: { listRecordsets: async () => all } }), cluster))).toEqual(["z/t1"]);
});

test("claims' shares, volumes and snapshots by the cluster in their metadata, and of this project alone", async () => {
  const of = (key: string) =>
    [ID, OTHER, ""].map((value) => ({
      ...{ id: value, project_id, name: "pvc", status: value === "" ? "deleting" : "available" },
      metadata: value === "" ? { [key]: ID } : { [key]: value },
    }));
  const asked: unknown[] = [];
  const answers =
    (key: string, more: readonly object[] = []) =>
    async (query: unknown) => {
      asked.push(query);
      return [...of(key), ...more];
    };
  const share = "manila.csi.openstack.org/cluster";
  const volume = "cinder.csi.openstack.org/cluster";
  const elsewhere = { id: "p2's", project_id: "p2", name: "pvc", status: "available", metadata: { [share]: ID } };
  const cloud = over({
    sharedFileSystem: { listShares: answers(share, [elsewhere]) },
    blockStorage: { listVolumes: answers(volume), listSnapshots: answers(volume) },
  });
  for (const kind of [claimShare, claimVolume, claimSnapshot])
    expect(await kind.find(cloud, cluster)).toMatchObject([
      { id: ID, status: "ready" },
      { id: "", status: "leaving" },
    ]);
  expect(asked).toEqual([{ [share]: ID }, { [volume]: ID }, { [volume]: ID }]);
});

test.each([
  ["available", 1],
  ["error", 1],
  ["in-use", 0],
  ["attaching", 0],
  ["detaching", 0],
  ["reserved", 0],
])("a volume that is %s is told to go %d times", async (state, times) => {
  const deleted: string[] = [];
  const cloud = over({ blockStorage: { deleteVolume: async (id: string) => void deleted.push(id) } });
  await claimVolume.remove(cloud, { id: "v1", name: "x", status: "ready", state, facts: {} });
  expect(deleted).toHaveLength(times);
});
