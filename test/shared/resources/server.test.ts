import type { Cloud } from "../../../shared/openstack/cloud.ts";
import type { NewServer } from "../../../shared/openstack/compute.ts";
import { server } from "../../../shared/resources/server.ts";

// Goal: a server is ready only while it runs, and one that fails says why in Nova's words.
const owner = { cluster: "k7f3m2q9x1", name: "dev" };
const row = (over: object = {}) => ({
  id: "s1",
  name: "dev-k7f3m2q9x1-server-worker-1",
  tenant_id: "p1",
  status: "ACTIVE",
  "OS-EXT-STS:task_state": null,
  metadata: { kinvirt: "k7f3m2q9x1" },
  tags: ["kinvirt:k7f3m2q9x1"],
  hostId: "h1",
  addresses: { net: [{ addr: "203.0.113.9", "OS-EXT-IPS:type": "floating" }, { addr: "10.20.0.7" }] },
  flavor: { original_name: "m1.large" },
  ...over,
});

const seen = (over: object = {}) => {
  const compute = { getServer: async () => row(over) };
  return server.get({ scope: async () => ({ projectId: "p1" }), compute } as unknown as Cloud, owner, "s1");
};

test.each([
  ["ACTIVE", null, "ready", "ACTIVE"],
  ["BUILD", "spawning", "pending", "BUILD"],
  ["SHUTOFF", null, "pending", "SHUTOFF"],
  ["ACTIVE", "deleting", "leaving", "deleting"],
  ["ERROR", "deleting", "leaving", "deleting"],
  ["SOFT_DELETED", null, "leaving", "SOFT_DELETED"],
  ["DELETED", null, "leaving", "DELETED"],
])("one that is %s with the task %s is %s: %s", async (status, task, as, state) => {
  expect(await seen({ status, "OS-EXT-STS:task_state": task })).toMatchObject({ status: as, state });
});

test("one in ERROR says why", async () => {
  const fault = { code: 500, message: "No valid host was found." };
  expect(await seen({ status: "ERROR", fault })).toMatchObject({ status: "failed", fault: fault.message });
  expect(await seen({ status: "ERROR" })).toMatchObject({ status: "failed", fault: "Nova gives no reason" });
});

test("its address is that of its port", async () => {
  expect((await seen())?.facts).toEqual({ flavor: "m1.large", address: "10.20.0.7", hostId: "h1" });
});

test.each([
  ["another cluster's metadata", { metadata: { kinvirt: "k7f3m2q9x2" } }],
  ["no tag of ours", { tags: ["kinvirt:k7f3m2q9x11"] }],
  ["another project", { tenant_id: "p2" }],
])("one with %s is not ours", async (_what, over) => {
  expect(await seen(over)).toBeUndefined();
});

const spec = { portId: "p1", flavorId: "f1", imageId: "i1", serverGroupId: "g1" };
const creating = () => {
  const sent: (readonly [NewServer, string])[] = [];
  const createServer = async (asked: NewServer, group: string) => {
    sent.push([asked, group]);
    return { id: "s1" };
  };
  return { sent, cloud: { compute: { createServer } } as unknown as Cloud };
};

test("it is asked for with both halves of its mark, on its own port, in its group", async () => {
  const { sent, cloud } = creating();
  const step = "server/worker-1";
  const name = "dev-k7f3m2q9x1-server-worker-1";
  const made = await server.create(cloud, { ...owner, step }, { ...spec, userData: () => "#cloud-config" });
  expect(made).toEqual({ id: "s1", name, status: "pending", state: "BUILD", facts: {} });
  const asked = {
    name,
    flavorRef: "f1",
    imageRef: "i1",
    networks: [{ port: "p1" }],
    metadata: { kinvirt: "k7f3m2q9x1", "kinvirt-step": step },
    tags: ["kinvirt:k7f3m2q9x1"],
    config_drive: true,
    user_data: "I2Nsb3VkLWNvbmZpZw==",
  };
  expect(sent).toEqual([[asked, "g1"]]);
});

test("user-data that Nova would not take is refused here, without a word of it", async () => {
  const { sent, cloud } = creating();
  const most = Math.floor(65_535 / 4) * 3;
  await server.create(cloud, { ...owner, step: "server/a" }, { ...spec, userData: () => "x".repeat(most) });
  const over = { ...spec, userData: () => "x".repeat(most + 1) };
  await expect(server.create(cloud, { ...owner, step: "server/a" }, over)).rejects.toMatchObject({
    trouble: "invalid",
    detail: { fault: "the user data has 65536 characters in base64, and Nova takes 65535" },
  });
  expect(sent).toHaveLength(1);
});
