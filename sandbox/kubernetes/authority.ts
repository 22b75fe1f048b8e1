import "reflect-metadata";
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { User } from "./rbac.ts";

/** A CA with its key, PEM; EC P-256, which is what clusters of kinvirt have. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const SLACK_MS = 5 * 60_000;
const YEAR_MS = 365 * 24 * 3_600_000;

/** Of a PKCS#8 or a SEC 1 key in PEM. */
async function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
}

interface Wanted {
  readonly subject: string | x509.Name;
  readonly publicKey: webcrypto.CryptoKey | x509.PublicKey;
  readonly usage: readonly x509.ExtendedKeyUsage[];
  readonly names: readonly x509.JsonGeneralName[];
  readonly nowMs: number;
}

async function issue(authority: Authority, wanted: Wanted): Promise<string> {
  const ca = new x509.X509Certificate(authority.certificate);
  const made = await x509.X509CertificateGenerator.create({
    subject: wanted.subject,
    // As it is encoded there: Go compares bytes.
    issuer: ca.subjectName,
    publicKey: wanted.publicKey,
    signingKey: await signingKey(authority.key),
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(wanted.nowMs - SLACK_MS),
    notAfter: new Date(wanted.nowMs + YEAR_MS),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([...wanted.usage]),
      ...(wanted.names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension([...wanted.names])]),
    ],
  });
  return `${made.toString("pem")}\n`;
}

const isAddress = (name: string) => /^[\d.]+$|:/.test(name);

/** What the API server shows who connects. */
export async function servingCertificate(
  authority: Authority,
  of: { readonly sans: readonly string[]; readonly nowMs: number },
) {
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const certificate = await issue(authority, {
    subject: "CN=kube-apiserver",
    publicKey: keys.publicKey,
    usage: [x509.ExtendedKeyUsage.serverAuth],
    names: of.sans.map((value) => ({ type: isAddress(value) ? ("ip" as const) : ("dns" as const), value })),
    nowMs: of.nowMs,
  });
  const der = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { certificate, key: x509.PemConverter.encode(der, "PRIVATE KEY") };
}

interface Requested {
  readonly user: User;
  readonly names: readonly x509.JsonGeneralName[];
}

/** Whom a certificate request in PEM names; undefined if it is none. */
export function requested(pem: string): Requested | undefined {
  try {
    const request = new x509.Pkcs10CertificateRequest(pem);
    const san = request.extensions.find((one) => one instanceof x509.SubjectAlternativeNameExtension);
    const [name = ""] = request.subjectName.getField("CN");
    return {
      user: { name, groups: request.subjectName.getField("O") },
      names: san?.names.toJSON() ?? [],
    };
  } catch {
    return undefined;
  }
}

/** The certificate that kube-controller-manager would sign for this request, or why it would not. */
export async function signed(authority: Authority, pem: string, serving: boolean, nowMs: number): Promise<string> {
  const request = new x509.Pkcs10CertificateRequest(pem);
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  return issue(authority, {
    subject: request.subjectName,
    publicKey: request.publicKey,
    usage: [serving ? serverAuth : clientAuth],
    names: serving ? (requested(pem)?.names ?? []) : [],
    nowMs,
  });
}

/** The user whom a client certificate names; undefined if it is of another authority, or not valid now. */
export function userOf(certificate: string | Buffer, ca: string, nowMs: number): User | undefined {
  const key = `${ca} ${certificate.toString("latin1")}`;
  if (!readers.has(key)) {
    if (readers.size >= READ_MAX) readers.clear();
    readers.set(key, readIn(certificate, ca));
  }
  const found = readers.get(key);
  return found !== undefined && found.fromMs <= nowMs && nowMs <= found.toMs ? found.user : undefined;
}

/** Read and checked once: each request of a connection shows the same one. */
const READ_MAX = 256;
const readers = new Map<string, ReturnType<typeof readIn>>();

function readIn(certificate: string | Buffer, ca: string) {
  try {
    const shown = new X509Certificate(certificate);
    if (!shown.verify(new X509Certificate(ca).publicKey)) return undefined;
    const fields = shown.subject
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
    const of = (wanted: string) =>
      fields.flatMap(([name, value]) => (name === wanted && value !== undefined ? [value] : []));
    const [name] = of("CN");
    if (name === undefined) return undefined;
    const user: User = { name, groups: [...of("O"), "system:authenticated"] };
    return { user, fromMs: Date.parse(shown.validFrom), toMs: Date.parse(shown.validTo) };
  } catch {
    return undefined;
  }
}
