import { apiVersionOf, builtIn } from "../kinds.ts";
import { isReady } from "../remove.ts";
import { ownerOf } from "./nodes.ts";
import type { Pass } from "./pass.ts";

const DEFINITIONS = builtIn("CustomResourceDefinition");
const OPERATOR = "cilium-operator";
const KINDS = [
  "CiliumNetworkPolicy",
  "CiliumClusterwideNetworkPolicy",
  "CiliumNode",
  "CiliumEndpoint",
  "CiliumIdentity",
];
const CLUSTERWIDE = ["CiliumClusterwideNetworkPolicy", "CiliumNode", "CiliumIdentity"];

const pluralOf = (kind: string) => kind.toLowerCase().replace(/y$/, "ie").concat("s");

/** Cilium's operator brings the definitions of its kinds along, once it runs. Their fields are not checked here. */
export function cilium({ store }: Pass): void {
  if (!store.list(builtIn("Pod")).some((pod) => ownerOf(pod) === OPERATOR && isReady(pod))) return;
  for (const kind of KINDS) {
    const [group, plural] = ["cilium.io", pluralOf(kind)];
    const name = `${plural}.${group}`;
    if (store.get(DEFINITIONS, undefined, name) !== undefined) continue;
    const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
    store.add(DEFINITIONS, {
      apiVersion: apiVersionOf(DEFINITIONS),
      kind: DEFINITIONS.kind,
      metadata: { name },
      spec: {
        group,
        scope: CLUSTERWIDE.includes(kind) ? "Cluster" : "Namespaced",
        names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
        versions: [{ name: "v2", served: true, storage: true, schema: { openAPIV3Schema } }],
      },
      status: { conditions: [{ type: "Established", status: "True" }] },
    });
  }
}
