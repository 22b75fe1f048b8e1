import { parse, YAMLParseError } from "yaml";

export interface CloudFile {
  readonly path: string;
  readonly text: string;
}

/** One cloud of a file, or a part of it. */
export type Section = Readonly<Record<string, unknown>>;

export const isSection = (value: unknown): value is Section =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The clouds of one file, or the sentence that says why there are none. YAML's own message is left out: it quotes the file. */
export function cloudsIn(file: CloudFile, key: "clouds" | "public-clouds" = "clouds"): Section | string {
  try {
    const value: unknown = parse(file.text);
    if (isSection(value) && isSection(value[key])) return value[key];
    return `${file.path} has no "${key}:" section: put each cloud below ${key}.<name>.`;
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    return `${file.path} is not valid YAML${line === undefined ? "" : ` at line ${line}`}: correct it there.`;
  }
}

/** `over` wins; sections are merged key by key. */
export function merged(under: Section, over: Section): Section {
  const all: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const before = all[key];
    all[key] = isSection(before) && isSection(value) ? merged(before, value) : value;
  }
  return all;
}

/** What `profile` names in clouds-public.yaml lies below the cloud's own. Source: openstack/config/loader.py of openstacksdk. */
export function withProfile(cloud: Section, profiles: Section): Section {
  const profile = profiles[String(cloud["profile"] ?? cloud["cloud"])];
  return isSection(profile) ? merged(profile, cloud) : cloud;
}

/** `region_name`, or the first of `regions`, which are names or `{ name, values }`. */
export function regionIn(cloud: Section): unknown {
  const regions = cloud["regions"];
  const [first]: readonly unknown[] = Array.isArray(regions) ? regions : [];
  return cloud["region_name"] ?? (isSection(first) ? first["name"] : first);
}
