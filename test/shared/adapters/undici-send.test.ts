import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { undiciSend } from "../../../shared/adapters/undici-send.ts";
import { forwardProxy } from "../../support/proxy.ts";

// Goal: one exchange over real HTTP: method, headers and body arrive, every status is an answer, and silence is a rejection.
let server: Server;
let base = "";
const hits: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      hits.push(`${request.method} ${request.url}`);
      if (request.url === "/silent") return;
      if (request.url === "/bytes") {
        response.writeHead(200, { "content-type": "application/octet-stream" }).end(Buffer.from([0, 128, 255]));
        return;
      }
      const [, sign] = /^\/pieces\/(.+)$/.exec(request.url ?? "") ?? [];
      if (sign !== undefined) {
        response.end(decodeURIComponent(sign).repeat(2_100_000));
        return;
      }
      if (request.url === "/moved") {
        response.writeHead(302, { location: "/elsewhere" }).end();
        return;
      }
      const said = {
        method: request.method,
        token: request.headers["x-auth-token"],
        body: Buffer.concat(parts).toString(),
      };
      response
        .writeHead(request.url === "/no" ? 409 : 200, { "X-Openstack-Request-Id": "req-1" })
        .end(`${JSON.stringify(said)}é`);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const send = undiciSend();
afterAll(() => send.close());
const ask = (path: string, timeoutMs = 5000) =>
  send({ method: "GET", url: base + path, headers: { "x-auth-token": "t" }, timeoutMs });

test("method, headers and body arrive, and the answer comes with lower-case header names", async () => {
  const answer = await send({
    method: "POST",
    url: `${base}/x`,
    headers: { "x-auth-token": "t" },
    body: "{}",
    timeoutMs: 5000,
  });
  expect(answer.body).toBe('{"method":"POST","token":"t","body":"{}"}é');
  expect(answer.headers["x-openstack-request-id"]).toBe("req-1");
});

test("a refusal is an answer", async () => {
  expect((await ask("/no")).status).toBe(409);
});

test("bytes are one character each", async () => {
  expect((await ask("/bytes")).body).toBe("\u0000\u0080\u00ff");
});

test("a redirect is not followed", async () => {
  expect((await ask("/moved")).status).toBe(302);
  expect(hits).not.toContain("GET /elsewhere");
});

test.each([
  "{",
  "[",
  "1,",
  "{},",
])("an answer of nothing but %s is not read, and a long one of words is", async (sign) => {
  const asked = ask(`/pieces/${encodeURIComponent(sign)}`);
  await expect(asked).rejects.toThrow("the answer is in too many pieces to be read");
  expect((await ask("/pieces/words")).body).toHaveLength(10_500_000);
});

test("silence is a rejection when the time is over", async () => {
  await expect(ask("/silent", 50)).rejects.toThrow(/timeout/i);
});

test("nobody there is a rejection", async () => {
  await expect(send({ method: "GET", url: "http://127.0.0.1:1/", headers: {}, timeoutMs: 5000 })).rejects.toThrow();
});

test("a missing certificate file is found out at once", () => {
  expect(() => undiciSend({ cacert: "/nowhere/ca.pem" })).toThrow(/ca\.pem/);
});

test("where there are proxies calls go through them, but for those whom they are not for", async () => {
  const proxy = await forwardProxy();
  const proxies = { httpProxy: proxy.url, httpsProxy: "", noProxy: "" };
  const through = undiciSend({ proxies });
  const past = undiciSend({ proxies: { ...proxies, noProxy: "127.0.0.1" } });
  const asked = { method: "GET", url: `${base}/x`, headers: {}, timeoutMs: 5000 };
  const answers = [await through(asked), [...proxy.passed], await past(asked), [...proxy.passed]];
  await Promise.all([through.close(), past.close(), proxy.close()]);
  const once = [expect.stringContaining(new URL(base).host)];
  const well = expect.objectContaining({ status: 200 });
  expect(answers).toEqual([well, once, well, once]);
});
