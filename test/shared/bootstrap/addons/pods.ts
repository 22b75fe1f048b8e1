import type { IContainer } from "kubernetes-models/v1/Container";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import type { AddonInput, Manifest } from "../../../../shared/bootstrap/addons/index.ts";
import { manifestsOf } from "./input.ts";

export interface Pod {
  readonly owner: string;
  readonly namespace: string;
  readonly spec: IPodSpec;
  readonly containers: readonly IContainer[];
  readonly config: string | undefined;
}

const podOf = (manifest: Manifest): Pod[] => {
  if (manifest.kind !== "DaemonSet" && manifest.kind !== "Deployment" && manifest.kind !== "StatefulSet") return [];
  const template = manifest.spec?.template;
  const spec = template?.spec;
  if (spec === undefined) throw new Error(`${manifest.metadata.name} has no pods`);
  return [
    {
      owner: manifest.metadata.name,
      namespace: manifest.metadata.namespace ?? "",
      spec,
      containers: [...(spec.initContainers ?? []), ...spec.containers],
      config: template?.metadata?.annotations?.["kinvirt.io/config"],
    },
  ];
};

export const podsOf = (input: AddonInput): readonly Pod[] => manifestsOf(input).flatMap(podOf);
