import { readFileSync } from "node:fs";
import { cloudFiles } from "../shared/adapters/cloud-files.ts";
import { readConfig } from "../shared/adapters/config-file.ts";
import { errorCode } from "../shared/adapters/error-code.ts";
import { systemChance } from "../shared/adapters/system-chance.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import type { Config } from "../shared/cluster/config.ts";
import { type CloudSettings, settingsOf } from "../shared/openstack/clouds.ts";
import { connections } from "./connections.ts";
import { environment, proxiesOf } from "./environment.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** All that keeps this from starting: one sentence each, none with a secret in it. */
export interface Problems {
  readonly problems: readonly string[];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The value of `work`, or its error's sentence among the problems. */
export function tried<T>(problems: string[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    problems.push(messageOf(error));
    return undefined;
  }
}

/** With what is in its authority's file; what keeps that from being read is said before the first call fails over it. */
function withCa(settings: CloudSettings): CloudSettings | string {
  const { cacert } = settings;
  if (cacert === undefined) return settings;
  try {
    return { ...settings, caCertificate: readFileSync(cacert, "utf8") };
  } catch (error) {
    return `cacert names ${cacert}, which can't be read (${errorCode(error)}): correct it.`;
  }
}

function cloudsOf(config: Config, env: Env, problems: string[]): ReadonlyMap<string, CloudSettings> {
  const clouds = new Map<string, CloudSettings>();
  const texts = tried(problems, () => cloudFiles(env));
  if (texts === undefined) return clouds;
  const files = [texts.clouds?.path, texts.secure?.path].filter((path) => path !== undefined);
  const found = new Set<string>();
  for (const [tenant, { cloud }] of Object.entries(config.tenants)) {
    const settings = settingsOf(texts, env, cloud);
    const whole = "problems" in settings ? settings : withCa(settings);
    const wrong = typeof whole === "string" ? [whole] : "problems" in whole ? whole.problems : [];
    // A file's own trouble is no tenant's, and said once.
    for (const one of wrong) found.add(files.some((path) => one.startsWith(path)) ? one : `tenants.${tenant}: ${one}`);
    if (typeof whole !== "string" && !("problems" in whole)) clouds.set(tenant, whole);
  }
  problems.push(...found);
  return clouds;
}

export interface Configured {
  readonly config: Config;
  readonly clouds: ReadonlyMap<string, CloudSettings>;
}

/** The configuration, and how to log in to the clouds that it names. What is wrong is added to `problems`. */
export function configured(env: Env, problems: string[]): Configured | undefined {
  const read = readConfig(env["KINVIRT_CONFIG"] || "kinvirt.yaml");
  if ("problems" in read) {
    problems.push(...read.problems);
    return undefined;
  }
  return { config: read.config, clouds: cloudsOf(read.config, env, problems) };
}

export interface Clouds extends Configured, ReturnType<typeof connections> {
  readonly clock: ReturnType<typeof systemClock>;
  readonly chance: ReturnType<typeof systemChance>;
}

/** The clouds alone, for what asks nobody else: neither Slack nor a store has to be there. */
export function composeClouds(env: Env = environment()): Clouds | Problems {
  const problems: string[] = [];
  const read = configured(env, problems);
  const proxies = proxiesOf(env, problems);
  if (problems.length > 0 || read === undefined) return { problems };
  const clock = systemClock();
  const outside = tried(problems, () => connections(read.clouds, clock, { proxies }));
  return outside === undefined ? { problems } : { ...read, ...outside, clock, chance: systemChance() };
}
