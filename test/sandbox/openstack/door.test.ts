import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Options } from "../../../sandbox/openstack/core.ts";
import type { HttpRequest } from "../../../shared/openstack/send.ts";
import { all, openApi } from "./api.ts";

// Goal: whoever calls the embedded cloud meets the same door everywhere, and everything that can go wrong on the way.
const ROOT = "http://openstack.sandbox";
const UNAUTHORIZED = {
  error: { code: 401, title: "Unauthorized", message: "The request you have made requires authentication." },
};
const SECRETS = "/key-manager/v1/secrets";
const SECRET = { name: "s", payload: "p", payload_content_type: "text/plain" };

async function open(options: Options = {}) {
  const api = openApi(options);
  const headers = { "x-auth-token": await api.token(), "content-type": "application/json" };
  const ask = (path: string, more: Partial<HttpRequest> = {}) =>
    api.sandbox.send({ method: "GET", url: `${ROOT}${path}`, headers, timeoutMs: 1000, ...more });
  const store = (name = "s") => ask(SECRETS, { method: "POST", body: JSON.stringify({ ...SECRET, name }) });
  const stored = async () => all(await api.at("key-manager")("GET", "/v1/secrets?limit=100"), "secrets");
  return { ...api, headers, ask, store, stored };
}

const KNOWN = [
  "/identity/v3/auth/projects",
  "/networking/v2.0/networks",
  "/dns/v2/zones",
  "/key-manager/v1/secrets",
  "/compute/v2.1/servers",
  "/share/v2/shares",
];

describe("tokens at the door", () => {
  test.each(KNOWN)("%s takes none but its own", async (path) => {
    const { ask } = await open();
    for (const token of [{}, { "x-auth-token": "abc" }]) {
      const found = await ask(path, { headers: token });
      expect([found.status, JSON.parse(found.body)]).toEqual([401, UNAUTHORIZED]);
      expect(found.headers["www-authenticate"]).toBe(`Keystone uri="${ROOT}/identity/v3"`);
    }
    expect((await ask(path)).status).toBe(200);
  });

  test.each(["/identity/v3", "/networking/", "/dns/", "/key-manager/"])("%s needs none", async (path) => {
    const { ask } = await open();
    expect([200, 300]).toContain((await ask(path, { headers: {} })).status);
  });

  test("a token is good for its project alone", async () => {
    const { at, store, stored } = await open();
    await store();
    expect(await stored()).toEqual(["s"]);
    expect(all(await at("key-manager")("GET", "/v1/secrets", undefined, "team-b"), "secrets")).toEqual([]);
  });

  test("nobody is at an address without a service", async () => {
    const { ask } = await open();
    expect(await ask("/nowhere")).toMatchObject({ status: 404, body: "Not Found" });
    expect(await ask("/dnsx/v2/zones")).toMatchObject({ status: 404, body: "Not Found" });
  });

  test("each answer has an id of its own, under the names that its service uses", async () => {
    const { ask } = await open();
    const ids = async (path: string) => {
      const { headers } = await ask(path);
      return [headers["x-openstack-request-id"], headers["x-compute-request-id"]];
    };
    const form = expect.stringMatching(/^req-[0-9a-f-]{36}$/);
    expect(await ids("/dns/v2/zones")).toEqual([form, undefined]);
    expect(await ids("/compute/v2.1/servers")).toEqual([form, form]);
    expect(await ids("/share/v2/shares")).toEqual([undefined, form]);
    expect(await ids("/dns/v2/zones")).not.toEqual(await ids("/dns/v2/zones"));
  });
});

