import type { ClusterRecord } from "../../shared/cluster/record.ts";
import { code } from "./text.ts";

const API_PORT = 6443;

/** `api.dev.k8s.example.org` and `*.apps.dev.k8s.example.org`, without the final dot. Undefined before the plan is approved. */
export function hostsOf(record: ClusterRecord): { readonly api: string; readonly apps: string } | undefined {
  const zone = record.resolved?.zone.name.replace(/\.$/, "");
  return zone === undefined
    ? undefined
    : { api: `api.${record.spec.name}.${zone}`, apps: `*.apps.${record.spec.name}.${zone}` };
}

/** Where the cluster answers, as lines of a message. */
export function endpointLines(record: ClusterRecord): readonly string[] {
  const hosts = hostsOf(record);
  const { steps } = record.status;
  const address = (step: string) => {
    const ip = steps[step]?.facts["address"];
    return ip === undefined ? "" : ` (${ip})`;
  };
  const exported = steps["share/rwx"]?.facts["export"];
  return [
    ...(hosts === undefined
      ? []
      : [
          `*API* ${code(`${hosts.api}:${API_PORT}`)}${address("floating-ip/api")}`,
          ...(steps["dns/apps"] === undefined
            ? []
            : [`*Applications* ${code(hosts.apps)}${address("floating-ip/apps")}`]),
        ]),
    ...(exported === undefined ? [] : [`*Shared storage* ${code(exported)}`]),
  ];
}
