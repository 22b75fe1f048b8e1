const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b/g;
/** The zeros that stand for what does not exist stay as they are. */
const NOBODY = /^0{8}-/;

/** What differs between two runs, or two clouds, and means nothing. */
const NOISE: readonly (readonly [RegExp, string])[] = [
  [/\breq-[0-9a-f-]{36}/g, "{request}"],
  [/\b[0-9a-f]{56}\b/g, "{host id}"],
  [/\bfa:16:3e(:[0-9a-f]{2}){3}\b/g, "{mac}"],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g, "{time}"],
  // Neutron draws addresses; those that a case asks for are outside of these.
  [/\b203\.0\.113\.\d+\b(?!\/)/g, "{public address}"],
  [/\bhost-10-62-\d+-\d+\b/g, "{host}"],
  [/\b10\.62\.\d+\.\d+\b(?!\/)/g, "{address}"],
  [/\bhttps?:\/\/(127\.0\.0\.1|openstack\.sandbox|localhost)(:\d+)?/g, "{root}"],
  [/(?<=\{root\})\/(compute|share)(?=\/)/g, ""],
  [/\/(identity|compute|image|networking|load-balancer|dns|key-manager|share)(?=\/v\d)/g, ""],
];

/** Counters that other things drive too. */
const COUNTERS = new Set(["revision_number", "standard_attr_id", "total_count", "serial"]);
/** Lists without an order: a database's, or of ids. */
const UNORDERED = new Set([
  "security_group_rules",
  "listeners",
  "pools",
  "members",
  "access_rules",
  "roles",
  "records",
]);

const unnumbered = (value: unknown) => JSON.stringify(value).replace(ID, "");

export interface Placeholders {
  text(text: string): string;
  /** Keys in alphabetical order, which is the order in which ids are numbered. */
  value(value: unknown): unknown;
}

/** `known` are values with a name of their own; every other id gets a number when it is first seen. */
export function placeholders(known: Readonly<Record<string, string>>): Placeholders {
  const numbers = new Map<string, string>();
  function text(raw: string): string {
    let said = raw;
    for (const [name, value] of Object.entries(known)) said = said.replaceAll(value, `{${name}}`);
    for (const [what, placeholder] of NOISE) said = said.replace(what, placeholder);
    // Octavia shows its sets in an order of the process's own.
    said = said.replace(/(?<=should be one of: ).*/, (list) => list.split(", ").sort().join(", "));
    return said.replace(ID, (id) => {
      if (NOBODY.test(id)) return id;
      const number = numbers.get(id) ?? `{${numbers.size + 1}}`;
      numbers.set(id, number);
      return number;
    });
  }
  function field(key: string, raw: unknown): unknown {
    if (COUNTERS.has(key) && raw !== null) return "{number}";
    if (!UNORDERED.has(key) || !Array.isArray(raw)) return value(raw);
    return value(raw.toSorted((a, b) => (unnumbered(a) < unnumbered(b) ? -1 : 1)));
  }
  function value(raw: unknown): unknown {
    if (typeof raw === "string") return text(raw);
    if (Array.isArray(raw)) return raw.map(value);
    if (typeof raw !== "object" || raw === null) return raw;
    const entries = Object.entries(raw).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, one]) => [text(key), field(key, one)]));
  }
  return { text, value };
}
