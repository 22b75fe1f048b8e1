import { connect } from "../../../shared/openstack/connect.ts";
import { type Answer, failure, fakeCloud, json, settings } from "./fake-cloud.ts";

// Goal: of Neutron's answers only "it does not exist" is taken for that, and its quotas are counted with what is reserved.
const over = (...answers: Answer[]) => {
  const fake = fakeCloud(answers);
  const lines = () => fake.lines.slice(1).map((line) => line.replace("http://neutron.test/v2.0", ""));
  return { network: connect(settings, fake.runtime).network, fake, lines };
};
const row = { id: "n1", name: "x", project_id: "p1", status: "ACTIVE" };
const error = (status: number) => json({ NeutronError: { type: "X", message: "no", detail: "" } }, status);

test("what is used and what is reserved is taken, of the resources that clusters use", async () => {
  const one = (limit: number) => ({ limit, used: 3, reserved: 2 });
  const { network, lines } = over(json({ quota: { port: one(50), router: one(-1), rbac_policy: one(9) } }));
  expect(await network.quota("p1")).toEqual([
    { service: "network", resource: "router", limit: -1, used: 5 },
    { service: "network", resource: "port", limit: 50, used: 5 },
  ]);
  expect(lines()).toEqual(["GET /quotas/p1/details"]);
});

test("what does not exist can be asked for and deleted", async () => {
  const { network } = over(error(404), error(404));
  expect(await network.getNetwork("n1")).toBeUndefined();
  await network.deleteNetwork("n1");
});

test.each([
  [403, "denied"],
  [409, "conflict"],
] as const)("a %d is no such answer", async (status, trouble) => {
  const { network } = over(error(status), error(status));
  expect(await failure(network.getNetwork("n1"))).toMatchObject({ trouble });
  expect(await failure(network.deleteNetwork("n1"))).toMatchObject({ trouble });
});

test("a change is a PUT, which may be sent again, and an interface that has gone was taken off", async () => {
  const { network, lines } = over(new Error("reset"), json({ network: row }), error(404));
  await network.updateNetwork("n1", { name: "y" });
  await network.removeRouterInterface("r1", "p1");
  expect(lines()).toEqual(["PUT /networks/n1", "PUT /networks/n1", "PUT /routers/r1/remove_router_interface"]);
});

test("subnets are of IPv4", async () => {
  const made = { id: "s1", name: "x", project_id: "p1", network_id: "n1", cidr: "10.6.0.0/24", gateway_ip: null };
  const { network, fake } = over(json({ subnet: { ...made, dns_nameservers: [] } }, 201));
  const asked = { name: "x", description: "y", network_id: "n1", cidr: "10.6.0.0/24", dns_nameservers: [] };
  await network.createSubnet(asked);
  expect(JSON.parse(fake.requests.at(-1)?.body ?? "")).toEqual({ subnet: { ...asked, ip_version: 4 } });
});
