import type { Machines } from "../../../sandbox/openstack/core.ts";
import { createSandbox } from "../../../sandbox/openstack/index.ts";
import { connect } from "../../../shared/openstack/connect.ts";
import type { ServiceType } from "../../../shared/openstack/errors.ts";
import { newestOf, versionsOf } from "../../../shared/openstack/versions.ts";
import { countedChance, virtualClock } from "../../support/virtual.ts";

// Goal: what a cloud says of its versions is told as it is meant, and another login of the same cloud is really another.
test.each<[string, ServiceType, object, string | undefined]>([
  [
    "the newest minor version, as a number",
    "load-balancer",
    { versions: [{ id: "v2.9" }, { id: "v2.30" }, { id: "v2.10" }] },
    "2.30",
  ],
  [
    "a microversion",
    "compute",
    {
      versions: [
        { id: "v2.0", version: "" },
        { id: "v2.1", version: "2.100" },
      ],
    },
    "2.100",
  ],
  ["Glance's form", "image", { versions: [{ id: "v2.17", status: "CURRENT" }, { id: "v2.7" }] }, "2.17"],
  ["Keystone's form", "identity", { versions: { values: [{ id: "v3.14" }] } }, "3.14"],
  ["another major version alone", "shared-file-system", { versions: [{ id: "v1.0", version: "" }] }, undefined],
  ["nothing that we know", "dns", { hello: "proxy" }, undefined],
])("%s", (_what, service, document, newest) => {
  expect(newestOf(service, versionsOf(JSON.stringify(document)))).toBe(newest);
});

function cloudOf() {
  const clock = virtualClock();
  const machines: Machines = { on: () => undefined, off: () => undefined, console: () => [] };
  const sandbox = createSandbox({ clock, chance: countedChance(), options: { machines } });
  return { sandbox, cloud: connect(sandbox.settings("team-a"), { ...clock, send: sandbox.send }) };
}

test("each service's newest version, without a question about anything else", async () => {
  const { cloud } = cloudOf();
  const services = await cloud.services();
  const versions = await Promise.all(services.map(async (service) => [service, await cloud.version(service)]));
  expect(Object.fromEntries(versions)).toEqual({
    identity: "3.14",
    compute: "2.100",
    image: "2.17",
    network: "2.0",
    "load-balancer": "2.27",
    dns: "2.1",
    "key-manager": "1",
    "shared-file-system": "2.89",
    "block-storage": "3.71",
  });
});

test("as an application credential: its roles, its rules, and the first login stays what it is", async () => {
  const { cloud } = cloudOf();
  const secret = "s".repeat(32);
  const { id } = await cloud.identity.createApplicationCredential({
    name: "one",
    description: "",
    secret,
    roles: ["reader"],
    accessRules: [{ service: "dns", method: "GET", path: "/dns/v2/zones" }],
  });
  const other = cloud.as({ id, secret });
  expect((await other.scope()).roles).toEqual(["reader"]);
  expect(await other.dns.listZones()).toHaveLength(1);
  await expect(other.network.listExtensions()).rejects.toMatchObject({ trouble: "denied" });
  expect((await cloud.scope()).roles).toContain("member");
  await expect(cloud.as({ id, secret: "another" }).scope()).rejects.toMatchObject({ trouble: "denied" });
});
