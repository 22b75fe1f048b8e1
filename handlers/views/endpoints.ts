import { API_PORT, apiName, appsName } from "../../shared/cluster/names.ts";
import type { ClusterRecord } from "../../shared/cluster/record.ts";
import { code } from "./text.ts";

const undotted = (name: string): string => name.replace(/\.$/, "");

/** Where the cluster answers, as lines of a message. */
export function endpointLines(record: ClusterRecord): readonly string[] {
  const { spec, resolved } = record;
  const { steps } = record.status;
  const address = (step: string) => {
    const ip = steps[step]?.facts["address"];
    return ip === undefined ? "" : ` (${ip})`;
  };
  const exports = (steps["share/rwx"]?.facts["exports"] ?? "").split(",").filter((one) => one !== "");
  if (resolved === undefined) return [];
  const api = code(`${undotted(apiName(spec, resolved.zone.name))}:${API_PORT}`);
  const apps = code(undotted(appsName(spec, resolved.zone.name)));
  return [
    `*API* ${api}${address("floating-ip/api")}`,
    `*Applications* ${apps}${address("floating-ip/apps")}`,
    ...exports.map((path) => `*Shared storage* ${code(path)} (${resolved.shareProtocol})`),
  ];
}
