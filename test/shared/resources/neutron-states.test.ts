import type { Cloud } from "../../../shared/openstack/cloud.ts";
import { OpenStackError } from "../../../shared/openstack/errors.ts";
import { floatingIp } from "../../../shared/resources/floating-ip.ts";
import { nameOf, type Seen } from "../../../shared/resources/kind.ts";
import { network } from "../../../shared/resources/network.ts";
import { port } from "../../../shared/resources/port.ts";
import { router } from "../../../shared/resources/router.ts";
import { trunk } from "../../../shared/resources/trunk.ts";

// Goal: what each of Neutron's states means for what stands on it, and that no change is sent to what has failed.
const owner = { cluster: "k7f3m2q9x1", name: "dev", step: "x" };
const item = {
  id: "n1",
  name: nameOf(owner),
  project_id: "p1",
  description: "kinvirt:k7f3m2q9x1",
  external_gateway_info: null,
  floating_ip_address: "203.0.113.9",
  port_id: null,
  mac_address: "fa:16:3e:00:00:01",
  fixed_ips: [{ subnet_id: "sub1", ip_address: "10.6.0.5" }],
  security_groups: ["g1"],
  tags: [],
};

const over = (row: object): Cloud => {
  const get = async () => ({ ...item, ...row });
  const network = { getNetwork: get, getRouter: get, getPort: get, getTrunk: get, getFloatingIp: get };
  return { scope: async () => ({ projectId: "p1" }), network } as unknown as Cloud;
};
type Get = (cloud: Cloud) => Promise<Seen | undefined>;
const kinds: Readonly<Record<string, Get>> = {
  network: (cloud) => network.get(cloud, owner, "n1"),
  router: (cloud) => router.get(cloud, owner, "n1"),
  port: (cloud) => port.get(cloud, owner, "n1"),
  trunk: (cloud) => trunk.get(cloud, owner, "n1"),
  "floating IP": (cloud) => floatingIp.get(cloud, owner, "n1"),
};
const seen = async (kind: string, row: object) => kinds[kind]?.(over(row));

test.each(Object.keys(kinds))("a %s in ERROR has failed, and says that Neutron gives no reason", async (kind) => {
  const fault = `Neutron reports the ${kind} in ERROR and gives no reason`;
  expect(await seen(kind, { status: "ERROR" })).toMatchObject({ status: "failed", state: "ERROR", fault });
});

test.each([
  ["network", { BUILD: "pending", DOWN: "pending", ACTIVE: "ready" }],
  ["router", { ALLOCATING: "pending", ACTIVE: "ready" }],
  ["trunk", { DOWN: "ready", BUILD: "ready", DEGRADED: "ready", ACTIVE: "ready" }],
  ["floating IP", { DOWN: "ready", ACTIVE: "ready" }],
  ["port", { DOWN: "ready", BUILD: "ready", ACTIVE: "ready" }],
] as const)("of a %s", async (kind, states) => {
  for (const [status, as] of Object.entries(states))
    expect(await seen(kind, { status })).toMatchObject({ state: status, status: as });
});

test("a port without an address is of no use yet", async () => {
  expect(await seen("port", { status: "DOWN", fixed_ips: [] })).toMatchObject({ status: "pending" });
});

test("the nodes' own traffic comes from the router's IPv4 address", async () => {
  const both = ["2001:db8::7", "203.0.113.7"].map((ip_address) => ({ ip_address, subnet_id: "s" }));
  const external_gateway_info = { network_id: "ext1", external_fixed_ips: both };
  expect(await seen("router", { status: "ACTIVE", external_gateway_info })).toMatchObject({
    facts: { externalIp: "203.0.113.7" },
  });
});

test("nothing is asked of a floating IP or a router that has failed", async () => {
  const cloud = over({ status: "ERROR" });
  const address = await floatingIp.get(cloud, owner, "n1");
  const way = await router.get(cloud, owner, "n1");
  if (address === undefined || way === undefined) throw new Error("they are there");
  const attached = { networkId: "ext1", portId: "p9", attach: true };
  expect(await floatingIp.update(cloud, owner, attached, address)).toBe(address);
  expect(await router.update(cloud, owner, { externalNetworkId: "ext1", subnetIds: ["sub1"] }, way)).toEqual(way);
});

/** Neutron refuses to attach, and says afterwards that it leads to `portId`. */
const refusing = (portId: string | null) => {
  const refused = { service: "network", method: "PUT", path: "/floatingips/n1", fault: "in use" } as const;
  return {
    network: {
      updateFloatingIp: async () =>
        Promise.reject(new OpenStackError({ ...refused, status: 409, trouble: "conflict" })),
      getFloatingIp: async () => ({ ...item, status: "ACTIVE", port_id: portId }),
    },
  } as unknown as Cloud;
};

test("an address that leads there already, though the answer was lost, is attached; another's way is a conflict", async () => {
  const now = { id: "n1", name: "x", status: "ready", state: "DOWN", facts: {}, portId: undefined } as const;
  const spec = { networkId: "ext1", portId: "p9", attach: true };
  expect(await floatingIp.update(refusing("p9"), owner, spec, now)).toMatchObject({ portId: "p9", state: "ACTIVE" });
  for (const elsewhere of [null, "p8"])
    await expect(floatingIp.update(refusing(elsewhere), owner, spec, now)).rejects.toMatchObject({
      trouble: "conflict",
      detail: { fault: "in use" },
    });
});
