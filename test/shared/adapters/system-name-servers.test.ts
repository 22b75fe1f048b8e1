import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { systemNameServers } from "../../../shared/adapters/system-name-servers.ts";

// Goal: a name server is asked over the wire and what it says is told apart: an answer, no such name, no such record, a
// refusal, a failure, and silence.
const NAMES: Readonly<Record<string, { readonly code: number; readonly answer?: (question: Buffer) => Buffer }>> = {
  "api.dev.example.org": { code: 0, answer: () => record(1, Buffer.from([203, 0, 113, 68])) },
  "68.113.0.203.in-addr.arpa": { code: 0, answer: () => record(12, nameOf("api.dev.example.org")) },
  "example.org": {
    code: 0,
    answer: () => {
      const numbers = Buffer.alloc(20);
      [1795659936, 3600, 600, 86_400, 60].forEach((number, at) => void numbers.writeUInt32BE(number, at * 4));
      return record(6, Buffer.concat([nameOf("ns1.example.org"), nameOf("host.example.org"), numbers]));
    },
  },
  "unknown.example.org": { code: 3 },
  "empty.example.org": { code: 0 },
  "refused.example.org": { code: 5 },
  "failed.example.org": { code: 2 },
};

const nameOf = (name: string): Buffer =>
  Buffer.concat([
    ...name.split(".").map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);

/** About the name of the question, which a pointer stands for. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function labelsOf(message: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.subarray(at + 1, at + 1 + length).toString());
    at += length + 1;
  }
  return { name: labels.join("."), end: at + 5 };
}

const NO_NAME = "its own name does not resolve here";
let socket: Socket;
let server: string;
const asked: string[] = [];

beforeAll(async () => {
  socket = createSocket("udp4", (message, from) => {
    const { name, end } = labelsOf(message);
    asked.push(name);
    const found = NAMES[name];
    if (found === undefined) return;
    const answer = found.answer?.(message);
    const head = Buffer.from(message.subarray(0, 12));
    head.writeUInt16BE(0x8400 | found.code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answer === undefined ? 0 : 1, 6);
    head.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([head, message.subarray(12, end), answer ?? Buffer.alloc(0)]), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  server = `127.0.0.1:${socket.address().port}`;
});
afterAll(() => socket.close());

test.each([
  ["api.dev.example.org.", "A", { is: "answered", records: ["203.0.113.68"] }],
  ["68.113.0.203.in-addr.arpa.", "PTR", { is: "answered", records: ["api.dev.example.org"] }],
  ["example.org.", "SOA", { is: "answered", records: ["1795659936"] }],
  ["unknown.example.org.", "A", { is: "unknown" }],
  ["empty.example.org.", "A", { is: "empty" }],
  ["refused.example.org.", "A", { is: "refused" }],
  ["failed.example.org.", "A", { is: "failed", why: "SERVFAIL" }],
  ["silent.example.org.", "A", { is: "timeout" }],
] as const)("%s %s", async (name, type, answer) => {
  expect(await systemNameServers({ timeout: 200, tries: 1 }).ask(server, name, type)).toEqual(answer);
  expect(asked).toContain(name.replace(/\.$/, ""));
});

test("a port where nobody listens, and a server whose name is none", async () => {
  const names = systemNameServers({ timeout: 200, tries: 1 });
  const nobody = await names.ask("127.0.0.1:9", "api.dev.example.org.", "A");
  expect([{ is: "failed", why: "nothing listens there" }, { is: "timeout" }]).toContainEqual(nobody);
  for (const address of ["[::1]:9", "::1", "127.0.0.1"])
    expect(await names.ask(address, "unknown.nowhere.invalid.", "A")).not.toEqual({ is: "failed", why: NO_NAME });
  expect(await names.ask("ns1.nowhere.invalid", "api.dev.example.org.", "A")).toEqual({
    is: "failed",
    why: NO_NAME,
  });
});
