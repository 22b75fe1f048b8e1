import { Router } from "express";
import { insisting } from "../shared/openstack/breaker.ts";
import type { Deps } from "../shared/ports/deps.ts";
import { within } from "./within.ts";

const CHECK_MS_MAX = 5000;
const NO_SUCH_KEY = "health/none";

/** To whoever can reach this, a part is well or not; why not is for the log. */
const UNWELL = "not well: the log says why";

/** What each part said: `ok`, or that it is not. */
async function checks(deps: Deps): Promise<Readonly<Record<string, string>>> {
  const said = async (part: string, work: () => Promise<unknown>): Promise<string> => {
    try {
      await within(deps.clock, CHECK_MS_MAX, work());
      return "ok";
    } catch (error) {
      deps.log.warn("health.unwell", { part, error: String(error) });
      return UNWELL;
    }
  };
  const parts: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["store", () => deps.store.get(NO_SUCH_KEY)],
    // A sweep is always welcome, and only a queue that works takes it.
    ["queue", () => deps.queue.enqueue({ is: "sweep" }, 0)],
    ...Object.keys(deps.config.tenants).map(
      (tenant) => [`cloud of ${tenant}`, () => insisting(() => deps.cloudOf(tenant).scope())] as const,
    ),
  ];
  return Object.fromEntries(
    await Promise.all(parts.map(async ([name, work]) => [name, await said(name, work)] as const)),
  );
}

/** `GET /healthz`: this process answers. `GET /readyz`: the store, the queue and each tenant's cloud answer too, else 503. */
export function health(deps: Deps): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => void response.json({ ok: true }));
  router.get("/readyz", async (_request, response) => {
    const parts = await checks(deps);
    const ok = Object.values(parts).every((one) => one === "ok");
    response.status(ok ? 200 : 503).json({ ok, parts });
  });
  return router;
}
