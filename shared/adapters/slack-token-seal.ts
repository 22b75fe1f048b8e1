import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NAME_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Sealer {
  /** The same for all who have the secret, and no help to those who have not. */
  readonly name: string;
  seal(text: string): string;
  /** Undefined: it was sealed with another secret, or was changed since. */
  open(sealed: string): string | undefined;
}

/**
 * Seals texts for all who have `secret`, which has to be a long random one: the key is derived from it (HKDF-SHA256), and what
 * was sealed elsewhere, or for another `purpose`, does not open.
 */
export function sealer(secret: string, purpose: string): Sealer {
  const derived = (part: string, bytes: number) =>
    Buffer.from(hkdfSync("sha256", secret, "", `kinvirt/${purpose}/${part}`, bytes));
  const key = derived("key", KEY_BYTES);
  const name = derived("name", NAME_BYTES).toString("hex");
  return {
    name,
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, "base64url");
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const [nonce, tag] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)];
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(name)).setAuthTag(tag);
      try {
        return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
      } catch {
        return undefined;
      }
    },
  };
}
