import type { Send } from "../../../shared/openstack/send.ts";
import type { Kind } from "../../../shared/resources/kind.ts";
import { network } from "../../../shared/resources/network.ts";
import { port } from "../../../shared/resources/port.ts";
import { router } from "../../../shared/resources/router.ts";
import { securityGroup } from "../../../shared/resources/security-group.ts";
import { subnet } from "../../../shared/resources/subnet.ts";
import { externalNetworkId, makePort, makeRoutedSubnet } from "../../conformance/cases/ground.ts";
import { sandboxWorlds } from "../../conformance/sandbox.ts";

// Goal: what is ours is decided here, not by the service's filters, and never reaches into another project.
const kinds: readonly (readonly [string, Kind<never>])[] = [
  ["network", network],
  ["subnet", subnet],
  ["router", router],
  ["security-group", securityGroup],
  ["port", port],
];

/** A service that ignores the filters that it does not know. */
const unfiltered =
  (send: Send): Send =>
  (request) => {
    const url = new URL(request.url);
    url.searchParams.delete("description");
    url.searchParams.delete("project_id");
    return send({ ...request, url: url.toString() });
  };

test.each(kinds)("%s: filters that the service ignores change nothing", async (_name, kind) => {
  const worlds = sandboxWorlds();
  const world = worlds("team-a", unfiltered);
  await makePort(world, await makeRoutedSubnet(world));
  const stranger = world.fork();
  await makePort(stranger, await makeRoutedSubnet(stranger));
  expect(await kind.find(world.cloud, world.cluster)).toHaveLength(1);
});

test.each(kinds)("%s: an administrator's login sees other projects and leaves them alone", async (_name, kind) => {
  const worlds = sandboxWorlds();
  const owner = worlds("team-a");
  const admin = worlds("admin", unfiltered);
  await externalNetworkId(admin);
  await makePort(owner, await makeRoutedSubnet(owner));
  const [theirs] = await kind.find(owner.cloud, owner.cluster);
  expect(theirs).toBeDefined();
  expect(await kind.find(admin.cloud, owner.cluster)).toEqual([]);
  expect(await kind.get(admin.cloud, owner.cluster, theirs?.id ?? "")).toBeUndefined();
});
