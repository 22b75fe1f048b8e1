import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { OpenStackError, type Trouble } from "../../../shared/openstack/errors.ts";
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

const DEVICES = ["router_interface", "router_interface_distributed", "ha_router_replicated_interface"];
const portOn = (subnet_id: string, owner = "router_interface", id = `port-${owner}`) => ({
  id,
  device_owner: `network:${owner}`,
  fixed_ips: [{ subnet_id, ip_address: "10.6.0.1" }],
});

/** `listings`: what each look at its ports shows, the last one from then on. `refusal`: of each join. */
function joined(
  listings: readonly (readonly object[])[],
  refusal?: { readonly trouble: Trouble; readonly fault: string },
) {
  const calls: string[] = [];
  const left = [...listings];
  const network = {
    getRouter: async () => row,
    listPorts: async ({ device_id }: { readonly device_id: string }) => {
      calls.push(`ports of ${device_id}`);
      return (left.length > 1 ? left.shift() : left[0]) ?? [];
    },
    addRouterInterface: async (_id: string, subnet: string) => {
      calls.push(`join ${subnet}`);
      const asked = { service: "network", method: "PUT", path: "/routers/r1/add_router_interface" } as const;
      if (refusal !== undefined) throw new OpenStackError({ ...asked, status: 400, ...refusal });
    },
    removeRouterInterface: async (_id: string, port: string) => void calls.push(`leave ${port}`),
    deleteRouter: async (id: string) => void calls.push(`delete ${id}`),
  };
  const cloud = { scope: async () => ({ projectId: "p1" }), network } as unknown as Cloud;
  const update = async () => {
    const found = await router.get(cloud, owner, "r1");
    if (found === undefined) throw new Error("it is there");
    return router.update(cloud, owner, spec, found);
  };
  return { calls, cloud, update };
}

test.each(DEVICES)("a port of %s leads there already", async (device) => {
  const { calls, update } = joined([[portOn("sub1", device)]]);
  await update();
  expect(calls).toEqual(["ports of r1"]);
});

test.each([
  ["to another subnet", portOn("sub2")],
  ["outside", portOn("sub1", "router_gateway")],
])("a port that leads %s is no way from this one", async (_where, port) => {
  const { calls, update } = joined([[port]]);
  await update();
  expect(calls).toEqual(["ports of r1", "join sub1"]);
});

const OVERLAPS = "Cidr 10.6.0.0/24 of subnet sub1 overlaps with cidr 10.6.0.0/24 of subnet sub1";
test.each<[string, Trouble, string, readonly (readonly object[])[]]>([
  ["says so in older words", "invalid", "Router r1 already has a port on subnet sub1", [[]]],
  ["says so in newer words", "conflict", OVERLAPS, [[]]],
  ["says something else, and its ports show it", "conflict", "IP address in use", [[], [portOn("sub1")]]],
])("a join that was done already is none that failed: Neutron %s", async (_how, trouble, fault, listings) => {
  expect(await joined(listings, { trouble, fault }).update()).toMatchObject({ status: "ready" });
});

test.each<[Trouble, string]>([
  ["conflict", OVERLAPS.replace(/sub1$/, "sub9")],
  ["invalid", "Router r1 already has a port on subnet sub9"],
  ["denied", "already has a port on subnet sub1"],
])("a join that is refused (%s) because of something else is one that failed", async (trouble, fault) => {
  await expect(joined([[]], { trouble, fault }).update()).rejects.toMatchObject({ trouble });
});

test("its ways in go before it, and the one outside goes with it", async () => {
  const ports = [...DEVICES.map((device) => portOn("sub1", device)), portOn("ext", "router_gateway")];
  const { calls, cloud } = joined([ports]);
  const seen = { id: "r1", name: "x", status: "ready", state: "ACTIVE", facts: {}, gatewayNetworkId: "ext1" } as const;
  await router.remove(cloud, seen);
  expect(calls).toEqual(["ports of r1", ...DEVICES.map((device) => `leave port-${device}`), "delete r1"]);
});
