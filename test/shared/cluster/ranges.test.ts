import { misfits } from "../../../shared/cluster/ranges.ts";
import { spec } from "../../handlers/given.ts";

// Goal: ranges that kubeadm refuses, or that are too small for a cluster's machines, are told before anything is made.
const CIDRS = { nodes: "10.20.0.0/24", pods: "10.244.0.0/16", services: "10.96.0.0/16" };
const workers = (count: number) => spec({ workers: { count, flavor: "m1.large" } });

test.each<[Partial<typeof CIDRS>, readonly string[]]>([
  [{}, []],
  [{ services: "10.96.0.0/12" }, []],
  [{ services: "10.96.0.0/28" }, []],
  [{ services: "10.0.0.0/11" }, ["cidrs.services (10.0.0.0/11) is too large: Kubernetes takes one from /12 to /28."]],
  [{ services: "10.96.0.0/29" }, ["cidrs.services (10.96.0.0/29) is too small: Kubernetes takes one from /12 to /28."]],
  [{ pods: "11.0.0.0/8" }, []],
  [{ pods: "10.244.0.0/24" }, []],
  [{ pods: "10.0.0.0/7" }, ["cidrs.pods (10.0.0.0/7) is too large: Kubernetes takes one from /8 to /24."]],
  [{ pods: "10.244.0.0/25" }, ["cidrs.pods (10.244.0.0/25) is too small: Kubernetes takes one from /8 to /24."]],
  // Three machines beside the network's own two addresses, the router's and the load balancer's.
  [{ nodes: "10.20.0.0/29" }, []],
  [{ nodes: "10.20.0.0/30" }, ["cidrs.nodes (10.20.0.0/30) has room for 0 machines, and this takes 3."]],
  [{ nodes: "10.20.0.0/32" }, ["cidrs.nodes (10.20.0.0/32) has room for 0 machines, and this takes 3."]],
])("%j", (over, said) => expect(misfits({ ...CIDRS, ...over }, spec())).toEqual(said));

test("each machine takes an address of its own", () => {
  const small = { ...CIDRS, nodes: "10.20.0.0/29" };
  expect(misfits(small, workers(3))).toEqual([]);
  expect(misfits(small, workers(4))).toEqual(["cidrs.nodes (10.20.0.0/29) has room for 4 machines, and this takes 5."]);
});

test("Cilium gives each machine a /24 of the pods' range; Calico lends smaller ones, and Kuryr's are Neutron's", () => {
  const small = { ...CIDRS, pods: "10.244.0.0/23" };
  expect(misfits(small, { ...spec(), cni: "cilium" })).toEqual([
    "cidrs.pods (10.244.0.0/23) has room for 2 machines, and this takes 3.",
  ]);
  expect(misfits(small, { ...workers(1), cni: "cilium" })).toEqual([]);
  expect(misfits(small, spec())).toEqual([]);
  const kuryr = { ...spec(), cni: "kuryr" } as const;
  expect(misfits({ ...CIDRS, pods: "10.244.0.0/26" }, kuryr)).toEqual([]);
});

test("beside Kuryr half of the Services' range is Neutron's", () => {
  const kuryr = { ...spec(), cni: "kuryr" } as const;
  expect(misfits({ ...CIDRS, services: "10.0.0.0/11" }, kuryr)).toEqual([]);
  expect(misfits({ ...CIDRS, services: "10.96.0.0/28" }, kuryr)).toEqual([
    "cidrs.services (10.96.0.0/28) is too small: Kubernetes takes one from /11 to /27.",
  ]);
});
