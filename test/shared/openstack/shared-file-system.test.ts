import type { Trouble } from "../../../shared/openstack/errors.ts";
import { type SharedFileSystems, sharedFileSystems } from "../../../shared/openstack/shared-file-system.ts";
import { type Answer, endpointOf, failure, fakeCloud, json } from "./fake-cloud.ts";

// Goal: what Manila says in words only (busy, gone) reaches the caller as what can be done about it.
const VERSIONS = json({ versions: [{ id: "v2.0", status: "CURRENT", version: "2.89", links: [] }] });
const refusal = (status: number, name: string, message: string) => json({ [name]: { code: status, message } }, status);
const BUSY = "Invalid share: Share status must be one of ('available', 'error', 'inactive').";
const EXTENDING = "Invalid share: Share s1 status must be 'available' to extend, but current status is: extending.";

/** The version document is asked for once, before the first call that needs a microversion. */
const manila = (answers: readonly Answer[]) => {
  const left = [...answers];
  const next = (request: { readonly url: string }) =>
    /\/v2\/?$|test\/?$/.test(request.url) ? VERSIONS : (left.shift() ?? new Error("one answer too few"));
  const cloud = fakeCloud(Array.from({ length: 10 }, () => next));
  return { cloud, api: sharedFileSystems(endpointOf("shared-file-system", cloud)) };
};

test.each<[string, (api: SharedFileSystems) => Promise<unknown>, Answer, Trouble]>([
  ["deleting a busy share", (api) => api.deleteShare("s1"), refusal(403, "forbidden", BUSY), "conflict"],
  ["extending a busy share", (api) => api.extendShare("s1", 2), refusal(400, "badRequest", EXTENDING), "conflict"],
  [
    "deleting a share with snapshots",
    (api) => api.deleteShare("s1"),
    refusal(403, "forbidden", "Invalid share: Share still has 1 dependent snapshots."),
    "conflict",
  ],
  [
    "no leave to delete",
    (api) => api.deleteShare("s1"),
    refusal(403, "forbidden", "Policy doesn't allow share:delete to be performed."),
    "denied",
  ],
  [
    "extending to less",
    (api) => api.extendShare("s1", 1),
    refusal(400, "badRequest", "Invalid input received: New size for extend must be greater than current size."),
    "invalid",
  ],
  [
    "more than the quota",
    (api) => api.extendShare("s1", 9),
    refusal(413, "overLimit", "Requested share exceeds allowed project/user or share type gigabytes quota."),
    "quota",
  ],
])("%s", async (_what, act, answer, trouble) => {
  expect(await failure(act(manila([answer]).api))).toMatchObject({ trouble });
});

test("a share that is gone has no access rules, and its deletion is done", async () => {
  const { api } = manila([
    refusal(400, "badRequest", "Share s1 not found."),
    refusal(404, "itemNotFound", "NotFound: Resource could not be found."),
    refusal(404, "itemNotFound", "The resource could not be found."),
  ]);
  expect(await api.listAccessRules("s1")).toEqual([]);
  await api.deleteAccessRule("s1", "a1");
  await api.deleteShare("s1");
});

test("the key of a cephx user is not read", async () => {
  const rule = { id: "a1", access_type: "cephx", access_to: "dev", access_level: "rw", state: "active" };
  const { api } = manila([json({ access_list: [{ ...rule, access_key: "AQCzKlJXfM0BBhAA" }] })]);
  expect(await api.listAccessRules("s1")).toEqual([rule]);
});

test("reserved quota counts as used", async () => {
  const usage = (limit: number, in_use: number, reserved: number) => ({ limit, in_use, reserved });
  const quota_set = { id: "p1", shares: usage(10, 2, 1), gigabytes: usage(-1, 150, 0), share_networks: usage(5, 0, 0) };
  const { api } = manila([json({ quota_set })]);
  expect(await api.quota("p1")).toEqual([
    { service: "shared-file-system", resource: "shares", limit: 10, used: 3 },
    { service: "shared-file-system", resource: "gigabytes", limit: -1, used: 150 },
    { service: "shared-file-system", resource: "share_networks", limit: 5, used: 0 },
  ]);
});

test("the newest message comes first", async () => {
  const message = (created_at: string, user_message: string) => ({ id: user_message, created_at, user_message });
  const { api } = manila([
    json({ messages: [message("2026-11-24T08:00:00", "create: old"), message("2026-11-24T09:00:00", "extend: new")] }),
  ]);
  expect(await api.listMessages("s1")).toEqual(["extend: new", "create: old"]);
});
