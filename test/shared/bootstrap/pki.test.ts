import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import {
  caCertHash,
  clientCertificate,
  fetchSecret,
  kubeconfig,
  newPki,
  type Pair,
  pkiText,
  readPki,
} from "../../../shared/bootstrap/pki.ts";
import { ask, NOW, testPki, testWith } from "./world.ts";

// Goal: authorities and certificates that Kubernetes accepts, each for exactly what it is for.
jest.setTimeout(30_000);
const MINUTE = 60_000;
const client = async (user = "system:node:worker-1", groups: readonly string[] = ["system:nodes"]) =>
  clientCertificate((await testPki()).ca, { user, groups, nowMs: NOW, seconds: 3600 });
const keyMatches = (of: Pair) => new X509Certificate(of.certificate).checkPrivateKey(createPrivateKey(of.key));

test("three authorities, each its own, for ten years, from five minutes ago", async () => {
  const pki = await testPki();
  const authorities = [pki.ca, pki.etcdCa, pki.frontProxyCa].map(({ certificate }) => new X509Certificate(certificate));
  expect(authorities.map(({ subject }) => subject)).toEqual([
    "O=c-7f3a\nCN=kubernetes",
    "O=c-7f3a\nCN=etcd-ca",
    "O=c-7f3a\nCN=front-proxy-ca",
  ]);
  for (const authority of authorities) {
    expect(authority.ca).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(authority.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    expect(Date.parse(authority.validFrom)).toBe(NOW - 5 * MINUTE);
    expect(Date.parse(authority.validTo)).toBe(NOW + 10 * 365 * 24 * 60 * MINUTE);
  }
  expect(new Set(authorities.map(({ serialNumber }) => serialNumber)).size).toBe(3);
  expect([pki.ca, pki.etcdCa, pki.frontProxyCa].map(keyMatches)).toEqual([true, true, true]);
  const { publicKey, key } = pki.serviceAccount;
  expect(createPublicKey(key).equals(createPublicKey(publicKey))).toBe(true);
});

test("no two clusters share a key", async () => {
  const [one, other] = [await testPki(), await newPki({ cluster: "c-7f3a", nowMs: NOW, seed: "a-seed-of-chance" })];
  expect(one.ca.key).not.toBe(other.ca.key);
  expect(one.serviceAccount.key).not.toBe(other.serviceAccount.key);
});

test("a client certificate names one user and its groups, for client authentication, as long as asked", async () => {
  const pki = await testPki();
  const pair = await client("anna@example.org", ["kinvirt:admin", "kinvirt:view"]);
  const certificate = new X509Certificate(pair.certificate);
  expect(certificate.subject).toBe("O=kinvirt:admin\nO=kinvirt:view\nCN=anna@example.org");
  expect(certificate.verify(new X509Certificate(pki.ca.certificate).publicKey)).toBe(true);
  expect(certificate.verify(new X509Certificate(pki.etcdCa.certificate).publicKey)).toBe(false);
  expect(certificate.checkIssued(new X509Certificate(pki.ca.certificate))).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  expect(certificate.subjectAltName).toBeUndefined();
  expect(Date.parse(certificate.validTo)).toBe(NOW + 60 * MINUTE);
  expect(Date.parse(certificate.validFrom)).toBe(NOW - 5 * MINUTE);
  expect(keyMatches(pair)).toBe(true);
});

test("a name with the marks of a distinguished name stays one name", async () => {
  const { certificate } = await client("eve,O=system:masters", ["kinvirt:view"]);
  const { subject } = new X509Certificate(certificate).toLegacyObject() as unknown as {
    subject: { O: string; CN: string };
  };
  expect(subject).toEqual({ O: "kinvirt:view", CN: "eve,O=system:masters" });
});

test("the text comes back as it was, and nothing else is taken for it", async () => {
  const pki = await testPki();
  expect(readPki(pkiText(pki))).toEqual(pki);
  const broken = { ...pki, seed: undefined, extra: pki.ca.key };
  for (const text of [JSON.stringify(broken), pkiText(pki).slice(1), "null"]) {
    const error = (() => {
      try {
        return readPki(text);
      } catch (caught) {
        return String(caught);
      }
    })();
    expect(error).toMatch(/^Error: the stored PKI is not /);
    expect(error).not.toContain("PRIVATE");
    expect(error).not.toContain("seed-of-chance");
  }
});

test("a kubeconfig holds all that a client needs", async () => {
  const pki = await testPki();
  const pair = await client();
  const of = { server: "https://203.0.113.9:6443", ca: pki.ca.certificate, client: pair, cluster: "dev", user: "anna" };
  const file = parse(kubeconfig({ ...of, tlsServerName: "api.dev.k8s.example.org" }));
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  expect(file).toEqual({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "dev",
        cluster: {
          server: "https://203.0.113.9:6443",
          "tls-server-name": "api.dev.k8s.example.org",
          "certificate-authority-data": base64(pki.ca.certificate),
        },
      },
    ],
    users: [
      {
        name: "anna",
        user: { "client-certificate-data": base64(pair.certificate), "client-key-data": base64(pair.key) },
      },
    ],
    contexts: [{ name: "anna@dev", context: { cluster: "dev", user: "anna" } }],
    "current-context": "anna@dev",
  });
  expect(parse(kubeconfig(of)).clusters[0].cluster["tls-server-name"]).toBeUndefined();
});

test("the secret of a node's credential is another for each server and each payload", () => {
  const secret = fetchSecret("seed", "worker-1", "p1");
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(fetchSecret("seed", "worker-1", "p1")).toBe(secret);
  const others = [
    fetchSecret("seed", "worker-2", "p1"),
    fetchSecret("seed", "worker-1", "p2"),
    fetchSecret("other", "worker-1", "p1"),
  ];
  expect(new Set([secret, ...others]).size).toBe(4);
});

testWith("openssl")("openssl verifies the chain, and computes the same hash", async () => {
  const pki = await testPki();
  const folder = mkdtempSync(join(tmpdir(), "pki-"));
  const put = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const openssl = (...args: readonly string[]) => String(ask("openssl", args));
  try {
    const [ca, other] = [put("ca.crt", pki.ca.certificate), put("other.crt", pki.etcdCa.certificate)];
    const leaf = put("node.crt", (await client()).certificate);
    const at = ["-attime", String(NOW / 1000 + 60), "-purpose", "sslclient", "-x509_strict"];
    expect(openssl("verify", ...at, "-CAfile", ca, leaf)).toBe(`${leaf}: OK\n`);
    expect(() => ask("openssl", ["verify", ...at, "-CAfile", other, leaf])).toThrow();
    const key = openssl("x509", "-in", ca, "-noout", "-pubkey");
    const der = ask("openssl", ["pkey", "-pubin", "-outform", "der"], key);
    const digest = String(ask("openssl", ["dgst", "-sha256", "-r"], der)).slice(0, 64);
    expect(caCertHash(pki.ca.certificate)).toBe(`sha256:${digest}`);
    const text = openssl("x509", "-in", ca, "-noout", "-text");
    expect(text).toContain("CA:TRUE");
    expect(text).toContain("Digital Signature, Key Encipherment, Certificate Sign");
    // What kubeadm and the API server read keys as.
    for (const name of ["ca", "etcdCa", "frontProxyCa", "serviceAccount"] as const)
      expect(openssl("pkey", "-in", put("key", pki[name].key), "-noout", "-check")).toBe("Key is valid\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
