import type { ClusterSpec } from "./spec.ts";

export const API_PORT = 6443;

/** Fully qualified names, with the dot at the end. */
export const apiName = (spec: Pick<ClusterSpec, "name">, zone: string): string => `api.${spec.name}.${zone}`;
/** As TLS and people write it, without the dot. */
export const apiHost = (spec: Pick<ClusterSpec, "name">, zone: string): string =>
  apiName(spec, zone).replace(/\.$/, "");
export const appsName = (spec: Pick<ClusterSpec, "name">, zone: string): string => `*.apps.${spec.name}.${zone}`;

export interface Member {
  readonly role: "control-plane" | "worker";
  readonly name: string;
  /** From 1. */
  readonly at: number;
}

/** `control-plane-1`, `worker-2`: the members of a role. */
export const members = (spec: ClusterSpec): readonly Member[] =>
  (["control-plane", "worker"] as const).flatMap((role) => {
    const { count } = role === "worker" ? spec.workers : spec.controlPlane;
    return Array.from({ length: count }, (_, index) => ({ role, name: `${role}-${index + 1}`, at: index + 1 }));
  });

export const API_STEP = "kubernetes-api";
/** Whose logins of the cluster's own are made anew from time to time: `controllers`, then `controllers-2`. */
export const loginOf = (user: "controllers" | "storage", renewals: number): string =>
  renewals === 0 ? user : `${user}-${renewals + 1}`;

/** The step of a member in the cluster, as `server/worker-1` is that of its machine in the cloud. */
export const nodeStep = (member: string): string => `kubernetes-node/${member}`;
export const serverStep = (member: string): string => `server/${member}`;
