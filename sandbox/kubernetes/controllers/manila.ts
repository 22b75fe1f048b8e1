import type { Send } from "../../../shared/openstack/send.ts";
import { parseSize } from "../../../shared/units.ts";
import { at, jsonAt, listAt, textAt } from "../../openstack/json.ts";
import type { CloudController } from "../cluster.ts";
import { apiVersionOf, builtIn } from "../kinds.ts";
import { type Obj, textsIn } from "../object.ts";
import { isReady } from "../remove.ts";
import type { Store } from "../store.ts";
import { argumentsOf } from "./arguments.ts";
import { ownerOf } from "./nodes.ts";
import { type OpenStack, openStack, secretText } from "./openstack.ts";
import type { Pass } from "./pass.ts";

const [CLAIMS, VOLUMES, CLASSES] = [
  builtIn("PersistentVolumeClaim"),
  builtIn("PersistentVolume"),
  builtIn("StorageClass"),
];
const DRIVER = /manila\.csi\.openstack\.org$/;
const FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";
const CLUSTER = "manila.csi.openstack.org/cluster";
const CLUSTER_FLAG = /^--cluster-id=(.+)$/;
const LOOK_MS = 2000;
const FAILED_MS = 10_000;

/** The controller's workload with a running pod. */
function plugin(store: Store): Obj | undefined {
  const pods = store.list(builtIn("Pod")).filter(isReady);
  return [builtIn("StatefulSet"), builtIn("Deployment")]
    .flatMap((kind) => store.list(kind))
    .find((one) => /manila/.test(one.metadata.name) && pods.some((pod) => ownerOf(pod) === one.metadata.name));
}

type Parameters = Readonly<Record<string, string>>;

function login(store: Store, parameters: Parameters) {
  const name = parameters["csi.storage.k8s.io/provisioner-secret-name"] ?? "";
  const namespace = parameters["csi.storage.k8s.io/provisioner-secret-namespace"] ?? "";
  const of = (key: string) => secretText(store, namespace, name, key) ?? "";
  return {
    authUrl: of("os-authURL"),
    id: of("os-applicationCredentialID"),
    secret: of("os-applicationCredentialSecret"),
  };
}

interface Work {
  readonly pass: Pass;
  readonly cloud: OpenStack;
  readonly parameters: Parameters;
  readonly driver: string;
  readonly cluster: string | undefined;
}

const volumeOf = (claim: Obj) => `pvc-${claim.metadata.uid}`;

function wanted(claim: Obj, { parameters, cluster }: Work): unknown {
  const storage = textAt(jsonAt(jsonAt(claim["spec"], "resources"), "requests"), "storage") ?? "1Gi";
  const { name = "", namespace = "" } = claim.metadata;
  const network = parameters["shareNetworkID"];
  return {
    share: {
      ...{ name: volumeOf(claim), share_proto: "NFS", size: parseSize(storage) ?? 1, share_type: parameters["type"] },
      ...(network === undefined ? {} : { share_network_id: network }),
      description: "provisioned-by=manila.csi.openstack.org",
      metadata: {
        "csi.storage.k8s.io/pvc/name": name,
        "csi.storage.k8s.io/pvc/namespace": namespace,
        "csi.storage.k8s.io/pv/name": volumeOf(claim),
        ...(cluster === undefined ? {} : { [CLUSTER]: cluster }),
      },
    },
  };
}

async function shareNamed({ cloud }: Work, name: string): Promise<unknown> {
  const answer = await cloud("shared-file-system", "GET", `/shares/detail?name=${encodeURIComponent(name)}`);
  return (listAt(answer.body, "shares") ?? []).find((one) => textAt(one, "name") === name);
}

