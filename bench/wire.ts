import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";
import process from "node:process";

/*
 * Loaded into the measured process before its own code (`node --import`): writes one JSON line for each HTTP request that
 * it makes to the file WIRE. Nothing stands between the process and the cloud, so nothing is slower for being counted.
 */
export interface Call {
  readonly method: string;
  readonly url: string;
  /** Milliseconds since the epoch; `toMs` is the end of the answer. */
  readonly fromMs: number;
  readonly toMs: number;
  /** 0: no answer came. */
  readonly status: number;
  /** Names, marks and steps of a cluster in the body. Bodies themselves hold secrets. */
  readonly names: readonly string[];
}

const NAMED = /[a-z0-9-]+-k[a-z0-9]{9}-[a-z0-9-]+|kinvirt:k[a-z0-9]{9} [a-z0-9/-]+|"kinvirt-step":"[^"]+"/g;

interface Asked {
  readonly method: string;
  readonly origin: string | URL;
  readonly path: string;
  readonly body: unknown;
}

const file = process.env["WIRE"];
const begun = new WeakMap<object, { readonly fromMs: number; readonly names: readonly string[]; status: number }>();
const asked = (message: unknown): Asked => (message as { readonly request: Asked }).request;

function end(message: unknown): void {
  const request = asked(message);
  const one = begun.get(request);
  if (one === undefined || file === undefined) return;
  begun.delete(request);
  const { method } = request;
  const call: Call = { method, url: `${String(request.origin)}${request.path}`, ...one, toMs: Date.now() };
  appendFileSync(file, `${JSON.stringify(call)}\n`);
}

if (file !== undefined) {
  subscribe("undici:request:create", (message) => {
    const request = asked(message);
    const { body } = request;
    const text = typeof body === "string" ? body : body instanceof Uint8Array ? Buffer.from(body).toString() : "";
    begun.set(request, { fromMs: Date.now(), names: text.match(NAMED) ?? [], status: 0 });
  });
  subscribe("undici:request:headers", (message) => {
    const one = begun.get(asked(message));
    if (one !== undefined) one.status = (message as { readonly response: { statusCode: number } }).response.statusCode;
  });
  for (const channel of ["undici:request:trailers", "undici:request:error"]) subscribe(channel, end);
}
