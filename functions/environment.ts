import type { Proxies } from "../shared/adapters/proxies.ts";
import type { Env } from "./clouds.ts";

/** What the process was started with. */
export const environment = (): Env => process.env;

const either = (env: Env, name: string): string => env[name.toLowerCase()] || env[name] || "";

function proxyOf(env: Env, name: string, problems: string[]): string {
  const url = either(env, name);
  if (url !== "" && !(URL.canParse(url) && /^https?:\/\//.test(url)))
    problems.push(`${name} is not the address of a proxy: write http://HOST:PORT, or leave it out.`);
  return url;
}

/**
 * The proxies of the environment, where `NODE_USE_ENV_PROXY=1` says that they are to be used: as Node itself reads them, so that
 * all calls go the same way. Source: https://nodejs.org/docs/latest-v24.x/api/cli.html#node_use_env_proxy1
 */
export const proxiesOf = (env: Env, problems: string[]): Proxies | undefined =>
  env["NODE_USE_ENV_PROXY"] === "1"
    ? {
        httpProxy: proxyOf(env, "HTTP_PROXY", problems),
        httpsProxy: proxyOf(env, "HTTPS_PROXY", problems),
        noProxy: either(env, "NO_PROXY"),
      }
    : undefined;
