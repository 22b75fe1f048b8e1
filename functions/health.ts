import { wake } from "../handlers/wake.ts";
import type { Deps } from "../shared/ports/deps.ts";

/** A schedule's tick -> a look at each tenant, in functions of their own: none has to wait for another's cloud. */
export const healthFunction = (deps: Deps) => async (): Promise<void> => {
  for (const tenant of Object.keys(deps.config.tenants)) await wake(deps, { is: "health", tenant });
};
