import { randomBytes } from "node:crypto";

/** Of a write that never was before, not even in a server that has come back with yesterday's state. */
export const newVersion = (): string => randomBytes(9).toString("base64url");
