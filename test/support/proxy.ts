import { once } from "node:events";
import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** A forward proxy as companies have them: tunnels by CONNECT, and plain HTTP by its absolute address. */
export async function forwardProxy() {
  const passed: string[] = [];
  const server = createServer((asked, answer) => {
    const { host, pathname } = new URL(asked.url ?? "");
    passed.push(`${asked.method} ${host}${pathname}`);
    const onward = request(asked.url ?? "", { method: asked.method, headers: asked.headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    asked.pipe(onward);
  });
  server.on("connect", (asked, client, head) => {
    passed.push(`CONNECT ${asked.url}`);
    const { hostname, port } = new URL(`http://${asked.url}`);
    const onward = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      onward.pipe(client).pipe(onward);
    });
    onward.on("error", () => client.destroy());
    client.on("error", () => onward.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** `CONNECT HOST:PORT` and `GET HOST/PATH`, in order. */
    passed,
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
