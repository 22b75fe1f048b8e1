import { clusterGraph } from "../../../shared/cluster/graph.ts";
import type { AccessRule } from "../../../shared/openstack/identity.ts";
import { lookup, type Node, namedBy } from "../../../shared/resources/node.ts";
import { resolved, spec } from "../../handlers/given.ts";

// Goal: Keystone refuses one of two credentials that bring the same new access rule in one moment, so they come one by one.
const seen = { id: "x", name: "", status: "ready", state: "", facts: { secretId: "s" } } as const;

function logins(leaving: boolean) {
  const text = { createdMs: 0, nowMs: () => 0, token: () => "" };
  const services = ["compute", "network", "load-balancer", "dns", "key-manager", "shared-file-system", "block-storage"];
  const paths = Object.fromEntries(services.map((service) => [service, `/${service}/v1`]));
  const cloud = { ...resolved(), prefixes: paths, blockStorageType: "block-storage" };
  const nodes = clusterGraph({
    cluster: "k7f3m2q9x1",
    spec: { ...spec(), rwo: true },
    resolved: cloud,
    leaving,
    ...text,
  });
  const all = new Map(nodes.map((n) => [n.step, seen]));
  const rulesOf = (n: Node): readonly string[] => {
    const { accessRules } = n.spec(lookup(n, all, all)) as { readonly accessRules: readonly AccessRule[] };
    return accessRules.map((rule) => JSON.stringify(rule));
  };
  const lasting = nodes.filter((n) => n.kind.kind === "credential" && n.temporary === undefined);
  const before = (step: string): readonly string[] => {
    const named = nodes.filter((n) => n.step === step).flatMap(namedBy);
    return [...named, ...named.flatMap(before)];
  };
  const pairs = lasting.flatMap((a, at) => lasting.slice(at + 1).map((b) => [a, b] as const));
  const sharing = pairs.filter(([a, b]) => rulesOf(a).some((rule) => rulesOf(b).includes(rule)));
  return { sharing, before };
}

test("logins that share a rule are made one after the other, and go side by side", () => {
  const { sharing, before } = logins(false);
  expect(sharing.map((pair) => pair.map(({ step }) => step).sort())).toEqual(
    expect.arrayContaining([["credential/controllers", "credential/kms"]]),
  );
  for (const [a, b] of sharing)
    expect([...before(a.step), ...before(b.step)].some((s) => [a.step, b.step].includes(s))).toBe(true);
  const going = logins(true);
  for (const [a, b] of going.sharing)
    expect([...going.before(a.step), ...going.before(b.step)]).not.toEqual(expect.arrayContaining([a.step]));
});
