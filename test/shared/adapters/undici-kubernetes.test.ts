import "reflect-metadata";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import * as x509 from "@peculiar/x509";
import { dialKubernetes } from "../../../shared/adapters/undici-kubernetes.ts";
import { kubernetesApi } from "../../../shared/kubernetes/api.ts";
import type { KubernetesAccess } from "../../../shared/kubernetes/send.ts";
import { authority } from "../../support/authority.ts";

// Goal: an address is dialled, a name is checked, both sides show certificates, and silence ends in time.
const NAME = "api.dev.k8s.example.org";

let server: Server;
let access: KubernetesAccess;
let strangersCa = "";
let servingEndMs = 0;
let sockets = 0;
let heard: string[] = [];

beforeAll(async () => {
  const ca = await authority("cluster");
  const stranger = await authority("stranger");
  strangersCa = stranger.pem;
  const serving = await ca.issue("CN=kube-apiserver", [
    new x509.SubjectAlternativeNameExtension([{ type: "dns", value: NAME }]),
  ]);
  servingEndMs = new x509.X509Certificate(serving.certificate).notAfter.getTime();
  const tls = { ca: ca.pem, cert: serving.certificate, key: serving.key, requestCert: true, rejectUnauthorized: true };
  server = createServer(tls, (request, response) => {
    const { CN, O } = (request.socket as TLSSocket).getPeerCertificate().subject;
    heard.push(`${request.method} ${request.url} ${CN} ${O} ${request.headers["content-type"]}`);
    if (request.url?.startsWith("/readyz")) return;
    if (request.url === "/pieces") return void response.end("{},".repeat(500_000));
    response.end(JSON.stringify({ major: "1", minor: "36", gitVersion: "v1.36.1" }));
  });
  server.on("secureConnection", () => sockets++);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const client = await ca.issue("CN=ada@example.org, O=kinvirt:view");
  const { port } = server.address() as AddressInfo;
  access = { address: "127.0.0.1", port, serverName: NAME, ca: ca.pem, ...client };
});
beforeEach(() => {
  sockets = 0;
  heard = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function dialled<T>(
  changed: Partial<KubernetesAccess>,
  use: (send: ReturnType<typeof dialKubernetes>) => Promise<T>,
) {
  const send = dialKubernetes({ ...access, ...changed });
  try {
    return await use(send);
  } finally {
    await send.close();
  }
}
const code = (error: unknown): unknown => (error as { code?: unknown }).code;

test("the server sees who asks, and one connection serves one call after the other", async () => {
  await dialled({}, async (send) => {
    const api = kubernetesApi(send);
    expect(await api.version()).toEqual({ major: "1", minor: "36", gitVersion: "v1.36.1" });
    // A connection is free again a moment after its answer was read.
    await new Promise((idle) => setImmediate(idle));
    await api.version();
  });
  expect(heard).toEqual(Array(2).fill("GET /version ada@example.org kinvirt:view undefined"));
  expect(sockets).toBe(1);
});

test("when the certificate ends that the server has shown", async () => {
  const ends = await dialled({}, async (send) => [
    await kubernetesApi(send).certificateEndMs(),
    (await send({ method: "GET", path: "/version", timeoutMs: 5000 })).certificateEndMs,
  ]);
  expect(ends).toEqual([servingEndMs, servingEndMs]);
});

test("a server with another name, or of another authority, hears nothing", async () => {
  const ask = (send: ReturnType<typeof dialKubernetes>) =>
    send({ method: "GET", path: "/version", timeoutMs: 5000 }).then(String, code);
  expect(await dialled({ serverName: "api.other.example.org" }, ask)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  expect(await dialled({ ca: strangersCa }, ask)).toMatch(
    /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN)$/,
  );
  expect(heard).toEqual([]);
});

test("an IPv6 address is one", async () => {
  const asked = dialled({ address: "::1", port: 1 }, (send) =>
    send({ method: "GET", path: "/version", timeoutMs: 1000 }).then(String, code),
  );
  expect(["ECONNREFUSED", "EADDRNOTAVAIL", "ENETUNREACH"]).toContain(await asked);
});

test("an answer of nothing but pieces is not read", async () => {
  const asked = dialled({}, (send) => send({ method: "GET", path: "/pieces", timeoutMs: 5000 }));
  await expect(asked).rejects.toThrow("the answer is in too many pieces to be read");
});

test("silence ends after the request's own time", async () => {
  const begunMs = performance.now();
  const asked = dialled({}, (send) => send({ method: "GET", path: "/readyz", timeoutMs: 200 }));
  await expect(asked).rejects.toMatchObject({ name: "TimeoutError" });
  expect(performance.now() - begunMs).toBeLessThan(3000);
});

test("a patch goes out with its type and body", async () => {
  await dialled({}, (send) =>
    send({ method: "PATCH", path: "/x", body: "{}", contentType: "application/merge-patch+json", timeoutMs: 5000 }),
  );
  expect(heard).toEqual(["PATCH /x ada@example.org kinvirt:view application/merge-patch+json"]);
});
