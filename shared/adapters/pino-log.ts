import pino from "pino";
import type { Log } from "../ports/log.ts";

/** Names of fields that usually hold a secret, at the top and one level down. */
const SECRETS = [
  "token",
  "password",
  "secret",
  "authorization",
  "signature",
  "user_data",
  "userData",
  "payload",
  "credential",
];

const MASK = "***";

/** One JSON line for each event. `destination` is standard output if left out. */
export function pinoLog(destination?: { write(line: string): void }): Log {
  const options: pino.LoggerOptions = {
    base: null,
    messageKey: "event",
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: MASK },
  };
  const log = destination === undefined ? pino(options) : pino(options, destination);
  return {
    info: (event, fields = {}) => log.info(fields, event),
    warn: (event, fields = {}) => log.warn(fields, event),
    error: (event, fields = {}) => log.error(fields, event),
  };
}
