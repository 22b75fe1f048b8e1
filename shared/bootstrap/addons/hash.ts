import { createHash } from "node:crypto";

/** The same value whatever the order of its keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}

/** One name for what a manifest, or a list of them, says. */
export const manifestHash = (manifests: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(sorted(manifests)))
    .digest("hex");
