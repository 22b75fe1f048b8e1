import { assert } from "../assert.ts";
import type { Kind, Owner, Seen } from "./kind.ts";

/** What is known of the steps that a node declared: a node can read nothing else. */
export interface From {
  /** A step in `needs`: it is ready. Or in `exists`: it is there. */
  of(step: string): Seen;
  /** A step in `needs` or `later`; undefined until it is ready. */
  maybe(step: string): Seen | undefined;
}

/** A kind with its spec closed over, so that the reconciler needs no type parameters. */
export interface Node {
  readonly step: string;
  readonly kind: Kind<unknown>;
  /** Ready before this is created. Deletion runs the other way round. */
  readonly needs: readonly string[];
  /** There before this is created, ready or not: what is read of it is known from its first moment. */
  readonly exists: readonly string[];
  /** Ready before this is complete; it is created without them and updated when they come. */
  readonly later: readonly string[];
  /** It is there for the making of `madeFor` only, which needs it, and goes as soon as `until` is ready. */
  readonly temporary?: { readonly madeFor: string; readonly until: string };
  /** Once this step has been ready, it holds what nobody can make again: people's data, keys. It is never replaced then. */
  readonly holdsSince?: string;
  /** Of a kind that others make: the steps without which nobody makes any more of it. */
  readonly makers?: readonly string[];
  /** Of what only the cluster itself can tell: the steps that answer for it. */
  readonly answerers?: readonly string[];
  spec(from: From): unknown;
}

export function node<Spec, S extends Seen>(
  step: string,
  kind: Kind<Spec, S>,
  spec: (from: From) => Spec,
  after: Partial<Pick<Node, "needs" | "exists" | "later" | "temporary" | "holdsSince" | "makers" | "answerers">> = {},
): Node {
  const { needs = [], exists = [], later = [], ...rest } = after;
  // A node's spec and Seen only ever meet its own kind, so forgetting their types here loses nothing.
  return { step, kind: kind as unknown as Kind<unknown>, needs, exists, later, ...rest, spec };
}

/** All that a node names: it goes away before any of them does. */
export const namedBy = (n: Node): readonly string[] => [...n.needs, ...n.exists, ...n.later];

/** Every node comes after all it names: the graph has no cycle, and its reverse is an order of deletion. */
export function ordered(nodes: readonly Node[]): readonly Node[] {
  const before = new Set<string>();
  const open = [...nodes];
  const sorted: Node[] = [];
  while (open.length > 0) {
    const at = open.findIndex((n) => namedBy(n).every((step) => before.has(step)));
    const [next] = at < 0 ? [] : open.splice(at, 1);
    assert(next !== undefined, `a cycle or an unknown step among ${open.map((n) => n.step).join(", ")}`);
    assert(!before.has(next.step), `two nodes named ${next.step}`);
    before.add(next.step);
    sorted.push(next);
  }
  return sorted;
}

/** The lookup that `node.spec` gets: reading what was not declared is a programmer's error. */
export function lookup(n: Node, ready: ReadonlyMap<string, Seen>, there: ReadonlyMap<string, Seen>): From {
  return {
    of(step) {
      const seen = n.needs.includes(step) ? ready.get(step) : n.exists.includes(step) ? there.get(step) : undefined;
      assert(seen !== undefined, `${n.step} reads ${step} without needing it`);
      return seen;
    },
    maybe(step) {
      assert(n.needs.includes(step) || n.later.includes(step), `${n.step} reads ${step} without naming it`);
      return ready.get(step);
    },
  };
}

export const ownerOf = (cluster: Pick<Owner, "cluster" | "name">, n: Node): Owner => ({
  cluster: cluster.cluster,
  name: cluster.name,
  step: n.step,
});
