import { AsyncLocalStorage } from "node:async_hooks";
import pino from "pino";
import type { Fields, Log } from "../ports/log.ts";
import { redaction } from "./redaction.ts";

interface PinoLogOptions {
  /** Standard output if left out. */
  readonly destination?: { write(line: string): void };
  /** Secrets by their own letters, to be masked wherever they turn up. */
  readonly secrets?: readonly string[];
  /** What every line carries besides, at the moment that it is written: the trace of what goes on. */
  readonly ids?: () => Fields;
}

/** One JSON line for each event, without a secret. */
export function pinoLog({ destination, secrets = [], ids = () => ({}) }: PinoLogOptions = {}): Log {
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
  const line = (fields: Fields): Fields => ({ ...all(fields), ...ids() });
  return {
    info: (event, fields = {}) => log.info(line(fields), event),
    warn: (event, fields = {}) => log.warn(line(fields), event),
    error: (event, fields = {}) => log.error(line(fields), event),
    during: (fields, work) => about.run(all(fields), work),
  };
}
