import type { Facts, Tracing } from "../../shared/ports/tracing.ts";
import type { Kind } from "../../shared/resources/kind.ts";
import type { Node } from "../../shared/resources/node.ts";

/** The same kind; what it does to a step is a span, unless it had nothing to do. */
function tracedKind(kind: Kind<unknown>, tracing: Tracing): Kind<unknown> {
  const { createAll, clear } = kind;
  const span = <T>(verb: string, facts: Facts, work: () => Promise<T>): Promise<T> =>
    tracing.during(
      { name: `${verb} ${kind.kind}`, facts: { "kinvirt.kind": kind.kind, ...facts }, ifBusy: true },
      work,
    );
  const step = (one: string) => ({ "kinvirt.step": one });
  return {
    ...kind,
    create: (cloud, owner, spec) => span("create", step(owner.step), () => kind.create(cloud, owner, spec)),
    update: (cloud, owner, spec, seen) => span("update", step(owner.step), () => kind.update(cloud, owner, spec, seen)),
    remove: (cloud, seen) => span("remove", { "kinvirt.resource": seen.id }, () => kind.remove(cloud, seen)),
    ...(createAll === undefined
      ? {}
      : {
          createAll: (cloud, wanted) =>
            span("create", step(wanted.map(({ owner }) => owner.step).join(" ")), () => createAll(cloud, wanted)),
        }),
    ...(clear === undefined ? {} : { clear: (cloud, facts) => span("clear", {}, () => clear(cloud, facts)) }),
  };
}

/** The same graph, each of whose steps is a span where it does something. */
export function tracedGraph(graph: readonly Node[], tracing: Tracing | undefined): readonly Node[] {
  if (tracing === undefined) return graph;
  // Steps of one kind are listed and made together, so it stays one kind.
  const kinds = new Map([...new Set(graph.map((n) => n.kind))].map((kind) => [kind, tracedKind(kind, tracing)]));
  return graph.map((n) => ({ ...n, kind: kinds.get(n.kind) ?? n.kind }));
}
