import { all, one } from "./api.ts";
import { allow, NIL, openManila as open, refusal, SETTLED_MS, sharing } from "./manila-api.ts";

// Goal: who may mount a share is decided as on the lab: states, refusals and their words.
const GONE = "NotFound: Resource could not be found.";
const INVALID_STATE = "lacks a valid host or is in an invalid state.";

describe("access rules", () => {
  test("are queued, applied, active, and on denial queued, denied and gone", async () => {
    const { manila, share, show, act, pass } = open({ speed: 0.1 });
    const id = await share();
    pass(60_000);
    const made = await act(id, allow({ metadata: { a: "1" } }));
    const shown = { access_type: "ip", access_to: "10.8.0.0/24", access_level: "rw", metadata: { a: "1" } };
    expect(made).toMatchObject({ status: 200, body: { access: { ...shown, share_id: id, state: "queued_to_apply" } } });
    const rule = one(made, "access").id;
    const path = `/v2/share-access-rules/${rule}`;
    const seen = new Set<unknown>();
    const watch = async () => {
      for (let at = 0; at < 40; at += 1) {
        const answer = await manila("GET", path);
        seen.add(answer.status === 404 ? 404 : one(answer, "access")["state"]);
        pass(500);
      }
    };
    await watch();
    expect(await show(id)).toMatchObject({ access_rules_status: "active" });
    const list = (query = "") => manila("GET", `/v2/share-access-rules?share_id=${id}${query}`);
    expect((await list()).body).toMatchObject({ access_list: [{ id: rule, ...shown, state: "active" }] });
    expect(all(await list("&limit=1&offset=1"), "access_list", "id")).toEqual([rule]);
    expect(all(await list(`&metadata=${encodeURIComponent('{"a":"2"}')}`), "access_list", "id")).toEqual([]);
    const deny = { deny_access: { access_id: rule } };
    expect(await act(id, deny)).toMatchObject({ status: 202, body: "" });
    expect((await act(id, deny)).status).toBe(202);
    await watch();
    expect([...seen]).toEqual(["queued_to_apply", "applying", "active", "queued_to_deny", "denying", 404]);
    expect(await act(id, deny)).toMatchObject(refusal(404, "Resource could not be found."));
    expect(await manila("GET", path)).toMatchObject(refusal(404, `Share access rule ${rule} not found.`));
  });

  test.each<[string, object, string]>([
    ["host bits", { access_to: "10.8.0.1/24" }, "10.8.0.1/24 has host bits set"],
    ["a word", { access_to: "x" }, "'x' does not appear to be an IPv4 or IPv6 network"],
    ["33 bits", { access_to: "10.8.0.0/33" }, "'10.8.0.0/33' does not appear to be an IPv4 or IPv6 network"],
    ["a type", { access_type: "dns" }, "Only 'ip', 'user', 'cert' or 'cephx' access types are supported."],
    ["a level", { access_level: "all" }, "Invalid access rule: Invalid share access level: all."],
    ["a value", { metadata: { a: "" } }, "Metadata property value is blank."],
    ["a Ceph id", { access_type: "cephx", access_to: "client.a" }, "Ceph IDs may not contain periods."],
  ])("%s that there can't be is refused", async (_what, more, message) => {
    const { manila, share, act } = open();
    const id = await share();
    expect(await act(id, allow(more))).toMatchObject(refusal(400, message));
    expect(all(await manila("GET", `/v2/share-access-rules?share_id=${id}`), "access_list")).toEqual([]);
  });

  test("are one for each client", async () => {
    const { share, act } = open();
    const id = await share();
    expect((await act(id, allow({ access_to: "10.0.0.1" }))).status).toBe(200);
    const again = await act(id, allow({ access_to: "10.0.0.1/32", access_level: "ro" }));
    expect(again).toMatchObject(refusal(400, "Share access ip:10.0.0.1/32 exists."));
    expect((await act(id, allow({ access_to: "10.0.0.0/24" }))).status).toBe(200);
  });

  test("go to error on request or where the protocol has no such clients, and bar nothing but themselves", async () => {
    const { manila, share, show, act, pass, sandbox } = open();
    const id = await share();
    sandbox.faults.break("share-access", "no", 1);
    for (const more of [{}, { access_type: "user", access_to: "someone" }, { access_to: "10.9.0.0/24" }])
      expect((await act(id, allow(more))).status).toBe(200);
    expect(await show(id)).toMatchObject({ access_rules_status: "syncing" });
    pass(SETTLED_MS);
    const rules = await manila("GET", `/v2/share-access-rules?share_id=${id}`);
    const states = Object.fromEntries(
      all(rules, "access_list", "access_to").map((to, at) => [to, all(rules, "access_list", "state")[at]]),
    );
    expect(states["someone"]).toBe("error");
    expect([states["10.8.0.0/24"], states["10.9.0.0/24"]].toSorted()).toEqual(["active", "error"]);
    expect(await show(id)).toMatchObject({ status: "available", access_rules_status: "error" });
    expect((await act(id, allow({ access_to: "10.7.0.0/24" }))).status).toBe(200);
  });

  test("need a share that is there, settled, and the caller's", async () => {
    const { manila, share, act } = open();
    const { id } = one(await manila("POST", "/v2/shares", sharing()), "share");
    const busy = `New access rules cannot be applied while the share or any of its replicas or migration copies`;
    expect(await act(id, allow())).toMatchObject(refusal(400, `${busy} ${INVALID_STATE}`));
    const settled = await share();
    const rule = one(await act(settled, allow()), "access").id;
    for (const [of, who] of [
      [NIL, "team-a"],
      [settled, "team-b"],
    ] as const) {
      expect(await act(of, allow({ access_to: "10.7.0.0/24" }), who)).toMatchObject(refusal(404, GONE));
      expect(await act(of, { deny_access: { access_id: rule } }, who)).toMatchObject(refusal(404, GONE));
      const list = await manila("GET", `/v2/share-access-rules?share_id=${of}`, undefined, who);
      expect(list).toMatchObject(refusal(400, `Share ${of} not found.`));
    }
    const theirs = await manila("GET", `/v2/share-access-rules/${rule}`, undefined, "team-b");
    expect(theirs).toMatchObject(refusal(404, `Share access rule ${rule} not found.`));
    expect(await act(id, { deny_access: { access_id: rule } })).toMatchObject(
      refusal(404, "Resource could not be found."),
    );
    expect((await manila("DELETE", `/v2/shares/${settled}`)).status).toBe(202);
    const leaving = "Access rules cannot be denied while the share, any of its replicas or migration copies";
    expect(await act(settled, { deny_access: { access_id: rule } })).toMatchObject(
      refusal(400, `${leaving} ${INVALID_STATE}`),
    );
    expect(await manila("GET", "/v2/share-access-rules")).toMatchObject(
      refusal(400, "The field 'share_id' has to be specified."),
    );
  });

  test("end with their share", async () => {
    const { manila, share, act, pass } = open();
    const id = await share();
    const rule = one(await act(id, allow()), "access").id;
    pass(SETTLED_MS);
    await manila("DELETE", `/v2/shares/${id}`);
    pass(SETTLED_MS);
    expect((await manila("GET", `/v2/share-access-rules/${rule}`)).status).toBe(404);
  });
});

test.each<[unknown, number, string]>([
  [{ nonsense: {} }, 400, "There is no such action: nonsense"],
  [{ extend: { new_size: 3 }, shrink: { new_size: 1 } }, 400, "Malformed request body"],
  [{ "os-extend": { new_size: 3 } }, 404, "The resource could not be found."],
  [{ access_list: null }, 404, "The resource could not be found."],
  [{ deny_access: {} }, 500, "The server has either erred"],
])("the action %j is refused", async (body, status, words) => {
  const { share, act } = open();
  const answer = await act(await share(), body);
  expect([answer.status, JSON.stringify(answer.body)]).toEqual([status, expect.stringContaining(words)]);
});
