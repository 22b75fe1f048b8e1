import * as z from "zod";
import type { ServiceType } from "./errors.ts";

/** The API's major version that we speak, and the path segment where a cloud has neither a versioned URL nor a document. */
const SPOKEN: Readonly<Record<ServiceType, { readonly major: number; readonly segment: string }>> = {
  identity: { major: 3, segment: "v3" },
  compute: { major: 2, segment: "v2.1" },
  image: { major: 2, segment: "v2" },
  network: { major: 2, segment: "v2.0" },
  "load-balancer": { major: 2, segment: "v2" },
  dns: { major: 2, segment: "v2" },
  "key-manager": { major: 1, segment: "v1" },
  "shared-file-system": { major: 2, segment: "v2" },
  "block-storage": { major: 3, segment: "v3" },
};

const VERSION = /^v(\d+)(\.\d+)?$/;

const version = z.object({
  id: z.string(),
  status: z.string().nullish(),
  version: z.string().nullish(),
  max_version: z.string().nullish(),
  links: z.array(z.object({ rel: z.string(), href: z.string() })).default([]),
});

type Version = z.infer<typeof version>;

/** `{versions: []}` (most), `{versions: {values: []}}` (Keystone, Barbican) or `{version: {}}` (a versioned root). */
const versionDocument = z.union([
  z.object({ versions: z.array(version) }).transform((document) => document.versions),
  z.object({ versions: z.object({ values: z.array(version) }) }).transform((document) => document.versions.values),
  z.object({ version }).transform((document) => [document.version]),
]);

export function versionsOf(body: string): readonly Version[] {
  try {
    return versionDocument.parse(JSON.parse(body));
  } catch {
    return [];
  }
}

const numbers = (text: string): readonly [number, number] => {
  const [, major = "0", minor = "0"] = /^v?(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return [Number(major), Number(minor)];
};

/** Negative when `a` is the older version. `2.9` is older than `2.10`. */
export function compareVersions(a: string, b: string): number {
  const [majorA, minorA] = numbers(a);
  const [majorB, minorB] = numbers(b);
  return majorA - majorB || minorA - minorB;
}

/** A catalog URL taken apart: what stands before the version segment, and that segment with what follows it. */
export interface CatalogUrl {
  readonly base: string;
  /** `v2.1`; undefined when the URL names no version, or one that we don't speak. */
  readonly segment?: string;
  /** `/<project id>` where the cloud puts it into its URLs. */
  readonly rest: string;
}

export function takeApart(service: ServiceType, url: string): CatalogUrl {
  const { origin, pathname } = new URL(url);
  const segments = pathname.split("/").filter((segment) => segment !== "");
  const at = segments.findIndex((segment) => VERSION.test(segment));
  const baseOf = (upTo: number) => [origin, ...segments.slice(0, upTo)].join("/");
  const segment = segments[at];
  if (segment === undefined) return { base: baseOf(segments.length), rest: "" };
  if (numbers(segment)[0] !== SPOKEN[service].major) return { base: baseOf(at), rest: "" };
  return {
    base: baseOf(at),
    segment,
    rest: segments
      .slice(at + 1)
      .map((part) => `/${part}`)
      .join(""),
  };
}

/**
 * The path segment of the newest version that we speak. The document's own links may name a host that only the cloud's
 * insides can reach, so nothing but their last segment is used.
 */
export function segmentOf(service: ServiceType, versions: readonly Version[]): string {
  const { major, segment } = SPOKEN[service];
  const candidates = versions
    .filter((one) => numbers(one.id)[0] === major && !/experimental/i.test(one.status ?? ""))
    .sort((a, b) => compareVersions(b.id, a.id));
  for (const candidate of candidates) {
    const self = candidate.links.find((link) => link.rel === "self")?.href ?? "";
    const last =
      self
        .split("/")
        .filter((part) => part !== "")
        .at(-1) ?? "";
    if (numbers(last)[0] === major && VERSION.test(last)) return last;
  }
  return segment;
}

/** The newest microversion that the versioned root `segment` speaks; undefined when it has none. */
export function maximumOf(segment: string, versions: readonly Version[]): string | undefined {
  const [major] = numbers(segment);
  const spoken = versions
    .filter((one) => numbers(one.id)[0] === major)
    .map((one) => one.max_version || one.version || "")
    .filter((text) => /^\d+\.\d+$/.test(text));
  return spoken.sort(compareVersions).at(-1);
}

/** The newest of the versions with the major number that we speak. Manila and Nova say `2.0` for all of their microversions. */
export function newestOf(service: ServiceType, versions: readonly Version[]): string | undefined {
  const spoken = versions
    .filter((one) => numbers(one.id)[0] === SPOKEN[service].major)
    .map((one) => one.max_version || one.version || one.id.replace(/^v/, ""))
    .filter((text) => /^\d+(\.\d+)?$/.test(text));
  return spoken.sort(compareVersions).at(-1);
}

/** The headers that ask for one microversion. Sources: the API guides of Nova and Manila, "microversions". */
export function microversionHeaders(service: ServiceType, microversion: string): Readonly<Record<string, string>> {
  if (service === "compute") {
    return { "openstack-api-version": `compute ${microversion}`, "x-openstack-nova-api-version": microversion };
  }
  return service === "shared-file-system" ? { "x-openstack-manila-api-version": microversion } : {};
}
