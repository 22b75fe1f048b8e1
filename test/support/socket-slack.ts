import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const TEXT = 0x1;
const CLOSE = 0x8;

function frame(opcode: number, payload: Buffer): Buffer {
  const head = payload.length < 126 ? Buffer.from([0x80 | opcode, payload.length]) : Buffer.alloc(4);
  if (payload.length >= 126) {
    head.set([0x80 | opcode, 126]);
    head.writeUInt16BE(payload.length, 2);
  }
  return Buffer.concat([head, payload]);
}

/** The frames of a client that are whole, and the bytes after them. */
function unframe(bytes: Buffer): readonly [readonly { opcode: number; text: string }[], Buffer] {
  const frames = [];
  let at = 0;
  while (bytes.length >= at + 2) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const [length, from] = short < 126 ? [short, at + 2] : [bytes.readUInt16BE(at + 2), at + 4];
    if (bytes.length < from + 4 + length) break;
    const mask = bytes.subarray(from, from + 4);
    const payload = Buffer.from(
      bytes.subarray(from + 4, from + 4 + length).map((byte, i) => byte ^ (mask[i % 4] ?? 0)),
    );
    frames.push({ opcode: (bytes[at] ?? 0) & 0xf, text: payload.toString("utf8") });
    at = from + 4 + length;
  }
  return [frames, bytes.subarray(at)];
}

interface Ack {
  readonly envelope_id: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The half of Slack that Socket Mode talks to: `apps.connections.open`, and the WebSocket that it names. */
export async function socketSlack(appToken: string) {
  let line: Duplex | undefined;
  let opened = 0;
  const acks: Ack[] = [];
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const server = createServer((request, response) => {
    const ok = request.headers.authorization === `Bearer ${appToken}`;
    response.setHeader("content-type", "application/json");
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link`;
    response.end(JSON.stringify(ok ? { ok, url } : { ok, error: "invalid_auth" }));
  });
  server.on("upgrade", (request, socket: Duplex) => {
    const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${MAGIC}`).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    line = socket;
    opened += 1;
    let rest = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => {
      const [frames, after] = unframe(Buffer.concat([rest, bytes]));
      rest = Buffer.from(after);
      for (const { opcode, text } of frames) {
        if (opcode === TEXT) acks.push(JSON.parse(text) as Ack);
        if (opcode === CLOSE) socket.end(frame(CLOSE, Buffer.alloc(0)));
      }
      changed();
    });
    say({ type: "hello", num_connections: 1 });
    changed();
  });
  const say = (message: object) => void line?.write(frame(TEXT, Buffer.from(JSON.stringify(message))));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    acks,
    opened: () => opened,
    say,
    /** Resolves when it is so. The test's own time limit says when it never is. */
    until: async (so: () => boolean): Promise<void> => {
      while (!so()) {
        await new Promise<void>((resolve) => {
          const once = () => {
            listeners.delete(once);
            resolve();
          };
          listeners.add(once);
        });
      }
    },
    async close() {
      line?.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
