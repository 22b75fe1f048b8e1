export type Fields = Readonly<Record<string, unknown>>;

/** Structured and redacted: no field may hold a secret, and the adapter masks those that usually do. */
export interface Log {
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
  /** Every line that `work` causes carries these fields too, also those of the connections that it uses. */
  during?<T>(fields: Fields, work: () => Promise<T>): Promise<T>;
}

/** The same with any log: one that can't tell who causes a line leaves the fields out. */
export const during = <T>(log: Log, fields: Fields, work: () => Promise<T>): Promise<T> =>
  log.during === undefined ? work() : log.during(fields, work);
