import { hash } from "node:crypto";

/** The same value whatever the order of its keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const of = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(of).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(of[name])]));
}

/** One name for what a manifest, or a list of them, says. */
export const manifestHash = (manifests: unknown): string => hash("sha256", JSON.stringify(sorted(manifests)));
