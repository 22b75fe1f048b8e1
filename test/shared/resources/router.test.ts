import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { router } from "../../../shared/resources/router.ts";

// Goal: a router that was made a moment ago is joined at once; of one that was found it is asked first what it leads from.
const owner = { cluster: "k7f3m2q9x1", name: "dev", step: "router" };
const spec = { externalNetworkId: "ext1", subnetIds: ["sub1"] };
const row = {
  id: "r1",
  name: "dev-k7f3m2q9x1-router",
  description: "kinvirt:k7f3m2q9x1",
  project_id: "p1",
  status: "ACTIVE",
  external_gateway_info: { network_id: "ext1", external_fixed_ips: [] },
};

function place() {
  const calls: string[] = [];
  const network = {
    createRouter: async () => {
      calls.push("create");
      return row;
    },
    getRouter: async () => row,
    listPorts: async () => {
      calls.push("ports");
      return [];
    },
    addRouterInterface: async (_id: string, subnet: string) => void calls.push(`join ${subnet}`),
  };
  return { calls, cloud: { scope: async () => ({ projectId: "p1" }), network } as unknown as Cloud };
}

test("a new one leads nowhere yet, so nobody asks", async () => {
  const { calls, cloud } = place();
  const made = await router.create(cloud, owner, spec);
  const joined = await router.update(cloud, owner, spec, made);
  expect(calls).toEqual(["create", "join sub1"]);
  expect(joined).toMatchObject({ id: "r1", status: "ready" });
  // The next look is at one that was found.
  await router.update(cloud, owner, spec, joined);
  expect(calls.slice(2)).toEqual(["ports", "join sub1"]);
});

test("one that was found is asked what it leads from", async () => {
  const { calls, cloud } = place();
  const found = await router.get(cloud, owner, "r1");
  if (found === undefined) throw new Error("it is there");
  await router.update(cloud, owner, spec, found);
  expect(calls).toEqual(["ports", "join sub1"]);
});
