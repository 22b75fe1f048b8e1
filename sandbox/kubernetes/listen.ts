import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { buffer } from "node:stream/consumers";
import { TLSSocket } from "node:tls";
import type { Clock } from "../../shared/ports/clock.ts";
import type { Cluster } from "./cluster.ts";
import type { ApiRequest } from "./request.ts";

const TICK_MS = 250;

/** Whom the certificate of this connection names. */
function userAt(cluster: Cluster, request: IncomingMessage): ApiRequest["user"] {
  if (!(request.socket instanceof TLSSocket)) return undefined;
  const shown = request.socket.getPeerX509Certificate();
  return shown === undefined ? undefined : (cluster.userOf(shown.toString()) ?? "unknown");
}

async function answer(
  cluster: Cluster,
  clock: Clock,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value ?? "")]),
  );
  const [bytes, user] = [await buffer(request), userAt(cluster, request)];
  const reply = await cluster.handle({
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers,
    body: bytes,
    user,
  });
  if (Buffer.isBuffer(reply.body)) return void response.writeHead(reply.status).end(reply.body);
  if (reply.watch === undefined) {
    const plain = typeof reply.body === "string";
    response.writeHead(reply.status, { "content-type": plain ? "text/plain; charset=utf-8" : "application/json" });
    return void response.end(plain ? reply.body : JSON.stringify(reply.body));
  }
  response.writeHead(reply.status, { "content-type": "application/json" });
  const ended = new AbortController();
  response.on("close", () => ended.abort());
  const stop = reply.watch((line) => response.write(line));
  const endMs = clock.nowMs() + (reply.seconds ?? 0) * 1000;
  // Nobody else makes a watched cluster go on.
  while (!ended.signal.aborted && clock.nowMs() < endMs) {
    await clock.wait(TICK_MS, ended.signal);
    await cluster.setup.tasks.settle();
  }
  stop();
  response.end();
}

/** The cluster's API over HTTPS, for kubectl. Port 0 takes a free one. */
export async function listenFor(cluster: Cluster, clock: Clock, port: number, host: string) {
  const { certificate, key } = await cluster.serving();
  const options = {
    cert: certificate,
    key,
    ca: cluster.setup.authority.certificate,
    requestCert: true,
    rejectUnauthorized: false,
  };
  const server = createServer(options, (request, response) => {
    if (cluster.isDown) return void request.socket.destroy();
    answer(cluster, clock, request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(port, host, listening));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
