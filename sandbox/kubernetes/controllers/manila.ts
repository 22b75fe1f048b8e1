import type { Send } from "../../../shared/openstack/send.ts";
import { listAt, textAt } from "../../openstack/json.ts";
import type { CloudController } from "../cluster.ts";
import { type Obj, textsIn } from "../object.ts";
import type { Store } from "../store.ts";
import { argumentsOf } from "./arguments.ts";
import { type OpenStack, openStack, secretText } from "./openstack.ts";
import type { Pass } from "./pass.ts";
import {
  addVolume,
  claimMetadata,
  controllerOf,
  forget,
  gibOf,
  handleOf,
  volumeNameOf,
  workOf,
} from "./provisioner.ts";

const DRIVER = /manila\.csi\.openstack\.org$/;
const CLUSTER = "manila.csi.openstack.org/cluster";
const CLUSTER_FLAG = /^--cluster-id=(.+)$/;
const LOOK_MS = 2000;
const FAILED_MS = 10_000;

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

function wanted(claim: Obj, { parameters, cluster }: Work): unknown {
  const network = parameters["shareNetworkID"];
  return {
    share: {
      ...{ name: volumeNameOf(claim), share_proto: "NFS", size: gibOf(claim), share_type: parameters["type"] },
      ...(network === undefined ? {} : { share_network_id: network }),
      description: "provisioned-by=manila.csi.openstack.org",
      metadata: { ...claimMetadata(claim), ...(cluster === undefined ? {} : { [CLUSTER]: cluster }) },
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
  const share = await shareNamed(work, volumeNameOf(claim));
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
  const volumeAttributes = { shareID: id, shareAccessID: textAt(rule, "id") ?? "" };
  addVolume(pass, claim, { driver, volumeHandle: id, volumeAttributes });
}

async function discard(volume: Obj, { pass, cloud }: Work): Promise<void> {
  const answer = await cloud("shared-file-system", "DELETE", `/shares/${handleOf(volume)}`);
  if (answer.status !== 404) return pass.again(LOOK_MS);
  forget(pass, volume);
}

/** external-provisioner with Manila's driver: a share for each claim of a class of it, and none for a volume that is going. */
export const manila =
  (send: Send): CloudController =>
  async (pass) => {
    const { store } = pass;
    const owner = controllerOf(store, /manila/);
    if (owner === undefined) return;
    const cluster = argumentsOf(owner).flatMap((one) => CLUSTER_FLAG.exec(one)?.[1] ?? [])[0];
    for (const { kind, driver, open, going } of workOf(store, DRIVER)) {
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
