import { parse as parseForm } from "node:querystring";
import type { Request, RequestHandler } from "express";
import * as z from "zod";
import type { Deps } from "../../shared/ports/deps.ts";
import { firstTime } from "../../shared/state/index.ts";
import { ANSWER_MS_MAX, budget } from "../within.ts";
import { fingerprint, signed } from "./signature.ts";

const BODY_BYTES_MAX = 1024 * 1024;

/** What later middleware finds on the request: the body as it came, and when the answer is due. */
export interface Verified {
  rawBody?: Buffer;
  dueMs?: number;
}

/** Undefined when the body is longer than anything that Slack sends. */
async function rawBody(request: Request): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk), "utf8");
    length += bytes.length;
    if (length > BODY_BYTES_MAX) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

const FORM = "application/x-www-form-urlencoded";

/** What all that Slack sends has in common: it says what it is, and mostly which act of a person it comes from. */
const content = z
  .object({
    command: z.string().optional(),
    type: z.string().optional(),
    ssl_check: z.string().optional(),
    trigger_id: z.string().optional(),
    event_id: z.string().optional(),
  })
  .refine(({ command, type, ssl_check }) => (command ?? type ?? ssl_check) !== undefined);

/** Undefined: it can't be read, or Slack would not send it. Bolt waits for its own timeout with these. */
function contentOf(body: string, contentType: string): z.infer<typeof content> | undefined {
  try {
    const form = contentType === FORM ? parseForm(body) : undefined;
    const payload = form?.["payload"];
    return content.parse(
      form === undefined ? JSON.parse(body) : typeof payload === "string" ? JSON.parse(payload) : form,
    );
  } catch {
    return undefined;
  }
}

const header = (request: Request, name: string): string => request.get(name) ?? "";

/** Of a command's answer, Slack shows the words only with a 200; other requests are marked or come again. */
const SILENT_STORE = "kinvirt's store does not answer, so nothing was done. Try again in a minute.";

/**
 * In front of everything else on Slack's path: what was not signed by Slack just now is refused before it is parsed, what
 * came before acts no second time. Without the store neither can be known, so then nothing is let in.
 */
export function verify(deps: Pick<Deps, "store" | "clock" | "log">, signingSecret: string): RequestHandler {
  return async (request, response, next) => {
    const arrivedMs = deps.clock.nowMs();
    const body = await rawBody(request);
    if (body === undefined) return void response.status(413).send();
    const timestamp = header(request, "x-slack-request-timestamp");
    const signature = header(request, "x-slack-signature");
    if (!signed(signingSecret, { timestamp, signature, body }, Math.floor(arrivedMs / 1000))) {
      deps.log.warn("slack.refused", { why: "signature" });
      return void response.status(401).send();
    }
    // Bolt compares the whole header; Slack and proxies may add a charset.
    const contentType = header(request, "content-type").split(";")[0]?.trim().toLowerCase() ?? "";
    request.headers["content-type"] = contentType;
    const said = contentOf(body.toString("utf8"), contentType);
    if (said === undefined) {
      deps.log.warn("slack.refused", { why: "content", contentType });
      return void response.status(400).send();
    }
    const dueMs = arrivedMs + ANSWER_MS_MAX;
    Object.assign(request, { rawBody: body, dueMs } satisfies Verified);
    const inTime = budget(deps.clock, dueMs);
    try {
      // It names one act of one person, whatever the number of times that Slack delivers it.
      const act = said.trigger_id ?? said.event_id;
      // In one moment: the store may write both at once.
      const [isNew, isFirst] = await inTime(
        Promise.all([
          firstTime(deps.store, `signature/${fingerprint(signature)}`),
          act === undefined || firstTime(deps.store, `act/${fingerprint(act)}`),
        ]),
      );
      if (!isNew) {
        deps.log.warn("slack.refused", { why: "replay" });
        return void response.status(401).send();
      }
      if (!isFirst) {
        deps.log.info("slack.repeated", { retry: header(request, "x-slack-retry-num") });
        return void response.status(200).send();
      }
    } catch (error) {
      deps.log.error("slack.store", { error: String(error) });
      return said.command !== undefined
        ? void response.status(200).json({ response_type: "ephemeral", text: SILENT_STORE })
        : void response.status(503).type("text/plain").send(SILENT_STORE);
    }
    next();
  };
}
