import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import * as x509 from "@peculiar/x509";
import { dialKubernetes } from "../../../shared/adapters/undici-kubernetes.ts";
import { kubernetesApi } from "../../../shared/kubernetes/api.ts";
import type { KubernetesAccess } from "../../../shared/kubernetes/send.ts";

// Goal: an address is dialled, a name is checked, both sides show certificates, and silence ends in time.
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const NAME = "api.dev.k8s.example.org";
const validity = { notBefore: new Date("2020-01-01"), notAfter: new Date("2099-01-01") };

const pem = async (key: webcrypto.CryptoKey) =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
const newKeys = () =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]) as Promise<webcrypto.CryptoKeyPair>;

async function authority(name: string) {
  const keys = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    ...validity,
  });
  return {
    pem: ca.toString("pem"),
    async issue(subject: string, extensions: x509.Extension[] = []) {
      const own = await newKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        subject,
        issuer: ca.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions,
        ...validity,
      });
      return { certificate: certificate.toString("pem"), key: await pem(own.privateKey) };
    },
  };
}

let server: Server;
let access: KubernetesAccess;
let strangersCa = "";
let sockets = 0;
let heard: string[] = [];

beforeAll(async () => {
  const ca = await authority("cluster");
  const stranger = await authority("stranger");
  strangersCa = stranger.pem;
  const serving = await ca.issue("CN=kube-apiserver", [
    new x509.SubjectAlternativeNameExtension([{ type: "dns", value: NAME }]),
  ]);
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

test("a server with another name, or of another authority, hears nothing", async () => {
  const ask = (send: ReturnType<typeof dialKubernetes>) =>
    send({ method: "GET", path: "/version", timeoutMs: 5000 }).then(String, code);
  expect(await dialled({ serverName: "api.other.example.org" }, ask)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  expect(await dialled({ ca: strangersCa }, ask)).toMatch(
    /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN)$/,
  );
  expect(heard).toEqual([]);
});

test("an answer of nothing but pieces is not read", async () => {
  const asked = dialled({}, (send) => send({ method: "GET", path: "/pieces", timeoutMs: 5000 }));
  await expect(asked).rejects.toThrow("the answer is in too many pieces to be read");
});

test("silence ends after the request's own time", async () => {
  const asked = dialled({}, (send) => send({ method: "GET", path: "/readyz", timeoutMs: 200 }));
  await expect(asked).rejects.toMatchObject({ name: "TimeoutError" });
});

test("a patch goes out with its type and body", async () => {
  await dialled({}, (send) =>
    send({ method: "PATCH", path: "/x", body: "{}", contentType: "application/merge-patch+json", timeoutMs: 5000 }),
  );
  expect(heard).toEqual(["PATCH /x ada@example.org kinvirt:view application/merge-patch+json"]);
});
