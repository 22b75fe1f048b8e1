import "reflect-metadata";
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  KeyObject,
  sign,
  verify,
  webcrypto,
} from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/*
 * Web crypto works in threads, and what several of them do side by side ends in whatever order the machine likes. Here the same
 * is done at once: a seed's second run is equal however busy the machine is, and virtual time waits for nobody.
 */

const EC = { name: "ECDSA", namedCurve: "P-256" } as const;

type Usages = Parameters<KeyObject["toCryptoKey"]>[2];

const bytesOf = (data: webcrypto.BufferSource): Buffer =>
  ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
const arrayOf = (bytes: Buffer): ArrayBuffer => Uint8Array.from(bytes).buffer;
const nameOf = (hash: webcrypto.AlgorithmIdentifier): string =>
  (typeof hash === "string" ? hash : hash.name).replace("-", "").toLowerCase();
const p1363 = (key: webcrypto.CryptoKey) => ({ key: KeyObject.from(key), dsaEncoding: "ieee-p1363" as const });

let reads = true;

/** All can be taken out again: that is how they are kept here. */
function newPair(): webcrypto.CryptoKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: EC.namedCurve });
  return {
    privateKey: privateKey.toCryptoKey(EC, true, ["sign"]),
    publicKey: publicKey.toCryptoKey(EC, true, ["verify"]),
  };
}

/** Where nothing is read, what was made once is everybody's. */
function common<Given extends readonly unknown[], T>(make: (...given: Given) => T): (...given: Given) => T {
  let known: T | undefined;
  return (...given) => {
    if (reads) return make(...given);
    known ??= make(...given);
    return known;
  };
}

const taken = new WeakMap<webcrypto.CryptoKey, ArrayBuffer>();

const AT_ONCE = {
  generateKey: common(newPair),
  importKey(format: string, data: webcrypto.BufferSource, _algorithm: unknown, _extractable: boolean, usages: Usages) {
    const der = { key: bytesOf(data), format: "der" } as const;
    const key =
      format === "pkcs8" ? createPrivateKey({ ...der, type: "pkcs8" }) : createPublicKey({ ...der, type: "spki" });
    return key.toCryptoKey(EC, true, usages);
  },
  exportKey(format: string, key: webcrypto.CryptoKey) {
    const type = format === "pkcs8" ? "pkcs8" : "spki";
    const der = taken.get(key) ?? arrayOf(KeyObject.from(key).export({ type, format: "der" }) as Buffer);
    taken.set(key, der);
    return der;
  },
  sign: ({ hash }: webcrypto.EcdsaParams, key: webcrypto.CryptoKey, data: webcrypto.BufferSource) =>
    arrayOf(sign(nameOf(hash), bytesOf(data), p1363(key))),
  verify: (
    { hash }: webcrypto.EcdsaParams,
    key: webcrypto.CryptoKey,
    signature: webcrypto.BufferSource,
    data: webcrypto.BufferSource,
  ) => verify(nameOf(hash), bytesOf(data), p1363(key), bytesOf(signature)),
  digest: (hash: webcrypto.AlgorithmIdentifier, data: webcrypto.BufferSource) =>
    arrayOf(createHash(nameOf(hash)).update(bytesOf(data)).digest()),
};

for (const { subtle } of new Set([webcrypto, globalThis.crypto]))
  for (const [name, work] of Object.entries(AT_ONCE)) {
    const value = async (...args: unknown[]) => (work as (...all: unknown[]) => unknown)(...args);
    Object.defineProperty(subtle, name, { value, configurable: true });
  }

const made = new Map<string, Promise<X509Certificate>>();

/** Whether certificates are read in this world. Where nothing boots, one of each kind is enough: they are slow to write. */
export function certificates(are: { readonly read: boolean }): void {
  reads = are.read;
}

const create = X509CertificateGenerator.create.bind(X509CertificateGenerator);
X509CertificateGenerator.create = (wanted, ...how) => {
  if (reads) return create(wanted, ...how);
  const kind = (wanted.extensions ?? []).map(({ type }) => type).join();
  const known = made.get(kind) ?? create(wanted, ...how);
  made.set(kind, known);
  return known;
};
const ofKeys: readonly { create(...given: never[]): Promise<unknown> }[] = [
  SubjectKeyIdentifierExtension,
  AuthorityKeyIdentifierExtension,
];
for (const extension of ofKeys) Object.assign(extension, { create: common(extension.create.bind(extension)) });
