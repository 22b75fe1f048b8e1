import { readFileSync } from "node:fs";
import { cloudFiles } from "../shared/adapters/cloud-files.ts";
import { readConfig } from "../shared/adapters/config-file.ts";
import { errorCode } from "../shared/adapters/error-code.ts";
import { kubernetesDialer } from "../shared/adapters/kubernetes-dialer.ts";
import { pinoLog } from "../shared/adapters/pino-log.ts";
import { openQueue } from "../shared/adapters/queues.ts";
import { slackWeb } from "../shared/adapters/slack-web.ts";
import { openStore } from "../shared/adapters/stores.ts";
import { systemChance } from "../shared/adapters/system-chance.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { undiciSend } from "../shared/adapters/undici-send.ts";
import { assert } from "../shared/assert.ts";
import type { Config } from "../shared/cluster/config.ts";
import type { Cloud } from "../shared/openstack/cloud.ts";
import { type CloudSettings, settingsOf } from "../shared/openstack/clouds.ts";
import { connect } from "../shared/openstack/connect.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { QueueWorker } from "../shared/ports/queue.ts";

type Env = Readonly<Record<string, string | undefined>>;

const PORT_DEFAULT = 3000;

export interface Composed {
  readonly deps: Deps;
  /** The queue's own worker, for a form that is one process. */
  readonly worker: QueueWorker;
  readonly signingSecret: string;
  readonly port: number;
  /** Lets go of the store, the queue and all connections. */
  close(): Promise<void>;
}

/** All that keeps this from starting: one sentence each, none with a secret in it. */
export interface Problems {
  readonly problems: readonly string[];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The value of `work`, or its error's sentence among the problems. */
function tried<T>(problems: string[], work: () => T): T | undefined {
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

/** One connection for each cloud that the configuration names, kept with its token. */
function connections(clouds: ReadonlyMap<string, CloudSettings>, clock: Clock) {
  const made = new Map(
    [...clouds].map(([tenant, settings]) => {
      const send = undiciSend(settings);
      const cloud = connect(settings, { send, nowMs: () => clock.nowMs(), wait: (ms) => clock.wait(ms) });
      return [tenant, { cloud, send }] as const;
    }),
  );
  return {
    cloudOf(tenant: string): Cloud {
      const found = made.get(tenant);
      assert(found !== undefined, `the tenant ${tenant} is configured`);
      return found.cloud;
    },
    close: async () => void (await Promise.all([...made.values()].map(({ send }) => send.close()))),
  };
}

function portOf(text: string | undefined, problems: string[]): number {
  const port = text === undefined || text === "" ? PORT_DEFAULT : Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  problems.push(`PORT is "${text}", which is not a port: write a number from 0 to 65535.`);
  return PORT_DEFAULT;
}

function secretOf(env: Env, name: string, where: string, problems: string[]): string {
  const value = env[name] ?? "";
  if (value === "") problems.push(`${name} is not set: copy it from ${where}.`);
  else if (/\s/.test(value)) problems.push(`${name} has a space or a line's end in it: copy it again from ${where}.`);
  return value;
}

function botTokenOf(env: Env, where: string, problems: string[]): string {
  const name = "SLACK_BOT_TOKEN";
  const token = secretOf(env, name, where, problems);
  // Rotated tokens carry a prefix of their own.
  if (token !== "" && !/^(xoxe\.)?xoxb-/.test(token))
    problems.push(`${name} is not a bot's token, which begins with xoxb-: copy it from ${where}.`);
  return token;
}

/** Slack's address as the client wants it: with a slash at the end. */
function apiUrlOf(env: Env, problems: string[]): { readonly apiUrl?: string } {
  const url = env["SLACK_API_URL"] ?? "";
  if (url === "") return {};
  if (!URL.canParse(url) || !/^https?:/.test(url))
    problems.push("SLACK_API_URL is not an http or https address: correct it or leave it out.");
  return { apiUrl: url.endsWith("/") ? url : `${url}/` };
}

/** Links lead there: an address of ours that people's browsers reach. */
function publicUrlOf(env: Env, problems: string[]): { readonly publicUrl?: string } {
  const url = (env["KINVIRT_PUBLIC_URL"] ?? "").replace(/\/+$/, "");
  if (url === "") return {};
  const local = /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/.test(url);
  if (!URL.canParse(url) || !(url.startsWith("https://") || local))
    problems.push("KINVIRT_PUBLIC_URL is not an https address: what is downloaded from there are logins.");
  return { publicUrl: url };
}

/** Everything that reaches outside, made of the environment and the files that it names. Nothing is asked of the network yet. */
export function compose(env: Env = process.env): Composed | Problems {
  const problems: string[] = [];
  const read = readConfig(env["KINVIRT_CONFIG"] || "kinvirt.yaml");
  if ("problems" in read) problems.push(...read.problems);
  const clouds = "problems" in read ? new Map<string, CloudSettings>() : cloudsOf(read.config, env, problems);
  const app = "your Slack app's page";
  const signingSecret = secretOf(env, "SLACK_SIGNING_SECRET", `${app}, Basic Information`, problems);
  const token = botTokenOf(env, `${app}, OAuth & Permissions`, problems);
  const api = apiUrlOf(env, problems);
  const links = publicUrlOf(env, problems);
  const port = portOf(env["PORT"], problems);
  // Nothing is opened for a process that can't start.
  if (problems.length > 0 || "problems" in read) return { problems };
  const [clock, log] = [systemClock(), pinoLog()];
  if (env["SLACK_APP_TOKEN"] !== undefined) {
    const advice = "Socket Mode is not there yet: Slack's requests are taken over HTTP, on POST /slack/events";
    log.warn("socket-mode.ignored", { advice });
  }
  const storeUrl = env["KINVIRT_STORE"] || "sqlite://.kinvirt/state.db";
  const store = tried(problems, () => openStore(storeUrl, () => clock.nowMs()));
  const queue = tried(problems, () => openQueue(env["KINVIRT_QUEUE"] || "sqlite:", { clock, log, storeUrl }));
  const outside = tried(problems, () => connections(clouds, clock));
  if (store === undefined || queue === undefined || outside === undefined) return { problems };
  const slack = slackWeb({ token, ...api });
  const { cloudOf } = outside;
  const kubernetes = kubernetesDialer({ nowMs: () => clock.nowMs() });
  return {
    deps: {
      config: read.config,
      store,
      queue,
      slack,
      cloudOf,
      kubernetes,
      clock,
      chance: systemChance(),
      log,
      ...links,
    },
    worker: queue,
    signingSecret,
    port,
    async close() {
      await queue.close();
      await outside.close();
      await kubernetes.close();
      await store.close();
    },
  };
}
