import { isIPv6 } from "node:net";
import { TLSSocket } from "node:tls";
import type { KubernetesAccess, KubernetesSend } from "../kubernetes/send.ts";
import { bearable } from "./bearable.ts";
import { lazy } from "./lazy.ts";

const CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 5000;
const KEEP_ALIVE_MS = 30_000;
/** Far above any page of ours, far below a function's memory. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

/** One user's connections to one API server. They are kept until the caller closes them. */
export function dialKubernetes(access: KubernetesAccess): KubernetesSend & { close(): Promise<void> } {
  let shownEndMs = Number.NaN;
  const pool = lazy(async () => {
    const { Agent, buildConnector, request } = await import("undici");
    const connect = buildConnector({
      timeout: CONNECT_TIMEOUT_MS,
      servername: access.serverName,
      ca: access.ca,
      cert: access.certificate,
      key: access.key,
    });
    const agent = new Agent({
      connections: CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxResponseSize: ANSWER_BYTES_MAX,
      connect: (options, done) =>
        connect(options, (...ends) => {
          const [, socket] = ends;
          // A session that is resumed shows no certificate: it goes on with the one before.
          if (socket instanceof TLSSocket && !socket.isSessionReused())
            shownEndMs = Date.parse(socket.getPeerCertificate().valid_to);
          done(...ends);
        }),
    });
    return { agent, request };
  });
  const host = isIPv6(access.address) ? `[${access.address}]` : access.address;
  const send: KubernetesSend = async ({ method, path, body, contentType, timeoutMs }) => {
    const { agent, request } = await pool();
    const answer = await request(`https://${host}:${access.port}${path}`, {
      dispatcher: agent,
      method,
      headers: {
        accept: "application/json",
        "user-agent": "kinvirt",
        ...(contentType === undefined ? {} : { "content-type": contentType }),
      },
      body: body ?? null,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const bytes = bearable(Buffer.from(await answer.body.arrayBuffer()));
    const shown = Number.isNaN(shownEndMs) ? {} : { certificateEndMs: shownEndMs };
    return { status: answer.statusCode, body: bytes.toString("utf8"), ...shown };
  };
  return Object.assign(send, { close: async () => (await pool.made())?.agent.close() });
}
