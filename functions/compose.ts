import { kubernetesDialer } from "../shared/adapters/kubernetes-dialer.ts";
import { pinoLog } from "../shared/adapters/pino-log.ts";
import { defaultQueue, openQueue } from "../shared/adapters/queues.ts";
import { slackWeb } from "../shared/adapters/slack-web.ts";
import { openStore } from "../shared/adapters/stores.ts";
import { systemChance } from "../shared/adapters/system-chance.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { systemNameServers } from "../shared/adapters/system-name-servers.ts";
import type { CloudSettings } from "../shared/openstack/clouds.ts";
import type { Deps } from "../shared/ports/deps.ts";
import type { Metrics } from "../shared/ports/metrics.ts";
import type { QueueWorker } from "../shared/ports/queue.ts";
import { configured, type Env, type Problems, tried } from "./clouds.ts";
import { connections } from "./connections.ts";
import { openstackCalls } from "./observe.ts";

const PORT_DEFAULT = 3000;
const SECRET_LENGTH = 40;

export interface Composed {
  readonly deps: Deps;
  /** The queue's own worker, for a form that is one process. */
  readonly worker: QueueWorker;
  readonly signingSecret: string;
  /** With it Slack's requests come through a connection that this process opens. */
  readonly socket?: { readonly appToken: string; readonly apiUrl?: string };
  readonly port: number;
  /** Lets go of the store, the queue and all connections. */
  close(): Promise<void>;
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

/** Undefined: Slack's requests come over HTTP. */
function appTokenOf(env: Env, where: string, problems: string[]): string | undefined {
  const name = "SLACK_APP_TOKEN";
  if ((env[name] ?? "") === "") return undefined;
  const token = secretOf(env, name, where, problems);
  if (!token.startsWith("xapp-"))
    problems.push(`${name} is not an app-level token, which begins with xapp-: copy it from ${where}.`);
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

const secretOfCloud = ({ auth }: CloudSettings): string => (auth.method === "password" ? auth.password : auth.secret);

/** What the process was started with. */
export const environment = (): Env => process.env;

/** Everything that reaches outside, made of the environment and the files that it names. Nothing is asked of the network yet. */
export function compose(env: Env = process.env, metrics?: Metrics): Composed | Problems {
  const problems: string[] = [];
  const read = configured(env, problems);
  const app = "your Slack app's page";
  const appToken = appTokenOf(env, `${app}, Basic Information`, problems);
  // Without requests over HTTP nobody signs anything.
  const unsigned = appToken !== undefined && (env["SLACK_SIGNING_SECRET"] ?? "") === "";
  const signingSecret = unsigned
    ? systemChance().token(SECRET_LENGTH)
    : secretOf(env, "SLACK_SIGNING_SECRET", `${app}, Basic Information`, problems);
  const token = botTokenOf(env, `${app}, OAuth & Permissions`, problems);
  const api = apiUrlOf(env, problems);
  const links = publicUrlOf(env, problems);
  const port = portOf(env["PORT"], problems);
  // Nothing is opened for a process that can't start.
  if (problems.length > 0 || read === undefined) return { problems };
  const secrets = [token, signingSecret, appToken, ...[...read.clouds.values()].map(secretOfCloud)];
  const [clock, log] = [systemClock(), pinoLog({ secrets: secrets.filter((one) => one !== undefined) })];
  const measured = metrics === undefined ? {} : { metrics };
  const storeUrl = storeUrlOf(env);
  const store = tried(problems, () => openStore(storeUrl, () => clock.nowMs()));
  const queue = tried(problems, () =>
    openQueue(env["KINVIRT_QUEUE"] || defaultQueue(storeUrl), { clock, log, storeUrl }),
  );
  const outside = tried(problems, () => connections(read.clouds, clock, openstackCalls(log, metrics)));
  if (store === undefined || queue === undefined || outside === undefined) return { problems };
  const slack = slackWeb({ token, ...api, ...measured });
  const { cloudOf, trace } = outside;
  const kubernetes = kubernetesDialer({ nowMs: () => clock.nowMs() });
  return {
    deps: {
      config: read.config,
      store,
      queue,
      slack,
      cloudOf,
      trace,
      kubernetes,
      nameServers: systemNameServers(),
      clock,
      chance: systemChance(),
      log,
      ...links,
      ...measured,
    },
    worker: queue,
    signingSecret,
    ...(appToken === undefined ? {} : { socket: { appToken, ...api } }),
    port,
    async close() {
      await queue.close();
      await outside.close();
      await kubernetes.close();
      await store.close();
    },
  };
}

const storeUrlOf = (env: Env): string => env["KINVIRT_STORE"] || "sqlite://.kinvirt/state.db";

/** The state alone, for what reads nothing else. */
export function composeStore(env: Env = process.env): Pick<Deps, "store" | "clock"> | Problems {
  const problems: string[] = [];
  const clock = systemClock();
  const store = tried(problems, () => openStore(storeUrlOf(env), () => clock.nowMs()));
  return store === undefined ? { problems } : { store, clock };
}
