import { BINARIES, TEXTS } from "./barbican-checks.ts";
import { Fault, type SandboxRequest, type SandboxResponse } from "./service.ts";

function textOf(payload: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
  } catch {
    return undefined;
  }
}

/** Bytes that are no text come as a string with one letter for each. */
export function show(
  request: SandboxRequest,
  row: { readonly id: string; readonly content_type: string | null },
  payloads: ReadonlyMap<string, Buffer>,
  what: string,
): SandboxResponse {
  const payload = payloads.get(row.id);
  if (payload === undefined) throw new Fault(404, "Not Found. Sorry but your secret has no payload.");
  const accept = request.headers["accept"] ?? BINARIES[0] ?? "";
  const wanted = accept === "*/*" ? (row.content_type ?? "") : accept;
  const text = textOf(payload);
  if (TEXTS.includes(wanted) && text !== undefined)
    return {
      status: 200,
      body: text,
      headers: { "content-type": accept === "*/*" ? accept : "text/plain; charset=UTF-8" },
    };
  if (!BINARIES.includes(wanted)) throw new Fault(406, `${what} issue seen - Wrong payload content-type.`);
  return { status: 200, body: text ?? payload.toString("latin1"), headers: { "content-type": accept } };
}
