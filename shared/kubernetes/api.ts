import type * as z from "zod";
import { anything, caller, type Selection, unlessGone } from "./call.ts";
import { refused } from "./errors.ts";
import { type KindRef, type ObjectRef, pathOf, queryOf } from "./paths.ts";
import type { KubernetesSend } from "./send.ts";
import {
  claimShape,
  csrShape,
  ingressShape,
  metaShape,
  nodeShape,
  type ObjectMeta,
  podShape,
  type SigningRequest,
  serviceShape,
  versionShape,
  workloadShape,
} from "./shapes.ts";

const FIELD_MANAGER = "kinvirt";
const JSON_TYPE = "application/json";
const MERGE_PATCH = "application/merge-patch+json";
/** JSON is YAML, and this name is the one that every server since 1.16 knows. */
const APPLY_PATCH = "application/apply-patch+yaml";

const NODES: KindRef = { apiVersion: "v1", kind: "Node" };
const CSRS: KindRef = { apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest" };

export interface Appliable {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
}

export interface Readiness {
  readonly ready: boolean;
  /** Checks that the server says fail: `etcd`, `kms-providers`, `poststarthook/rbac/bootstrap-roles`. */
  readonly failing: readonly string[];
}

export interface Removal {
  /** Only this one: an object of the same name that was made later stays. */
  readonly uid?: string;
  readonly propagation?: "Foreground" | "Background" | "Orphan";
  readonly graceSeconds?: number;
}

export interface Workload {
  readonly kind: "Deployment" | "DaemonSet" | "StatefulSet";
  readonly namespace: string;
  readonly name: string;
}

export interface Availability {
  readonly available: boolean;
  readonly wanted: number;
  readonly have: number;
}

const refOf = ({ apiVersion, kind, metadata }: Appliable): ObjectRef => ({
  apiVersion,
  kind,
  name: metadata.name,
  ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
});

function objects({ call, list }: ReturnType<typeof caller>) {
  return {
    list,
    get: <T>(ref: ObjectRef, answer: z.ZodType<T>) =>
      unlessGone(call({ method: "GET", path: pathOf(ref, ref.name) }, answer)),
    /** Server-side apply: what others have set in fields that the manifest names becomes ours. */
    async apply(manifest: Appliable): Promise<ObjectMeta> {
      const ref = refOf(manifest);
      const query = queryOf({ fieldManager: FIELD_MANAGER, force: true, fieldValidation: "Strict" });
      const path = pathOf(ref, ref.name) + query;
      const body = JSON.stringify(manifest);
      return (await call({ method: "PATCH", path, body, contentType: APPLY_PATCH }, metaShape)).metadata;
    },
    /** False: it was gone already. True: it is going; finalizers may keep it for a while. */
    async remove(ref: ObjectRef, { uid, propagation, graceSeconds }: Removal = {}): Promise<boolean> {
      const body = JSON.stringify({
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: propagation ?? "Background",
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      });
      const path = pathOf(ref, ref.name);
      return (await unlessGone(call({ method: "DELETE", path, body, contentType: JSON_TYPE }, anything))) !== undefined;
    },
  };
}

function nodes({ call, list }: ReturnType<typeof caller>) {
  return {
    listNodes: () => list(NODES, nodeShape),
    async cordon(name: string): Promise<void> {
      const body = JSON.stringify({ spec: { unschedulable: true } });
      await call({ method: "PATCH", path: pathOf(NODES, name), body, contentType: MERGE_PATCH }, anything);
    },
    listPodsOn: (node: string) =>
      list({ apiVersion: "v1", kind: "Pod" }, podShape, { fieldSelector: `spec.nodeName=${node}` }),
    /** False: the pod is gone already. A disruption budget that forbids it now is a refusal, `TooManyRequests`. */
    async evict({ namespace, name }: { readonly namespace: string; readonly name: string }): Promise<boolean> {
      const path = pathOf({ apiVersion: "v1", kind: "Pod", namespace }, name, "eviction");
      const body = JSON.stringify({ apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } });
      return (await unlessGone(call({ method: "POST", path, body, contentType: JSON_TYPE }, anything))) !== undefined;
    },
    listCsrs: () => list(CSRS, csrShape),
    /** Approves what was read: a request that has changed since is a refusal, `Conflict`. */
    async approveCsr({ metadata, status }: SigningRequest, message: string): Promise<void> {
      const approved = { type: "Approved", status: "True", reason: "ServerMatches", message };
      const body = JSON.stringify({
        metadata: { resourceVersion: metadata.resourceVersion },
        status: { conditions: [...status.conditions, approved] },
      });
      const path = pathOf(CSRS, metadata.name, "approval");
      await call({ method: "PATCH", path, body, contentType: MERGE_PATCH }, anything);
    },
  };
}

/** What keeps things in the cloud alive, in all namespaces. */
const holders = ({ list }: ReturnType<typeof caller>) => ({
  listLoadBalancerServices: async () =>
    (await list({ apiVersion: "v1", kind: "Service" }, serviceShape)).filter(
      ({ spec }) => spec.type === "LoadBalancer",
    ),
  listClaims: (selection: Selection = {}) =>
    list({ apiVersion: "v1", kind: "PersistentVolumeClaim" }, claimShape, selection),
  listIngresses: () => list({ apiVersion: "networking.k8s.io/v1", kind: "Ingress" }, ingressShape),
});

/** One cluster's API server, as far as kinvirt talks to it. Errors are KubernetesErrors. */
export function kubernetesApi(send: KubernetesSend) {
  const wire = caller(send);
  return {
    /** Undecided answers (a proxy's 502, a refusal) are errors; 500 is the server's own "not ready". */
    async readyz(): Promise<Readiness> {
      const asked = { method: "GET", path: "/readyz?verbose" } as const;
      const { status, body } = await wire.exchange(asked);
      if (status !== 200 && status !== 500) throw refused({ ...asked, timeoutMs: 0 }, { status, body });
      const failing = [...body.matchAll(/^\[-\](\S+) failed/gm)].map(([, check = ""]) => check);
      return { ready: status === 200, failing };
    },
    /** When the certificate ends that the server shows: ms. Of several servers behind one address it is some server's. */
    certificateEndMs: async () => (await wire.exchange({ method: "GET", path: "/version" })).certificateEndMs,
    version: () => wire.call({ method: "GET", path: "/version" }, versionShape),
    ...objects(wire),
    ...nodes(wire),
    ...holders(wire),
    /** Undefined: there is no such workload. */
    async workload({ kind, namespace, name }: Workload): Promise<Availability | undefined> {
      const path = pathOf({ apiVersion: "apps/v1", kind, namespace }, name);
      const found = await unlessGone(wire.call({ method: "GET", path }, workloadShape));
      if (found === undefined) return undefined;
      const { metadata, spec, status } = found;
      const perNode = kind === "DaemonSet";
      const wanted = perNode ? status.desiredNumberScheduled : (spec.replicas ?? 1);
      const updated = perNode ? status.updatedNumberScheduled : status.updatedReplicas;
      const have = Math.min(updated, perNode ? status.numberAvailable : status.availableReplicas);
      const current = status.observedGeneration >= (metadata.generation ?? 0);
      return { available: current && have >= wanted, wanted, have };
    },
  };
}

export type KubernetesApi = ReturnType<typeof kubernetesApi>;
