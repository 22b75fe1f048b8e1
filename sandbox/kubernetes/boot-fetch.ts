import type { HttpResponse } from "../../shared/openstack/send.ts";
import type { BootGround, Machine } from "./boot.ts";

const HTTP_MS = 120_000;
const RETRY_MS = 5000;
/** `curl --retry 30 --retry-delay 5`. */
const RETRIES = 30;

export type Wait = (ms: number) => Promise<void>;

/** `curl --fail --retry-all-errors`. */
export async function fetched(
  { send, say }: BootGround,
  wait: Wait,
  machine: Machine,
  request: { method: string; url: string; headers: Record<string, string>; body?: string },
): Promise<HttpResponse> {
  for (let turn = 0; ; turn++) {
    const answer = await send({ ...request, timeoutMs: HTTP_MS }).catch((error: unknown) => String(error));
    if (typeof answer !== "string" && answer.status < 400) return answer;
    const why =
      typeof answer === "string"
        ? `curl: (7) ${answer}`
        : `curl: (22) The requested URL returned error: ${answer.status}`;
    if (turn === 0) say(why);
    if (turn === RETRIES || !machine.runs()) throw new Error(why);
    await wait(RETRY_MS);
  }
}
