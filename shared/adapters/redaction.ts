const MASK = "***";
/** Deeper than any field of ours; it also ends what names itself. */
const DEPTH_MAX = 6;
/** A shorter one is part of too many words. */
const KNOWN_MIN = 6;

/** As it is, in JSON and in a URL. */
const spellings = (secret: string): readonly string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret.toWellFormed()),
];

/** Ends of names of fields that hold a secret, whatever it looks like. */
const SECRET_FIELD = new RegExp(
  `(${[
    ...["token", "password", "passwd", "adminpass", "secret", "authorization", "signature", "user_?data"],
    ...["payload", "credential", "cookie", "private_?key", "key-data", "kubeconfig"],
  ].join("|")})s?$`,
  "i",
);

/**
 * What is a secret wherever it stands, and what is left of it. Each looks at a text about once, whatever is in it: much of
 * what is logged was said by others.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // Slack's: xoxb-, xoxp-, xapp-, and rotated ones.
  [/\b(?:xoxe\.)?(?:xox[a-z]|xapp)-[\w-]+/g, MASK],
  // PEM, also where its end was cut off, and the same in base64.
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, MASK],
  [/LS0tLS1CRUdJTi[\w+/=-]*/g, MASK],
  // Keystone's tokens, JSON web tokens, kubeadm's tokens.
  [/\bgAAAA[\w=-]{20,}/g, MASK],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, MASK],
  [/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, MASK],
  [/\b(Bearer|Basic) [\w.+/=~-]{8,}/gi, `$1 ${MASK}`],
  // https://user:password@host
  [/(\/\/[^\s:/@]*):[^\s@/]+@/g, `$1:${MASK}@`],
  // In a document that is quoted: password: …, "secret": "…", client-key-data: …
  [/(token|password|secret|key-data)(["'\\]*\s*[:=]\s*["'\\]*)[^\s"',}&\\]+/gi, `$1$2${MASK}`],
];

/**
 * Masks secrets in what is to be logged, by the names of fields, by what a text looks like, and each of `known` by its own
 * letters: a password looks like nothing.
 */
export function redaction(known: readonly string[] = []): (fields: object) => Record<string, unknown> {
  // The longest first: one may be a part of another.
  const whole = known.filter((one) => one.length >= KNOWN_MIN);
  const values = [...new Set(whole.flatMap(spellings))].toSorted((a, b) => b.length - a.length);
  const text = (said: string): string => {
    const without = values.reduce((rest, value) => rest.replaceAll(value, MASK), said);
    return SECRETS.reduce((rest, [what, left]) => rest.replace(what, left), without);
  };
  const clean = (value: unknown, depth: number): unknown => {
    if (typeof value === "string") return text(value);
    if (value instanceof Error) return text(value.stack ?? String(value));
    if (typeof value !== "object" || value === null) return value;
    if (depth >= DEPTH_MAX) return MASK;
    if (Array.isArray(value)) return value.map((one) => clean(one, depth + 1));
    return named(value, depth + 1);
  };
  const named = (fields: object, depth: number): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        SECRET_FIELD.test(name) && value !== undefined ? MASK : clean(value, depth),
      ]),
    );
  return (fields) => named(fields, 0);
}