/** A share, its access rule, and the volume that names both; one step in each pass. */
async function provision(claim: Obj, work: Work): Promise<void> {
  const { pass, cloud, parameters, driver } = work;
  const share = await shareNamed(work, volumeOf(claim));
  if (share === undefined) {
    const made = await cloud("shared-file-system", "POST", "/shares", wanted(claim, work));
    return pass.again(made.status === 200 ? LOOK_MS : FAILED_MS);
  }
  const [id = "", status = ""] = [textAt(share, "id"), textAt(share, "status")];
  if (status === "error") await cloud("shared-file-system", "DELETE", `/shares/${id}`);
  if (status !== "available") return pass.again(LOOK_MS);
  const rules = await cloud("shared-file-system", "GET", `/share-access-rules?share_id=${id}`);
  const rule = listAt(rules.body, "access_list")?.[0];
  if (rule === undefined) {
    const access = { access_type: "ip", access_level: "rw", access_to: parameters["nfs-shareClient"] ?? "0.0.0.0/0" };
    await cloud("shared-file-system", "POST", `/shares/${id}/action`, { allow_access: access });
  }
  if (textAt(rule, "state") !== "active") return pass.again(LOOK_MS);
  if (pass.store.get(VOLUMES, undefined, volumeOf(claim)) !== undefined) return;
  const { name, namespace, uid } = claim.metadata;
  pass.store.add(VOLUMES, {
    apiVersion: apiVersionOf(VOLUMES),
    kind: "PersistentVolume",
    metadata: {
      name: volumeOf(claim),
      annotations: { "pv.kubernetes.io/provisioned-by": driver },
      finalizers: [FINALIZER],
    },
    spec: {
      ...{ accessModes: at(claim["spec"], "accessModes"), volumeMode: "Filesystem" },
      capacity: { storage: textAt(jsonAt(jsonAt(claim["spec"], "resources"), "requests"), "storage") },
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: textAt(claim["spec"], "storageClassName"),
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
      csi: { driver, volumeHandle: id, volumeAttributes: { shareID: id, shareAccessID: textAt(rule, "id") } },
    },
    status: { phase: "Available" },
  });
}

async function discard(volume: Obj, { pass, cloud }: Work): Promise<void> {
  const id = textAt(jsonAt(volume["spec"], "csi"), "volumeHandle") ?? "";
  const answer = await cloud("shared-file-system", "DELETE", `/shares/${id}`);
  if (answer.status !== 404) return pass.again(LOOK_MS);
  const fresh = pass.store.get(VOLUMES, undefined, volume.metadata.name);
  if (fresh !== undefined) pass.store.put(VOLUMES, { ...fresh, metadata: { ...fresh.metadata, finalizers: [] } });
}

/** external-provisioner with Manila's driver: a share for each claim of a class of it, and none for a volume that is going. */
export const manila =
  (send: Send): CloudController =>
  async (pass) => {
    const { store } = pass;
    const owner = plugin(store);
    if (owner === undefined) return;
    const cluster = argumentsOf(owner).flatMap((one) => CLUSTER_FLAG.exec(one)?.[1] ?? [])[0];
    for (const kind of store.list(CLASSES)) {
      const driver = textAt(kind, "provisioner") ?? "";
      if (!DRIVER.test(driver)) continue;
      const mine = (one: Obj) => textAt(one["spec"], "storageClassName") === kind.metadata.name;
      const open = store.list(CLAIMS).filter((one) => mine(one) && textAt(one["status"], "phase") === "Pending");
      const going = store
        .list(VOLUMES)
        .filter(
          (one) =>
            mine(one) && one.metadata.deletionTimestamp !== undefined && one.metadata.finalizers?.includes(FINALIZER),
        );
      if (open.length === 0 && going.length === 0) continue;
      const parameters = textsIn(kind["parameters"]);
      const cloud = await openStack(send, login(store, parameters));
      if (cloud === undefined) {
        pass.again(FAILED_MS);
        continue;
      }
      const work = { pass, cloud, parameters, driver, cluster };
      for (const claim of open) await provision(claim, work);
      for (const volume of going) await discard(volume, work);
    }
  };
