import { setImmediate as turn } from "node:timers/promises";
import { emf } from "../../shared/adapters/emf.ts";
import { lazy } from "../../shared/adapters/lazy.ts";
import { parametersBelow } from "../../shared/adapters/parameters.ts";
import type { Env } from "../clouds.ts";
import type { Composed } from "../compose.ts";
import { environment } from "../environment.ts";

export type Handler<Event, Answer> = (event: Event, context: object) => Promise<Answer>;

/** `/kinvirt/prod` -> `kinvirt/prod`: stages in one account have metrics of their own. */
export const namespaceOf = (env: Env): string => (env["KINVIRT_PARAMETERS"] ?? "").replace(/^\/+/, "") || "kinvirt";

/**
 * A function that a platform calls. It begins to start when it is loaded, and again with the next call when that failed: the
 * parameters may have been away. No secret is in the function's own environment, which people with few rights may read. What
 * a call has measured is written at its end: nobody could ask a function for it later.
 */
export function started<Event, Answer>(
  make: (composed: Composed) => Handler<Event, Answer>,
  env: Env = environment(),
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Handler<Event, Answer> {
  const { metrics, flush } = emf(namespaceOf(env), write);
  const handler = lazy(async () => {
    const path = env["KINVIRT_PARAMETERS"] ?? "";
    const asked = path === "" ? undefined : parametersBelow(path);
    // Once they are asked for, all that they lead to is loaded while they are on their way.
    const loaded = turn().then(() => import("./composed.ts"));
    const [parameters, { handlerOf }] = await Promise.all([asked, loaded]);
    return handlerOf(make, { env, metrics, parameters });
  });
  handler().catch(() => undefined);
  return async (event, context) => {
    try {
      return await (await handler())(event, context);
    } finally {
      flush();
    }
  };
}
