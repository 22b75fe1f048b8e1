import { floatingIp } from "../../../shared/resources/floating-ip.ts";
import {
  externalNetworkId,
  makeFloatingIp,
  makePort,
  makeRoutedSubnet,
  makeSubnet,
} from "../../conformance/cases/ground.ts";
import { sandboxWorlds } from "../../conformance/sandbox.ts";

// Goal: what a floating IP does beside others: those who attach it themselves, and ports that can't take it.
const step = "floating-ip/apps";

test("one that is kept for others stays where they attached it", async () => {
  const world = sandboxWorlds()();
  const reserved = { networkId: await externalNetworkId(world), attach: false };
  const { id } = await world.make(floatingIp, step, reserved);
  const portId = await makePort(world, await makeRoutedSubnet(world));
  await world.cloud.network.updateFloatingIp(id, { port_id: portId });
  const [seen] = await world.found(floatingIp, 1);
  const before = world.tap.writes();
  expect(seen && (await floatingIp.update(world.cloud, { ...world.cluster, step }, reserved, seen))).toBe(seen);
  expect(world.tap.writes()).toBe(before);
  expect(await world.cloud.network.getFloatingIp(id)).toMatchObject({ port_id: portId });
});

test("a port whose subnet has no router yet is a conflict that passes, not a missing resource", async () => {
  const world = sandboxWorlds()();
  const portId = await makePort(world, await makeSubnet(world));
  const spec = { networkId: await externalNetworkId(world), portId, attach: true };
  const owner = { ...world.cluster, step };
  const seen = await floatingIp.create(world.cloud, owner, spec);
  const update = floatingIp.update(world.cloud, owner, spec, seen);
  await expect(update).rejects.toMatchObject({
    trouble: "conflict",
    message: expect.stringContaining("not reachable"),
  });
});

test("a port that has another floating IP keeps it", async () => {
  const world = sandboxWorlds()();
  const portId = await makePort(world, await makeRoutedSubnet(world));
  const first = await makeFloatingIp(world, portId);
  const spec = { networkId: await externalNetworkId(world), portId, attach: true };
  const owner = { ...world.cluster, step };
  const second = await floatingIp.create(world.cloud, owner, spec);
  await expect(floatingIp.update(world.cloud, owner, spec, second)).rejects.toMatchObject({ trouble: "conflict" });
  expect(await world.cloud.network.getFloatingIp(first)).toMatchObject({ port_id: portId });
});

test("one that has gone is missing", async () => {
  const world = sandboxWorlds()();
  const portId = await makePort(world, await makeRoutedSubnet(world));
  const spec = { networkId: await externalNetworkId(world), portId, attach: true };
  const owner = { ...world.cluster, step };
  const seen = await floatingIp.create(world.cloud, owner, spec);
  await floatingIp.remove(world.cloud, seen);
  await expect(floatingIp.update(world.cloud, owner, spec, seen)).rejects.toMatchObject({ trouble: "missing" });
});