describe("what happens on the way", () => {
  test("lost before: it breaks and nothing was done", async () => {
    const { sandbox, store, stored } = await open();
    sandbox.faults.on({ service: "key-manager", method: "POST" }, { is: "lost-before" });
    await expect(store()).rejects.toThrow("ECONNREFUSED");
    expect(await stored()).toEqual([]);
    expect((await store()).status).toBe(201);
  });

  test("lost after: it breaks and was done", async () => {
    const { sandbox, store, stored } = await open();
    sandbox.faults.on({ service: "key-manager", method: "POST" }, { is: "lost-after" });
    await expect(store()).rejects.toThrow("the answer was lost");
    expect(await stored()).toEqual(["s"]);
  });

  test("slow: who waits gets the answer, who gives up does not know that it was done", async () => {
    const waits: number[] = [];
    const wait = async (ms: number) => void waits.push(ms);
    const { sandbox, store, stored } = await open({ wait });
    sandbox.faults.on({ method: "POST", times: 2 }, { is: "slow", ms: 1000 });
    expect((await store("a")).status).toBe(201);
    sandbox.faults.clear();
    sandbox.faults.on({ method: "POST" }, { is: "slow", ms: 1001 });
    await expect(store("b")).rejects.toThrow("no answer within 1000 ms");
    expect(waits).toEqual([1000, 1000]);
    expect((await stored()).toSorted()).toEqual(["a", "b"]);
  });

  const seconds = { is: "answer", status: 429, message: "Too many requests", retryAfterSeconds: 7 } as const;
  test.each([
    ["/key-manager/v1/secrets", { code: 429, title: "Error", description: "Too many requests" }],
    ["/identity/v3/auth/projects", { error: { code: 429, title: "Error", message: "Too many requests" } }],
    ["/dns/v2/zones", { code: 429, type: "unknown", message: "Too many requests" }],
    ["/networking/v2.0/networks", { NeutronError: { message: "Too many requests", detail: "" } }],
  ])("429 in the words of %s, with the time to wait", async (path, body) => {
    const { sandbox, ask } = await open();
    sandbox.faults.on({}, seconds);
    const found = await ask(path);
    expect([found.status, found.headers["retry-after"]]).toEqual([429, "7"]);
    expect(JSON.parse(found.body)).toMatchObject(body);
    const next = await ask(path);
    expect([next.status, next.headers["retry-after"]]).toEqual([200, undefined]);
  });

  test.each([500, 502, 503, 504])("%d: nothing was done, and it does not say when to come again", async (status) => {
    const { sandbox, store, stored } = await open();
    sandbox.faults.on({ method: "POST" }, { is: "answer", status, message: "no" });
    const found = await store();
    expect([found.status, found.headers["retry-after"]]).toEqual([status, undefined]);
    expect(JSON.parse(found.body)).toMatchObject({ code: status, description: "no" });
    expect(await stored()).toEqual([]);
  });

  test("a fault is for the calls that it names, from the nth on, as often as it says", async () => {
    const { sandbox, at, store, stored } = await open();
    const path = /^\/v1\/secrets$/;
    const pattern = { service: "key-manager", method: "POST", path, project: "team-a", nth: 2, times: 2 } as const;
    const end = sandbox.faults.on(pattern, { is: "answer", status: 503, message: "" });
    const statuses = async (count: number) => {
      const found: number[] = [];
      for (let call = 0; call < count; call += 1) found.push((await store()).status);
      return found;
    };
    expect((await at("key-manager")("POST", "/v1/secrets", SECRET, "team-b")).status).toBe(201);
    expect(await stored()).toEqual([]);
    expect(await statuses(4)).toEqual([201, 503, 503, 201]);
    end();
    sandbox.faults.on(pattern, { is: "answer", status: 500, message: "" })();
    expect(await statuses(3)).toEqual([201, 201, 201]);
  });

  test("a service is down until it is up again, and the others are not", async () => {
    const { sandbox, ask } = await open();
    const up = sandbox.faults.down("dns");
    for (const _try of [1, 2, 3]) expect((await ask("/dns/v2/zones")).status).toBe(503);
    expect((await ask(SECRETS)).status).toBe(200);
    up();
    const back = sandbox.faults.down("dns", "refused");
    await expect(ask("/dns/v2/zones")).rejects.toThrow("ECONNREFUSED");
    back();
    expect((await ask("/dns/v2/zones")).status).toBe(200);
  });

  test("calls are lost as often as asked for, the same ones in every run", async () => {
    const run = async () => {
      const { sandbox, store, stored } = await open();
      sandbox.faults.lose({ before: 0.2, after: 0.2 });
      const told: string[] = [];
      for (let call = 0; call < 60; call += 1) {
        const name = `s${call}`;
        await store(name).then(
          () => told.push(name),
          () => undefined,
        );
      }
      sandbox.faults.clear();
      return { told, done: await stored() };
    };
    const [first, second] = [await run(), await run()];
    expect(second).toEqual(first);
    const { told, done } = first;
    expect(told.every((name) => done.includes(name))).toBe(true);
    // Of 60 calls about 12 are lost before and about 10 after their effect.
    expect(60 - done.length).toBeGreaterThan(3);
    expect(done.length - told.length).toBeGreaterThan(3);
    expect(told.length).toBeGreaterThan(20);
  });

  test("some resources fail with a probability, and all is well again when it is cleared", async () => {
    const { sandbox, store, at } = await open();
    sandbox.faults.breakSome("secret", 1, "no storage");
    await store("a");
    sandbox.faults.clear();
    await store("b");
    const found = await at("key-manager")("GET", "/v1/secrets?sort=name");
    expect(all(found, "secrets", "status")).toEqual(["ERROR", "ACTIVE"]);
  });
});

describe("over HTTP", () => {
  async function served() {
    const api = await open();
    const server = createServer(api.sandbox.listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { ...api, root, close: () => new Promise((resolve) => server.close(resolve)) };
  }

  test("answers the same, with the host that was asked in its links", async () => {
    const { root, headers, ask, close } = await served();
    try {
      const [outside, inside] = [await fetch(`${root}/dns/v2/zones`, { headers }), await ask("/dns/v2/zones")];
      expect(outside.status).toBe(inside.status);
      expect((await outside.text()).replaceAll(root, ROOT)).toBe(inside.body);
    } finally {
      await close();
    }
  });

  test("a lost call breaks the connection, before its effect or after it", async () => {
    const { root, headers, sandbox, stored, close } = await served();
    try {
      const post = (name: string) =>
        fetch(`${root}${SECRETS}`, { method: "POST", headers, body: JSON.stringify({ ...SECRET, name }) });
      sandbox.faults.on({ method: "POST", nth: 1 }, { is: "lost-before" });
      await expect(post("before")).rejects.toThrow("fetch failed");
      sandbox.faults.on({ method: "POST", nth: 1 }, { is: "lost-after" });
      await expect(post("after")).rejects.toThrow("fetch failed");
      expect(await stored()).toEqual(["after"]);
    } finally {
      await close();
    }
  });
});
