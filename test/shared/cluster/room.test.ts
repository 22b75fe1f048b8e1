import { priceOf, quotaLines } from "../../../shared/cluster/needs.ts";
import { amountsOf, leftOf, roomFor, stillToCome, sumOf, templateSpec } from "../../../shared/cluster/room.ts";
import type { Quota } from "../../../shared/openstack/endpoint.ts";
import { record, resolved, spec } from "../../handlers/given.ts";
import { exampleConfig } from "../../support/bot.ts";

// Goal: what is left of a quota is counted once, in the service's own units, and what a cluster costs in those of the price list.
const quota = (resource: string, limit: number, used: number): Quota => ({ service: "compute", resource, limit, used });
const needs = new Map([
  ["compute/cores", 6],
  ["compute/instances", 3],
]);

test("what is used and what is promised to others is not left, and less than nothing is nothing", () => {
  const promised = new Map([["compute/cores", 4]]);
  expect(leftOf(quota("cores", 20, 10), promised)).toBe(6);
  expect(leftOf(quota("cores", 20, 10), new Map())).toBe(10);
  expect(leftOf(quota("cores", 20, 18), promised)).toBe(0);
  expect(leftOf(quota("cores", -1, 999), promised)).toBe(Number.POSITIVE_INFINITY);
  expect(leftOf(quota("cores", 0, 0), new Map())).toBe(0);
});

test("as many clusters fit as the tightest quota holds whole ones, and it is named", () => {
  const quotas = [quota("instances", 10, 0), quota("cores", 30, 4), quota("server_groups", 1, 1)];
  expect(roomFor(needs, quotas, new Map())).toEqual({ clusters: 3, bottleneck: quotas[0] });
  const promised = new Map([["compute/cores", 16]]);
  expect(roomFor(needs, quotas, promised)).toEqual({ clusters: 1, bottleneck: quotas[1] });
});

test("what nobody needs, and what has no limit, ends nothing", () => {
  const quotas = [quota("cores", -1, 999), quota("volumes", 1, 1)];
  expect(roomFor(needs, quotas, new Map())).toEqual({ clusters: Number.POSITIVE_INFINITY });
});

test("what several take is what each takes", () => {
  expect([...sumOf([needs, new Map([["compute/cores", 1]])])]).toEqual([
    ["compute/cores", 7],
    ["compute/instances", 3],
  ]);
});

test("only what a cluster needs and a service tells is a line of its plan, by service and resource", () => {
  const other: Quota = { service: "network", resource: "cores", limit: 1, used: 1 };
  expect(quotaLines(needs, [other, quota("cores", 20, 4), quota("ram", 9, 9)])).toEqual([
    { service: "compute", resource: "cores", needs: 6, used: 4, limit: 20 },
  ]);
});

test("of a cluster that is being made what was seen is no more to come", () => {
  const seen = (step: string) => [step, { id: step, state: "pending", facts: {}, recreated: false }] as const;
  const intended = { state: "intended", facts: {}, recreated: false } as const;
  const steps = { ...Object.fromEntries([seen("server/worker-1"), seen("network")]), router: intended };
  const left = stillToCome(record({ spec: spec(), resolved: resolved() }, { steps }));
  // One control plane and one worker of two, each with 2 cores.
  expect(left.get("compute/instances")).toBe(2);
  expect(left.get("compute/cores")).toBe(4);
  expect(left.get("compute/ram")).toBe(8192);
  expect(left.has("network/network")).toBe(false);
  expect(left.get("network/router")).toBe(1);
  const { resolved: _none, ...asked } = record();
  expect(stillToCome(asked).size).toBe(0);
});

test("a flavor that does not exist counts no cores, and its machines all the same", () => {
  const { templates, tenants } = exampleConfig();
  const [small, tenant] = [templates["small"], tenants["team-a"]];
  if (small === undefined || tenant === undefined) throw new Error("the example has them");
  const flavors = [{ id: "f1", name: small.workers.flavor, vcpus: 4, ram: 1024, disk: 10 }];
  const taken = amountsOf(templateSpec("small", small), { tenant, flavors, services: [] });
  expect(taken.get("compute/instances")).toBe(small.controlPlane.count + small.workers.count);
  const other = small.controlPlane.flavor === small.workers.flavor ? 4 * small.controlPlane.count : 0;
  expect(taken.get("compute/cores")).toBe(4 * small.workers.count + other);
});

const prices = {
  currency: "EUR",
  flavors: { "m1.medium": 0.05, "m1.large": 0.1 },
  floatingIp: 0.004,
  loadBalancer: 0.03,
  rwxGiBMonth: 0.073,
};
const taken = new Map([
  ["network/floatingip", 2],
  ["load-balancer/load_balancer", 1],
]);

test("machines, addresses and load balancers cost by the hour, storage by the month of 730 hours", () => {
  // 0.05 + 2 × 0.1 + 2 × 0.004 + 0.03, and 100 GiB × 0.073 / 730 h.
  const price = { currency: "EUR", perHour: 0.298, perMonth: 217.54 };
  expect(priceOf(prices, spec({ rwxGib: 100 }), taken)).toEqual(price);
  const { rwxGib: _none, ...plain } = spec();
  expect(priceOf(prices, plain, taken)).toMatchObject({ perHour: 0.288 });
  const unpriced = { ...prices, flavors: { "m1.large": 0.1 } };
  expect(priceOf(unpriced, plain, new Map())).toMatchObject({ perHour: 0.2 });
  expect(priceOf(undefined, spec(), taken)).toBeUndefined();
});
