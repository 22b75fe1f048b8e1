import "reflect-metadata";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { type UndiciSendOptions, undiciSend } from "../../../shared/adapters/undici-send.ts";
import { authority } from "../../support/authority.ts";
import { forwardProxy } from "../../support/proxy.ts";

// Goal: a cloud with an authority of its own is believed where that authority is named, and nowhere else; through a proxy too.
let server: Server;
let url = "";
let folder = "";
let cacert = "";

beforeAll(async () => {
  const ca = await authority("company");
  const names = new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }]);
  const serving = await ca.issue("CN=keystone", [names]);
  folder = mkdtempSync(join(tmpdir(), "kinvirt-tls-"));
  cacert = join(folder, "ca.pem");
  writeFileSync(cacert, ca.pem);
  server = createServer({ cert: serving.certificate, key: serving.key }, (_request, response) => {
    response.writeHead(200, { "Set-Cookie": ["a=1", "b=2"] }).end("{}");
  });
  await new Promise<void>((listening) => server.listen(0, "localhost", listening));
  url = `https://localhost:${(server.address() as AddressInfo).port}/v3`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

async function asked(options: UndiciSendOptions): Promise<unknown> {
  const send = undiciSend(options);
  try {
    const { headers } = await send({ method: "GET", url, headers: {}, timeoutMs: 5000 });
    return headers["set-cookie"];
  } catch (error) {
    return (error as { code?: unknown }).code;
  } finally {
    await send.close();
  }
}

test.each(["directly", "through a proxy"])("%s", async (how) => {
  const proxy = await forwardProxy();
  const proxies = how === "directly" ? undefined : { httpProxy: "", httpsProxy: proxy.url, noProxy: "" };
  expect(await asked({ proxies, cacert })).toBe("a=1, b=2");
  expect(await asked({ proxies })).toMatch(/^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN)$/);
  expect(await asked({ proxies, verify: false })).toBe("a=1, b=2");
  const host = new URL(url).host;
  expect(new Set(proxy.passed)).toEqual(new Set(proxies === undefined ? [] : [`CONNECT ${host}`]));
  await proxy.close();
});
