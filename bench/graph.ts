import { clusterGraph } from "../shared/cluster/graph.ts";
import type { Resolved } from "../shared/cluster/plan.ts";
import type { ClusterSpec } from "../shared/cluster/spec.ts";
import type { Node } from "../shared/resources/node.ts";
import { exampleConfig } from "../test/support/bot.ts";

/** What the benches type: `create NAME --rwx 100G`, and as many nodes. */
export interface Size {
  readonly controlPlanes: number;
  readonly workers: number;
}

export const SIZES = [
  { controlPlanes: 1, workers: 2 },
  { controlPlanes: 3, workers: 3 },
] as const satisfies readonly Size[];
export const RWX_GIB = 94;
export const sizeName = ({ controlPlanes, workers }: Size): string => `${controlPlanes}+${workers}`;

export function specOf(name: string, size: Size): ClusterSpec {
  const config = exampleConfig();
  const template = config.templates[config.defaultTemplate];
  if (template === undefined) throw new Error("the example has its default template");
  return {
    ...template,
    name,
    template: config.defaultTemplate,
    controlPlane: { ...template.controlPlane, count: size.controlPlanes },
    workers: { ...template.workers, count: size.workers },
    rwxGib: RWX_GIB,
  };
}

const flavor = { id: "", name: "", vcpus: 0, ramMib: 0, diskGib: 0 };
/** Of a cloud with all that a cluster can use: which steps there are depends on it, and nothing else is read here. */
const EVERYTHING: Resolved = {
  projectId: "",
  region: "",
  externalNetwork: { id: "", name: "" },
  image: { id: "", name: "" },
  controlPlaneFlavor: flavor,
  workerFlavor: flavor,
  zone: { id: "", name: "" },
  shareType: { id: "", name: "", shareNetwork: false },
  shareProtocol: "NFS",
  loadBalancerProvider: "ovn",
  antiAffinity: "soft",
  cidrs: { nodes: "10.20.0.0/24", pods: "10.244.0.0/16", services: "10.96.0.0/16" },
  dnsNameservers: [],
  reverseDns: true,
  prefixes: { "shared-file-system": "" },
  shareServiceType: "",
  roles: [],
};

const unread = (): never => {
  throw new Error("only the steps and their edges are read");
};

const graphOf = (size: Size, leaving: boolean): readonly Node[] =>
  clusterGraph({
    leaving,
    cluster: "",
    spec: specOf("bench", size),
    resolved: EVERYTHING,
    nowMs: () => 0,
    createdMs: 0,
    token: () => "",
    kubernetes: {
      dialer: { connect: unread, urlOf: unread },
      status: unread,
      repair: false,
      startedMs: 0,
      nowMs: unread,
    },
  });

/** The steps of such a cluster and their edges, those of its machines among them. */
export const wholeOf = (size: Size): readonly Node[] => graphOf(size, false);

const isInside = ({ kind }: Node): boolean => kind.kind.startsWith("kubernetes-");

/** What of it is in the cloud. */
export const stepsOf = (size: Size): readonly Node[] => wholeOf(size).filter((n) => !isInside(n));

/** The same with the edges of its delete. */
export const leavingOf = (size: Size): readonly Node[] =>
  graphOf(size, true).filter((n) => !isInside(n) && n.kind.foreign !== true);
