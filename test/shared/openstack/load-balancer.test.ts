import { loadBalancers } from "../../../shared/openstack/load-balancer.ts";
import { endpointOf, fakeCloud, json } from "./fake-cloud.ts";

// Goal: Octavia's quota is what it says may be and what is counted, and only what can be too much is counted for a plan.
const rows = (key: string, count: number, more: object = {}) =>
  json({ [key]: Array.from({ length: count }, (_, at) => ({ id: `${key}-${at}`, ...more })) });
const limits = (quota: object) => json({ quota: { load_balancer: -1, listener: -1, pool: -1, member: -1, ...quota } });

test("all is counted when people ask", async () => {
  const cloud = fakeCloud([
    limits({ health_monitor: 7 }),
    rows("loadbalancers", 2),
    rows("listeners", 3),
    rows("healthmonitors", 4),
    rows("pools", 2, { members: [{ id: "m1" }, { id: "m2" }] }),
  ]);
  expect((await loadBalancers(endpointOf("load-balancer", cloud)).quota("p1")).map(({ used }) => used)).toEqual([
    ...[2, 3, 2, 4, 4],
  ]);
});

test.each<[string, object, readonly string[], readonly number[]]>([
  ["nothing", { healthmonitor: -1 }, [], [0, 0, 0, 0, 0]],
  ["what is limited", { healthmonitor: 7 }, ["healthmonitors"], [0, 0, 0, 4, 0]],
  ["pools for their members", { member: 9, health_monitor: -1 }, ["pools"], [0, 0, 2, 0, 4]],
])("%s is counted where only room matters", async (_what, quota, asked, used) => {
  const answers = [rows("healthmonitors", 4), rows("pools", 2, { members: [{ id: "m1" }, { id: "m2" }] })];
  const own = asked.map((key) => (key === "pools" ? answers[1] : answers[0])).filter((one) => one !== undefined);
  const cloud = fakeCloud([limits(quota), ...own]);
  const found = await loadBalancers(endpointOf("load-balancer", cloud)).quota("p1", "limited");
  expect(found.map((one) => one.used)).toEqual(used);
  expect(cloud.lines.slice(2).map((line) => /lbaas\/(\w+)/.exec(line)?.[1])).toEqual(asked);
});
