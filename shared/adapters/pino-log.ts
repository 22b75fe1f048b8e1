import { AsyncLocalStorage } from "node:async_hooks";
import pino from "pino";
import type { Fields, Log } from "../ports/log.ts";
import { redaction } from "./redaction.ts";

interface PinoLogOptions {
  /** Standard output if left out. */
  readonly destination?: { write(line: string): void };
  /** Secrets by their own letters, to be masked wherever they turn up. */
  readonly secrets?: readonly string[];
}

/** One JSON line for each event, without a secret. */
export function pinoLog({ destination, secrets = [] }: PinoLogOptions = {}): Log {
  const about = new AsyncLocalStorage<Fields>();
  const clean = redaction(secrets);
  const options: pino.LoggerOptions = {
    base: null,
    messageKey: "event",
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }), log: clean },
  };
  const log = destination === undefined ? pino(options) : pino(options, destination);
  const all = (fields: Fields): Fields => ({ ...about.getStore(), ...fields });
  return {
    info: (event, fields = {}) => log.info(all(fields), event),
    warn: (event, fields = {}) => log.warn(all(fields), event),
    error: (event, fields = {}) => log.error(all(fields), event),
    during: (fields, work) => about.run(all(fields), work),
  };
}
