import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Passing {
  /** `PutItem`, `GetItem`, `SendMessage`: what AWS's clients name in a header. */
  readonly action: string;
  readonly body: string;
}

/**
 * What becomes of one request: it passes, it is done and its answer is lost, it is lost itself, or it is refused in AWS's shape
 * by the name of an error.
 */
type Fate = "passes" | "answer lost" | "lost" | { readonly refused: string };

export interface LossyServer {
  readonly port: number;
  /** Every request since the last `clear`, by its action, with what became of it. */
  readonly seen: readonly string[];
  /** Decides for each request. */
  fate(decide: (passing: Passing) => Fate): void;
  clear(): void;
  close(): Promise<void>;
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function refuse(response: ServerResponse, name: string): void {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name });
  response.writeHead(400, { "content-type": "application/x-amz-json-1.0" }).end(body);
}

/** Stands in front of an AWS server's stand-in and treats requests as AWS and networks do. */
export async function lossyServer(to: number): Promise<LossyServer> {
  let decide: (passing: Passing) => Fate = () => "passes";
  const seen: string[] = [];
  const server = createServer(async (incoming, response) => {
    const body = await bodyOf(incoming);
    const action = String(incoming.headers["x-amz-target"] ?? "").split(".")[1] ?? "";
    const fate = decide({ action, body });
    seen.push(`${action} ${typeof fate === "string" ? fate : fate.refused}`);
    if (typeof fate !== "string") return refuse(response, fate.refused);
    if (fate === "lost") return void incoming.socket.destroy();
    const { method, headers, url: path } = incoming;
    const onward = request({ port: to, method, headers, path, host: "127.0.0.1" }, async (answer) => {
      const text = await bodyOf(answer);
      if (fate === "answer lost") return void incoming.socket.destroy();
      response.writeHead(answer.statusCode ?? 500, answer.headers).end(text);
    });
    onward.once("error", () => incoming.socket.destroy());
    onward.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    fate(next) {
      decide = next;
    },
    clear() {
      seen.length = 0;
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
