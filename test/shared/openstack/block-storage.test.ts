import { type BlockStorage, blockStorage } from "../../../shared/openstack/block-storage.ts";
import type { Trouble } from "../../../shared/openstack/errors.ts";
import { type Answer, endpointOf, failure, fakeCloud, json } from "./fake-cloud.ts";

// Goal: what Cinder says in words only (attached, busy) is a conflict, and a volume is looked for by exactly one mark.
const CATALOG = [
  {
    type: "volumev3",
    endpoints: [{ interface: "public", region: "RegionOne", url: "http://cinder.test/v3/p1" }],
  },
  { type: "identity", endpoints: [{ interface: "public", region: "RegionOne", url: "http://keystone.test/v3" }] },
];
const refusal = (status: number, name: string, message: string) => json({ [name]: { code: status, message } }, status);
const cinder = (answers: readonly Answer[]) => {
  const cloud = fakeCloud([...answers], { catalog: CATALOG });
  return { cloud, api: blockStorage(endpointOf("block-storage", cloud)) };
};
const HELD =
  "Invalid volume: Volume status must be available or error or error_restoring or error_extending or error_managing and " +
  "must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from " +
  "snapshots after volume transfer.";

test.each<[string, (api: BlockStorage) => Promise<unknown>, Answer, Trouble]>([
  ["deleting what is attached", (api) => api.deleteVolume("v1"), refusal(400, "badRequest", HELD), "conflict"],
  [
    "deleting a busy snapshot",
    (api) => api.deleteSnapshot("s1"),
    refusal(400, "badRequest", "Invalid snapshot: Snapshot status must be available or error."),
    "conflict",
  ],
  [
    "no leave to delete",
    (api) => api.deleteVolume("v1"),
    refusal(403, "forbidden", "Policy doesn't allow volume:delete to be performed."),
    "denied",
  ],
  ["nonsense", (api) => api.deleteVolume("v1"), refusal(400, "badRequest", "Invalid id."), "invalid"],
])("%s", async (_what, act, answer, trouble) => {
  expect(await failure(act(cinder([answer]).api))).toMatchObject({ trouble });
});

test("volumes and snapshots are listed by the mark, below the project that the catalog names; what is gone is deleted", async () => {
  const metadata = { "cinder.csi.openstack.org/cluster": "k1" };
  const volume = { id: "v1", name: "pvc-1", size: 1, status: "in-use", metadata };
  const snapshot = { id: "s1", name: "snap", status: "available", volume_id: "v1", metadata };
  const missing = refusal(404, "itemNotFound", "Volume v1 could not be found.");
  const { cloud, api } = cinder([json({ volumes: [volume] }), json({ snapshots: [snapshot] }), missing, missing]);
  expect(await api.listVolumes(metadata)).toEqual([volume]);
  expect(await api.listSnapshots(metadata)).toEqual([snapshot]);
  await api.deleteVolume("v1");
  await api.deleteSnapshot("s1");
  const query = `?${new URLSearchParams({ metadata: JSON.stringify(metadata) })}`;
  expect(cloud.lines.slice(-4)).toEqual([
    `GET http://cinder.test/v3/p1/volumes/detail${query}`,
    `GET http://cinder.test/v3/p1/snapshots/detail${query}`,
    "DELETE http://cinder.test/v3/p1/volumes/v1",
    "DELETE http://cinder.test/v3/p1/snapshots/s1",
  ]);
});
