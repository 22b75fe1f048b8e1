import { all, one, openApi } from "./api.ts";

// Goal: volumes take their time, stay as long as something holds them, and belong to their project alone.
const SETTLED_MS = 20_000;
const NIL = "11111111-2222-3333-4444-555555555555";
const MARK = { "cinder.csi.openstack.org/cluster": "k1" };

function open(options = {}) {
  const api = openApi(options);
  const cinder = api.at("block-storage");
  const volume = async (more: object = {}, who?: string) => {
    const asked = { volume: { name: "pvc-1", size: 2, metadata: MARK, ...more } };
    const { id } = one(await cinder("POST", "/v3/volumes", asked, who), "volume");
    api.pass(SETTLED_MS);
    return id;
  };
  const status = async (id: string) => one(await cinder("GET", `/v3/volumes/${id}`), "volume")["status"];
  return { ...api, cinder, volume, status };
}

test("a volume is made, found by its metadata and by nobody else's, and deleted", async () => {
  const { cinder, volume, pass } = open();
  const made = await cinder("POST", "/v3/volumes", { volume: { name: "first", size: 1 } });
  expect([made.status, one(made, "volume")["status"]]).toEqual([202, "creating"]);
  const id = await volume();
  const marked = `/v3/volumes/detail?metadata=${encodeURIComponent(JSON.stringify(MARK))}`;
  expect(all(await cinder("GET", marked), "volumes", "id")).toEqual([id]);
  expect(all(await cinder("GET", marked, undefined, "team-b"), "volumes", "id")).toEqual([]);
  expect((await cinder("GET", `/v3/volumes/${id}`, undefined, "team-b")).status).toBe(404);
  expect((await cinder("DELETE", `/v3/volumes/${id}`)).status).toBe(202);
  expect(one(await cinder("GET", `/v3/volumes/${id}`), "volume")["status"]).toBe("deleting");
  pass(SETTLED_MS);
  expect(await cinder("GET", `/v3/volumes/${id}`)).toMatchObject({
    status: 404,
    body: { itemNotFound: { code: 404, message: `Volume ${id} could not be found.` } },
  });
});

test("what has a snapshot stays until the snapshot is gone", async () => {
  const { cinder, volume, pass } = open();
  const id = await volume();
  const asked = { snapshot: { volume_id: id, name: "snap", metadata: MARK } };
  const snapshot = one(await cinder("POST", "/v3/snapshots", asked), "snapshot").id;
  pass(SETTLED_MS);
  expect(await cinder("DELETE", `/v3/volumes/${id}`)).toMatchObject({
    status: 400,
    body: { badRequest: { message: expect.stringMatching(/^Invalid volume: Volume status must be .*have snapshots/) } },
  });
  expect(all(await cinder("GET", "/v3/snapshots/detail"), "snapshots", "volume_id")).toEqual([id]);
  expect((await cinder("DELETE", `/v3/snapshots/${snapshot}`)).status).toBe(202);
  pass(SETTLED_MS);
  expect((await cinder("DELETE", `/v3/volumes/${id}`)).status).toBe(202);
});

test("the quota holds", async () => {
  const { cinder, volume, sandbox } = open();
  const project = sandbox.project("team-a").id;
  sandbox.quotas.set(project, "block-storage", "gigabytes", 3);
  await volume();
  expect(await cinder("POST", "/v3/volumes", { volume: { size: 2 } })).toMatchObject({
    status: 413,
    body: { overLimit: { message: expect.stringContaining("Requested 2G, quota is 3G and 2G has been consumed.") } },
  });
  const usage = await cinder("GET", `/v3/os-quota-sets/${project}?usage=True`);
  expect(one(usage, "quota_set")).toMatchObject({ gigabytes: { limit: 3, in_use: 2 }, volumes: { in_use: 1 } });
  expect((await cinder("GET", `/v3/os-quota-sets/${project}`, undefined, "team-b")).status).toBe(403);
});

test("a server that is not there takes no volume, and a size that is none is refused", async () => {
  const { at, cinder, volume, status } = open();
  const id = await volume();
  const path = `/v2.1/servers/${NIL}/os-volume_attachments`;
  expect((await at("compute")("POST", path, { volumeAttachment: { volumeId: id } })).status).toBe(404);
  expect(await status(id)).toBe("available");
  expect((await cinder("POST", "/v3/volumes", { volume: { size: 0 } })).status).toBe(400);
  expect((await cinder("POST", `/v3/volumes/${id}/action`, { "os-extend": { new_size: 1 } })).status).toBe(400);
  expect((await cinder("POST", `/v3/volumes/${id}/action`, { "os-extend": { new_size: 5 } })).status).toBe(202);
  expect(one(await cinder("GET", `/v3/volumes/${id}`), "volume")["size"]).toBe(5);
});
