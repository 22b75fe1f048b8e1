import type { Send } from "../../../shared/openstack/send.ts";
import { jsonAt, listAt, textAt } from "../../openstack/json.ts";
import type { CloudController } from "../cluster.ts";
import { builtIn } from "../kinds.ts";
import type { Obj } from "../object.ts";
import type { Store } from "../store.ts";
import { argumentsOf } from "./arguments.ts";
import { nodeOf } from "./nodes.ts";
import { type OpenStack, openStack, readIni, secretText } from "./openstack.ts";
import type { Pass } from "./pass.ts";
import {
  addVolume,
  claimMetadata,
  controllerOf,
  forget,
  gibOf,
  handleOf,
  usersOf,
  volumeNameOf,
  workOf,
} from "./provisioner.ts";

const DRIVER = /^cinder\.csi\.openstack\.org$/;
const CLUSTER = "cinder.csi.openstack.org/cluster";
const CLUSTER_FLAG = /^--cluster=(.+)$/;
const SECRET = "cinder-csi";
const LOOK_MS = 2000;
const FAILED_MS = 10_000;

interface Work {
  readonly pass: Pass;
  readonly cloud: OpenStack;
  readonly driver: string;
  readonly cluster: string;
}

async function provision(claim: Obj, { pass, cloud, driver, cluster }: Work): Promise<void> {
  const name = volumeNameOf(claim);
  const answer = await cloud("block-storage", "GET", `/volumes/detail?name=${name}`);
  const found = listAt(answer.body, "volumes")?.[0];
  if (found === undefined) {
    const metadata = { [CLUSTER]: cluster, ...claimMetadata(claim) };
    const description = "Created by OpenStack Cinder CSI driver";
    const volume = { name, size: gibOf(claim), availability_zone: "nova", description, metadata };
    const made = await cloud("block-storage", "POST", "/volumes", { volume });
    return pass.again(made.status === 202 ? LOOK_MS : FAILED_MS);
  }
  const [volumeHandle = "", status] = [textAt(found, "id"), textAt(found, "status")];
  if (status === "error") await cloud("block-storage", "DELETE", `/volumes/${volumeHandle}`);
  if (status !== "available") return pass.again(LOOK_MS);
  addVolume(pass, claim, { driver, volumeHandle });
}

async function discard(volume: Obj, { pass, cloud }: Work): Promise<void> {
  const answer = await cloud("block-storage", "DELETE", `/volumes/${handleOf(volume)}`);
  if (answer.status !== 404) return pass.again(LOOK_MS);
  forget(pass, volume);
}

/** The server of the node that a pod with this volume is on. */
function placeOf(store: Store, volume: Obj): string | undefined {
  const ref = jsonAt(volume["spec"], "claimRef");
  const users = usersOf(store, textAt(ref, "namespace") ?? "", textAt(ref, "name") ?? "");
  const node = users.map(nodeOf).find((name) => name !== undefined);
  return textAt(store.get(builtIn("Node"), undefined, node ?? "")?.["spec"], "providerID")
    ?.split("/")
    .at(-1);
}

/** csi-attacher's part, without VolumeAttachment objects between; a pod does not wait for it here. */
async function attach(volume: Obj, { pass, cloud }: Work): Promise<void> {
  const id = handleOf(volume);
  const shown = jsonAt((await cloud("block-storage", "GET", `/volumes/${id}`)).body, "volume");
  const has = textAt(listAt(shown, "attachments")?.[0], "server_id");
  const wanted = volume.metadata.deletionTimestamp === undefined ? placeOf(pass.store, volume) : undefined;
  if (has === wanted) return;
  const status = textAt(shown, "status");
  if (has !== undefined && status === "in-use")
    await cloud("compute", "DELETE", `/servers/${has}/os-volume_attachments/${id}`);
  if (
    has === undefined &&
    status === "available" &&
    (await cloud("compute", "GET", `/servers/${wanted}`)).status === 200
  )
    await cloud("compute", "POST", `/servers/${wanted}/os-volume_attachments`, { volumeAttachment: { volumeId: id } });
  pass.again(LOOK_MS);
}

/** The sidecars of Cinder's driver: volumes for claims that a pod waits for, on the server that the pod is on. */
export const cinder =
  (send: Send): CloudController =>
  async (pass) => {
    const { store } = pass;
    const owner = controllerOf(store, /^cinder-csi-controller$/);
    const text = secretText(store, owner?.metadata.namespace ?? "", SECRET, "cloud.conf");
    if (owner === undefined || text === undefined) return;
    const conf = readIni(text);
    const of = (key: string) => conf.get(`Global.${key}`) ?? "";
    const cluster = argumentsOf(owner).flatMap((one) => CLUSTER_FLAG.exec(one)?.[1] ?? [])[0] ?? "";
    for (const { kind, driver, open, volumes, going } of workOf(store, DRIVER)) {
      const late = textAt(kind, "volumeBindingMode") === "WaitForFirstConsumer";
      const isDue = ({ metadata: { namespace = "", name } }: Obj) =>
        !late || usersOf(store, namespace, name).length > 0;
      const due = open.filter(isDue);
      if (due.length === 0 && volumes.length === 0) continue;
      const login = { authUrl: of("auth-url"), id: of("application-credential-id") };
      const cloud = await openStack(send, { ...login, secret: of("application-credential-secret") });
      if (cloud === undefined) {
        pass.again(FAILED_MS);
        continue;
      }
      const work = { pass, cloud, driver, cluster };
      for (const claim of due) await provision(claim, work);
      for (const volume of volumes) await attach(volume, work);
      for (const volume of going) await discard(volume, work);
    }
  };
