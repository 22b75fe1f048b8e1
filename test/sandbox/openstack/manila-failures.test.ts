import { all } from "./api.ts";
import { allow, openManila as open, refusal, SETTLED_MS } from "./manila-api.ts";

// Goal: a share that fails, or grows, tells it as on the lab, and what it refuses meanwhile.
const SETTLED = "Invalid share: Share status must be one of ('available', 'error', 'inactive').";
const NO_ROOM = "No storage could be allocated for this share request";

describe("in error", () => {
  const failed = async (api: ReturnType<typeof open>, id: string) => {
    const found = await api.manila("GET", `/v2/messages?resource_id=${id}`);
    return [(await api.show(id))["status"], ...all(found, "messages", "user_message")];
  };

  test("on request, with the reason that was asked for", async () => {
    const api = open();
    api.sandbox.faults.break("share", "the array is on fire", 1, /^doomed$/);
    const fine = await api.share();
    const id = await api.share({ name: "doomed" });
    expect(await failed(api, id)).toEqual(["error", "create: the array is on fire"]);
    expect((await api.show(fine))["status"]).toBe("available");
    const busy = `Invalid share: Share ${id} status must be 'available' to extend, but current status is: error.`;
    expect(await api.act(id, { extend: { new_size: 2 } })).toMatchObject(refusal(400, busy));
    expect((await api.act(id, allow())).status).toBe(400);
    const theirs = await api.manila("GET", `/v2/messages?resource_id=${id}`, undefined, "team-b");
    expect(all(theirs, "messages")).toEqual([]);
    expect((await api.manila("DELETE", `/v2/shares/${id}`)).status).toBe(202);
    api.pass(SETTLED_MS);
    expect((await api.manila("GET", `/v2/shares/${id}`)).status).toBe(404);
  });

  test("for want of room, without a host, so that it is gone at once", async () => {
    const api = open();
    const id = await api.share({ size: 1211 });
    expect(await failed(api, id)).toEqual(["error", `allocate host: ${NO_ROOM}, Capacity filter didn't succeed.`]);
    expect(await api.show(id)).toMatchObject({ availability_zone: null });
    expect((await api.manila("DELETE", `/v2/shares/${id}`)).status).toBe(202);
    expect((await api.manila("GET", `/v2/shares/${id}`)).status).toBe(404);
    expect((await api.show(await api.share({ size: 1210 })))["status"]).toBe("available");
  });

  test("with a share network that its type can't use, or that leads nowhere", async () => {
    const api = open();
    const network = await api.shareNetwork();
    const odd = await api.share({ share_network_id: network.id });
    const unexpected = "Driver does not expect share-network to be provided with current configuration.";
    expect(await failed(api, odd)).toEqual(["error", `create: ${unexpected}`]);
    await api.neutron("DELETE", `/v2.0/networks/${network.net}`);
    const [status, words] = await failed(
      api,
      await api.share({ share_type: "rwx-dhss", share_network_id: network.id }),
    );
    expect([status, words]).toEqual([
      "error",
      expect.stringMatching(/^create: Could not find an existing share server/),
    ]);
  });

  test("when Neutron has no ports left for the server, which leaves none behind", async () => {
    const api = open();
    const network = await api.shareNetwork();
    api.sandbox.quotas.set(api.sandbox.project("team-a").id, "network", "port", 1);
    const id = await api.share({ share_type: "rwx-dhss", share_network_id: network.id });
    expect(await failed(api, id)).toEqual(["error", expect.stringContaining("limit of the number of ports")]);
    expect(all(await api.neutron("GET", "/v2.0/ports"), "ports")).toEqual([]);
  });
});

describe("growing", () => {
  test.each<[string, object, string]>([
    [
      "to what it has",
      { new_size: 1 },
      "New size for extend must be greater than current size. (current: 1, extended: 1).",
    ],
    ["to a word", { new_size: "x" }, "New share size must be specified as an integer."],
    ["to nothing", {}, "New share size must be specified as an integer."],
  ])("%s is refused", async (_what, extend, words) => {
    const { share, act } = open();
    const answer = await act(await share(), { extend });
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([400, expect.stringContaining(words)]);
  });

  test("takes a while, during which it refuses all else and reserves the quota", async () => {
    const { manila, share, show, act, pass, sandbox } = open();
    const id = await share();
    expect(await act(id, { extend: { new_size: 3 } })).toMatchObject({ status: 202, body: "" });
    expect(await show(id)).toMatchObject({ status: "extending", size: 1 });
    const quota = await manila("GET", `/v2/quota-sets/${sandbox.project("team-a").id}/detail`);
    expect(quota.body).toMatchObject({ quota_set: { gigabytes: { in_use: 1, reserved: 2 } } });
    expect(await manila("DELETE", `/v2/shares/${id}`)).toMatchObject(refusal(403, SETTLED));
    pass(SETTLED_MS);
    expect(await show(id)).toMatchObject({ status: "available", size: 3 });
    expect((await act(id, { shrink: { new_size: 2 } })).status).toBe(202);
    pass(SETTLED_MS);
    expect(await show(id)).toMatchObject({ status: "available", size: 2 });
  });

  test("beyond what there is leaves it as it was, and says so in a message", async () => {
    const { manila, share, show, act, pass } = open();
    const id = await share();
    expect((await act(id, { extend: { new_size: 5000 } })).status).toBe(202);
    pass(SETTLED_MS);
    expect(await show(id)).toMatchObject({ status: "available", size: 1 });
    const words = `extend: ${NO_ROOM}. Trying again with a different size or share type may succeed.`;
    expect(all(await manila("GET", `/v2/messages?resource_id=${id}`), "messages", "user_message")).toEqual([words]);
  });
});
