import type { Env } from "./clouds.ts";

/** What the process was started with. */
export const environment = (): Env => process.env;
