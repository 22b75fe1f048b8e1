import { kubernetesDialer } from "../shared/adapters/kubernetes-dialer.ts";
import { pinoLog } from "../shared/adapters/pino-log.ts";
import type { Proxies } from "../shared/adapters/proxies.ts";
import { slackBudget } from "../shared/adapters/slack-budget.ts";
import type { SlackTokens } from "../shared/adapters/slack-token.ts";
import { slackWeb } from "../shared/adapters/slack-web.ts";
import { storeClock } from "../shared/adapters/store-clock.ts";
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
import { environment, proxiesOf } from "./environment.ts";
import { openstackCalls, tracedEnds } from "./observe.ts";
import { BASIC, botTokenOf, secretOf, secretsIn, tokensOf } from "./slack-token.ts";
import { openState, storeUrlOf } from "./state.ts";
import { observed, type Traced } from "./tracing.ts";

const PORT_DEFAULT = 3000;
const SECRET_LENGTH = 40;

export interface Composed {
  readonly deps: Deps;
  /** The queue's own worker, for a form that is one process. */
  readonly worker: QueueWorker;
  readonly signingSecret: string;
  readonly slackTokens: SlackTokens;
  /** With it Slack's requests come through a connection that this process opens. */
  readonly socket?: { readonly appToken: string; readonly apiUrl?: string; readonly proxies?: Proxies | undefined };
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

/** Undefined: Slack's requests come over HTTP. */
function appTokenOf(env: Env, problems: string[]): string | undefined {
  const name = "SLACK_APP_TOKEN";
  if ((env[name] ?? "") === "") return undefined;
  const token = secretOf(env, name, BASIC, problems);
  if (!token.startsWith("xapp-"))
    problems.push(`${name} is not an app-level token, which begins with xapp-: copy it from ${BASIC}.`);
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

/** Everything that reaches outside, made of the environment and the files that it names. Nothing is asked of the network yet. */
export function compose(env: Env = environment(), metrics?: Metrics, traced?: Traced): Composed | Problems {
  const { problems, measured, ids, endTraces } = observed(metrics, traced);
  const read = configured(env, problems);
  const appToken = appTokenOf(env, problems);
  // Without requests over HTTP nobody signs anything.
  const unsigned = appToken !== undefined && (env["SLACK_SIGNING_SECRET"] ?? "") === "";
  const signingSecret = unsigned
    ? systemChance().token(SECRET_LENGTH)
    : secretOf(env, "SLACK_SIGNING_SECRET", BASIC, problems);
  const botToken = botTokenOf(env, problems);
  const api = apiUrlOf(env, problems);
  const links = publicUrlOf(env, problems);
  const port = portOf(env["PORT"], problems);
  const passwords = [...(read?.clouds.values() ?? [])].map(secretOfCloud);
  const secrets = [...secretsIn(botToken), signingSecret, appToken, ...passwords];
  const [clock, log] = [
    storeClock(systemClock()),
    pinoLog({ secrets: secrets.filter((one) => one !== undefined), ...ids }),
  ];
  const clouds = read?.clouds ?? new Map();
  const proxies = proxiesOf(env, problems);
  const outside = tried(problems, () =>
    connections(clouds, clock, {
      told: openstackCalls(log, metrics, measured.tracing),
      log,
      proxies,
    }),
  );
  const state = openState(env, clock, log, problems);
  if (read === undefined || state === undefined || outside === undefined) return { problems };
  const { store, queue } = state;
  const slackTokens = tokensOf(botToken, api, { store, clock, log });
  const budget = slackBudget(() => clock.nowMs());
  const slack = slackWeb({ token: slackTokens, ...api, ...measured, budget });
  const { cloudOf, trace } = outside;
  const kubernetes = kubernetesDialer({ nowMs: () => clock.nowMs() });
  return {
    deps: {
      config: read.config,
      store,
      slack,
      cloudOf,
      trace,
      clock,
      ...tracedEnds({ queue, kubernetes, clock }, measured),
      nameServers: systemNameServers(),
      keepTime: () => clock.keepTime(log),
      chance: systemChance(),
      log,
      ...links,
      ...measured,
    },
    worker: queue,
    signingSecret,
    slackTokens,
    ...(appToken === undefined ? {} : { socket: { appToken, ...api, proxies } }),
    port,
    async close() {
      await queue.close();
      await outside.close();
      await kubernetes.close();
      await store.close();
      await endTraces();
    },
  };
}

/** The state alone, for what reads nothing else. */
export function composeStore(env: Env = environment()): Pick<Deps, "store" | "clock"> | Problems {
  const problems: string[] = [];
  const clock = systemClock();
  const store = tried(problems, () => openStore(storeUrlOf(env), () => clock.nowMs()));
  return store === undefined ? { problems } : { store, clock };
}
