import { SHARED_VOLUME } from "../../shared/bootstrap/addons/shared-volume.ts";
import { API_PORT, apiName, appsName } from "../../shared/cluster/names.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import { showSize } from "../../shared/units.ts";
import { code, quote } from "./text.ts";

const undotted = (name: string): string => name.replace(/\.$/, "");

/** Where the cluster answers and how its storage is mounted, as lines of a message. */
export function endpointLines(record: ClusterRecord): readonly string[] {
  const { spec, resolved } = record;
  const { steps } = record.status;
  const address = (step: string) => {
    const ip = steps[step]?.facts["address"];
    return ip === undefined ? "" : ` (${quote(ip, 60)})`;
  };
  if (resolved === undefined) return [];
  const claim = `claim ${code(SHARED_VOLUME)} in namespace ${code("default")}`;
  const api = code(`${undotted(apiName(spec, resolved.zone.name))}:${API_PORT}`);
  const apps = code(undotted(appsName(spec, resolved.zone.name)));
  return [
    `*API* ${api}${address("floating-ip/api")}`,
    `*Applications* ${apps}${address("floating-ip/apps")}`,
    ...(spec.rwxGib === undefined ? [] : [`*Shared storage* ${showSize(spec.rwxGib)}, ready to mount: ${claim}`]),
  ];
}

/** What somebody who has waited for a cluster wants first. */
export const loginLine = ({ spec }: ClusterRecord): string =>
  `*Log in* with ${code(`/k8s kubeconfig ${spec.name}`)}: a link to a kubeconfig of your own`;

/** By which paths the storage is exported, for those who look for it in the cloud. */
export function exportLines({ status, resolved }: ClusterRecord): readonly string[] {
  const paths = (status.steps["share/rwx"]?.facts["exports"] ?? "").split(",").filter((one) => one !== "");
  const lines = paths.map((path) => code(path));
  return lines.length === 0 ? [] : [`*Exported as* (${resolved?.shareProtocol ?? "NFS"})`, ...lines];
}
