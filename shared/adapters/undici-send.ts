import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import type { HttpResponse, Send } from "../openstack/send.ts";
import { bearable } from "./bearable.ts";
import { lazy } from "./lazy.ts";
import type { Proxies } from "./proxies.ts";

const CONNECTIONS = 16;
const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;
/** Far above any listing of ours, far below a function's memory. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

export interface UndiciSendOptions {
  /** Path of a PEM file with certificate authorities to trust besides Node's own. */
  readonly cacert?: string;
  /** False: TLS certificates are not checked. */
  readonly verify?: boolean;
  readonly proxies?: Proxies | undefined;
}

function headersOf(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}

/**
 * HTTP over one pool of connections per host. Follows no redirect: a token goes only where it was sent. An
 * `application/octet-stream` answer becomes one character per byte (latin1), everything else is read as UTF-8.
 */
export function undiciSend(options: UndiciSendOptions = {}): Send & { close(): Promise<void> } {
  const ca = options.cacert === undefined ? {} : { ca: [...rootCertificates, readFileSync(options.cacert, "utf8")] };
  // The slack function answers without a cloud, and its cold start need not wait for what it does not use.
  const pool = lazy(async () => {
    const { Agent, EnvHttpProxyAgent, request } = await import("undici");
    const tls = { rejectUnauthorized: options.verify !== false, ...ca };
    const limits = { connections: CONNECTIONS, keepAliveTimeout: KEEP_ALIVE_MS, maxResponseSize: ANSWER_BYTES_MAX };
    const direct = { ...limits, connect: { timeout: CONNECT_TIMEOUT_MS, ...tls } };
    const { proxies } = options;
    const agent =
      proxies === undefined ? new Agent(direct) : new EnvHttpProxyAgent({ ...direct, ...proxies, requestTls: tls });
    return { agent, request };
  });
  const send: Send = async (wanted): Promise<HttpResponse> => {
    const { agent, request } = await pool();
    const signal = AbortSignal.timeout(wanted.timeoutMs);
    const answer = await request(wanted.url, {
      dispatcher: agent,
      method: wanted.method as "GET",
      headers: wanted.headers,
      body: wanted.body ?? null,
      signal,
    });
    const headers = headersOf(answer.headers);
    const bytes = bearable(Buffer.from(await answer.body.arrayBuffer()));
    const binary = headers["content-type"]?.startsWith("application/octet-stream") === true;
    return { status: answer.statusCode, headers, body: bytes.toString(binary ? "latin1" : "utf8") };
  };
  return Object.assign(send, { close: async () => (await pool.made())?.agent.close() });
}
