import { clusterGraph, type GraphInput } from "../../../shared/cluster/graph.ts";
import { namedBy } from "../../../shared/resources/node.ts";
import { resolved, spec } from "../../handlers/given.ts";

// Goal: what a delete waits for is what it has to wait for.
const unread = (): never => {
  throw new Error("only the steps and their edges are read");
};

function graph(leaving: boolean) {
  const input: GraphInput = {
    cluster: "k7f3m2q9x1",
    spec: spec(),
    resolved: resolved(),
    createdMs: 0,
    nowMs: () => 0,
    token: () => "",
    leaving,
    kubernetes: {
      dialer: { connect: unread, urlOf: unread },
      status: unread,
      repair: false,
      startedMs: 0,
      nowMs: unread,
    },
  };
  const nodes = clusterGraph(input);
  /** All that has to be gone before this may go. */
  const before = (step: string): ReadonlySet<string> => {
    const others = nodes.filter((n) => namedBy(n).includes(step)).map((n) => n.step);
    return new Set([...others, ...others.flatMap((other) => [...before(other)])]);
  };
  return { before };
}

test("a server is made with the API's address, and goes beside what leads there", () => {
  expect(graph(false).before("load-balancer/api")).toContain("server/worker-1");
  for (const step of ["load-balancer/api", "floating-ip/api"]) {
    expect([...graph(true).before(step)].filter((other) => other.startsWith("server/"))).toEqual([]);
    expect(graph(true).before(step)).toContain("kubernetes-content");
  }
});

test("what the cluster made of its own goes first, and what is left of it before what it hangs on", () => {
  const { before } = graph(true);
  expect([...before("server/control-plane-1")]).toContain("kubernetes-content");
  // Neutron refuses to take a router from under an address, so only addresses are looked for before it goes.
  expect([...before("router")]).toEqual(expect.arrayContaining(["service-address/left", "server/worker-1"]));
  for (const step of ["subnet", "network"])
    expect([...before(step)]).toEqual(expect.arrayContaining(["service-balancer/left", "server/worker-1"]));
});
