import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import * as z from "zod";

const value = z.object({ stringValue: z.string().optional(), intValue: z.coerce.number().optional() });
const attributes = z.array(z.object({ key: z.string(), value: value.loose() })).default([]);
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              kind: z.number(),
              startTimeUnixNano: z.coerce.string(),
              endTimeUnixNano: z.coerce.string(),
              attributes,
              links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
              status: z.object({ code: z.number().optional() }).default({}),
            }),
          ),
        }),
      ),
    }),
  ),
});

export interface Span {
  readonly trace: string;
  readonly id: string;
  /** Empty: it is the first of its trace. */
  readonly parent: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Spans, as `trace/span`. */
  readonly links: readonly string[];
  readonly failed: boolean;
}

const plain = (all: z.infer<typeof attributes>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(all.map(({ key, value: { stringValue, intValue } }) => [key, stringValue ?? intValue]));

const ms = (nanoseconds: string): number => Number(BigInt(nanoseconds) / 1_000_000n);

/** Whoever takes traces over OTLP/HTTP in JSON, as much of it as is looked at. */
export async function collector() {
  const spans: Span[] = [];
  const bodies: { readonly type: string; readonly path: string; readonly text: string }[] = [];
  const resources: Readonly<Record<string, unknown>>[] = [];
  const take = (text: string): void => {
    for (const { resource, scopeSpans } of exported.parse(JSON.parse(text)).resourceSpans) {
      resources.push(plain(resource.attributes));
      for (const one of scopeSpans.flatMap((scope) => scope.spans))
        spans.push({
          trace: one.traceId,
          id: one.spanId,
          parent: one.parentSpanId ?? "",
          name: one.name,
          startMs: ms(one.startTimeUnixNano),
          endMs: ms(one.endTimeUnixNano),
          facts: plain(one.attributes),
          links: one.links.map(({ traceId, spanId }) => `${traceId}/${spanId}`),
          failed: one.status.code === 2,
        });
    }
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
    const body = Buffer.concat(chunks);
    const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString("utf8");
    const type = request.headers["content-type"] ?? "";
    bodies.push({ type, path: request.url ?? "", text });
    if (type === "application/json") take(text);
    response.writeHead(200, { "content-type": type }).end(type === "application/json" ? "{}" : "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bodies,
    resources,
    async close(): Promise<void> {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
