import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { HttpRequest } from "../../shared/openstack/send.ts";
import type { Answered } from "./door.ts";

type Enter = (request: HttpRequest) => Answered | undefined;
type Wait = ((ms: number) => Promise<void>) | undefined;

async function serve(enter: Enter, wait: Wait, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  const body = await text(request);
  const url = `http://${request.headers.host ?? "localhost"}${request.url ?? "/"}`;
  const answered = enter({ method: request.method ?? "GET", url, headers, body, timeoutMs: Number.POSITIVE_INFINITY });
  if (answered !== undefined && answered.slowMs > 0) await wait?.(answered.slowMs);
  // A call that is lost looks the same before and after its effect: the connection breaks.
  if (answered === undefined || answered.lost) return void request.socket.destroy();
  response.writeHead(answered.response.status, answered.response.headers).end(answered.response.body);
}

/** The HTTP door. Links and the catalog name the host that the caller asked. */
export function listen(enter: Enter, wait: Wait): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => void serve(enter, wait, request, response).catch(() => request.socket.destroy());
}
