import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A proxy in front of every service of a cloud that loses answers: half of them before the service was asked at all. */
export interface LossyProxy {
  /** Where the service of this URL is reached through the proxy; the path stays as it is. */
  behind(url: string): Promise<string>;
  /** From now on, which part of all answers never comes. */
  lose(part: number): void;
  /** How many answers it has lost so far. */
  lost(): number;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Catalogued {
  readonly token: { readonly catalog: readonly { readonly endpoints: { url: string }[] }[] };
}

/** Of one hop, and set anew for the next. Source: RFC 9110 section 7.6.1. */
const HOP = ["connection", "keep-alive", "transfer-encoding", "content-length"];

async function forward(origin: string, asked: IncomingMessage, body: Buffer): Promise<Answer> {
  const headers = { ...asked.headers, host: new URL(origin).host, connection: "close" };
  const out = request(new URL(asked.url ?? "/", origin), { method: asked.method, headers, agent: false });
  out.end(body);
  const [answer] = (await once(out, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
}

/** What haproxy says of a service that is down, or that ended in the middle of a request. */
function broken(error: unknown): Answer {
  const down = error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
  const [status, words] = down
    ? [503, "<h1>503 Service Unavailable</h1>\nNo server is available to handle this request."]
    : [502, "<h1>502 Bad Gateway</h1>\nThe server returned an invalid or incomplete response."];
  return {
    status,
    headers: { "content-type": "text/html" },
    body: Buffer.from(`<html><body>${words}\n</body></html>\n`),
  };
}

export function lossyProxy(): LossyProxy {
  /** The proxy's origin for each of the cloud's. */
  const fronts = new Map<string, Promise<string>>();
  let loss = 0;
  let lost = 0;

  /** The catalog is what tells a client where the services are, so it names the proxy instead. */
  async function withOurCatalog(body: Buffer): Promise<Buffer> {
    const document = JSON.parse(body.toString()) as Catalogued;
    for (const endpoint of document.token.catalog.flatMap(({ endpoints }) => endpoints))
      endpoint.url = await behind(endpoint.url);
    return Buffer.from(JSON.stringify(document));
  }

  async function serve(origin: string, asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const drop = (): void => {
      lost += 1;
      asked.socket.destroy();
    };
    const body = await buffer(asked);
    const chance = Math.random();
    if (chance < loss / 2) return drop();
    const answer = await forward(origin, asked, body).catch(broken);
    if (chance < loss) return drop();
    const isToken = asked.method === "POST" && asked.url?.endsWith("/auth/tokens") === true && answer.status === 201;
    const told = isToken ? await withOurCatalog(answer.body) : answer.body;
    const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !HOP.includes(name)));
    const bodiless = asked.method === "HEAD" || answer.status === 204 || answer.status === 304;
    reply.writeHead(answer.status, { ...headers, ...(bodiless ? {} : { "content-length": told.length }) });
    reply.end(bodiless ? undefined : told);
  }

  async function front(origin: string): Promise<string> {
    const server = createServer((asked, reply) => void serve(origin, asked, reply).catch(() => asked.socket.destroy()));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function behind(url: string): Promise<string> {
    const { origin } = new URL(url);
    const made = fronts.get(origin) ?? front(origin);
    fronts.set(origin, made);
    return (await made) + url.slice(origin.length);
  }

  return {
    behind,
    lose: (part) => {
      loss = part;
    },
    lost: () => lost,
  };
}
