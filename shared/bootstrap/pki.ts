import "reflect-metadata";
import { createHash, createHmac, createPublicKey, type webcrypto, X509Certificate } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate as X509,
  X509CertificateGenerator,
} from "@peculiar/x509";
import * as z from "zod";
import { yamlText } from "./yaml.ts";

const pair = z.strictObject({ certificate: z.string(), key: z.string() });
const pki = z.strictObject({
  ca: pair,
  etcdCa: pair,
  frontProxyCa: pair,
  serviceAccount: z.strictObject({ publicKey: z.string(), key: z.string() }),
  seed: z.string(),
});

/** PEM. */
export type Pair = Readonly<z.infer<typeof pair>>;
/** All that a cluster's trust rests on. Its home is one Barbican secret, and only the bot reads it. */
export type Pki = Readonly<z.infer<typeof pki>>;

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const YEAR_MS = 365 * 24 * 3600 * 1000;
const CA_YEARS = 10;
/** How far a node's clock may be behind ours before it takes a new certificate for one of the future. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

const newKeys = (): Promise<webcrypto.CryptoKeyPair> => crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
const pem = async (key: webcrypto.CryptoKey): Promise<string> =>
  key.type === "private"
    ? `${PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), PemConverter.PrivateKeyTag)}\n`
    : `${PemConverter.encode(await crypto.subtle.exportKey("spki", key), PemConverter.PublicKeyTag)}\n`;

interface Asked {
  readonly subject: JsonName;
  readonly nowMs: number;
  readonly lifeMs: number;
  readonly extensions: readonly Extension[];
}

async function sign(
  asked: Asked,
  keys: webcrypto.CryptoKeyPair,
  issuer: { subject: string; keys: webcrypto.CryptoKeyPair },
) {
  const certificate = await X509CertificateGenerator.create({
    subject: asked.subject,
    issuer: issuer.subject,
    notBefore: new Date(asked.nowMs - CLOCK_SKEW_MS),
    notAfter: new Date(asked.nowMs + asked.lifeMs),
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      ...asked.extensions,
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: await pem(keys.privateKey) };
}

/** As kubeadm makes one. Source: kubeadm, app/util/pkiutil. */
async function newCa(commonName: string, cluster: string, nowMs: number): Promise<Pair> {
  const keys = await newKeys();
  const subject = [{ O: [cluster] }, { CN: [commonName] }];
  const usages = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment | KeyUsageFlags.keyCertSign;
  const extensions = [
    new BasicConstraintsExtension(true, undefined, true),
    new KeyUsagesExtension(usages, true),
    new SubjectAlternativeNameExtension([{ type: "dns", value: commonName }]),
  ];
  const asked = { subject, nowMs, lifeMs: CA_YEARS * YEAR_MS, extensions };
  return sign(asked, keys, { subject: `O=${cluster}, CN=${commonName}`, keys });
}

/** `seed` is chance from the caller: what `fetchSecret` derives from. */
export async function newPki(of: { cluster: string; nowMs: number; seed: string }): Promise<Pki> {
  const [ca, etcdCa, frontProxyCa, keys] = await Promise.all([
    newCa("kubernetes", of.cluster, of.nowMs),
    newCa("etcd-ca", of.cluster, of.nowMs),
    newCa("front-proxy-ca", of.cluster, of.nowMs),
    newKeys(),
  ]);
  const serviceAccount = { publicKey: await pem(keys.publicKey), key: await pem(keys.privateKey) };
  return { ca, etcdCa, frontProxyCa, serviceAccount, seed: of.seed };
}

export const pkiText = (of: Pki): string => JSON.stringify(of);

/** Throws what never repeats the text: it holds keys, and errors are logged. */
export function readPki(text: string): Pki {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("the stored PKI is not JSON");
  }
  const read = pki.safeParse(value);
  if (read.success) return read.data;
  throw new Error(`the stored PKI is not one: ${read.error.issues.map(({ code }) => code).join(", ")}`);
}

/** As `kubeadm token create --print-join-command` writes it: over the public key, so that it outlives a renewal. */
export function caCertHash(certificatePem: string): string {
  const key = new X509Certificate(certificatePem).publicKey.export({ type: "spki", format: "der" });
  return `sha256:${createHash("sha256").update(key).digest("hex")}`;
}

async function keysOf(privateKey: string): Promise<webcrypto.CryptoKeyPair> {
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const pkcs8 = PemConverter.decodeFirst(privateKey);
  return {
    privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, ALGORITHM, true, ["sign"]),
    publicKey: await crypto.subtle.importKey("spki", new Uint8Array(spki), ALGORITHM, true, ["verify"]),
  };
}

/** Kubernetes reads a user's name from CN and the groups from O. */
export async function clientCertificate(
  ca: Pair,
  of: { user: string; groups: readonly string[]; nowMs: number; seconds: number },
): Promise<Pair> {
  const subject = [...of.groups.map((group) => ({ O: [group] })), { CN: [of.user] }];
  const extensions = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
  ];
  const asked = { subject, nowMs: of.nowMs, lifeMs: of.seconds * 1000, extensions };
  return sign(asked, await newKeys(), { subject: new X509(ca.certificate).subject, keys: await keysOf(ca.key) });
}

/** A file for one user of one cluster, with all that it needs inside. */
export function kubeconfig(of: {
  server: string;
  tlsServerName?: string;
  ca: string;
  client: Pair;
  cluster: string;
  user: string;
}): string {
  const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
  const context = `${of.user}@${of.cluster}`;
  const cluster = {
    server: of.server,
    ...(of.tlsServerName === undefined ? {} : { "tls-server-name": of.tlsServerName }),
    "certificate-authority-data": base64(of.ca),
  };
  const user = {
    "client-certificate-data": base64(of.client.certificate),
    "client-key-data": base64(of.client.key),
  };
  return yamlText({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: of.cluster, cluster }],
    users: [{ name: of.user, user }],
    contexts: [{ name: context, context: { cluster: of.cluster, user: of.user } }],
    "current-context": context,
  });
}

/**
 * The secret of the credential that a node fetches its payload with. Derived, so that it needs no place of its own; bound to
 * the payload, so that no secret comes twice.
 */
export const fetchSecret = (seed: string, serverName: string, payloadId: string): string =>
  createHmac("sha256", seed).update(`${serverName}/${payloadId}`).digest("base64url");
