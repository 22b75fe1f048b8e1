import type { Manifest } from "./types.ts";

export interface OpenKind {
  readonly kind: string;
  readonly plural: string;
  readonly namespaced?: boolean;
  readonly shortNames?: readonly string[];
  /** Its status is written apart from the rest. */
  readonly status?: boolean;
  /** By default v1. */
  readonly version?: string;
  readonly annotations?: Record<string, string>;
}

/**
 * A kind whose objects the API server stores as they are. Only the controllers that own it write them, and they check
 * what they read; what is left out of upstream's definitions is a check of the same by the API server.
 */
export const openCrd = (group: string, of: OpenKind): Manifest => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: {
    name: `${of.plural}.${group}`,
    ...(of.annotations === undefined ? {} : { annotations: of.annotations }),
  },
  spec: {
    group,
    scope: of.namespaced ? "Namespaced" : "Cluster",
    names: {
      kind: of.kind,
      listKind: `${of.kind}List`,
      plural: of.plural,
      singular: of.kind.toLowerCase(),
      ...(of.shortNames === undefined ? {} : { shortNames: [...of.shortNames] }),
    },
    versions: [
      {
        name: of.version ?? "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        ...(of.status ? { subresources: { status: {} } } : {}),
      },
    ],
  },
});
