/** Time and chance come in from outside, so a simulation owns both. */
export interface Clock {
  nowMs(): number;
  /**
   * Ends early when `signal` is aborted. Only adapters and the OpenStack client's retries wait; handlers answer `waiting`
   * and let the queue wake them.
   */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Chance {
  /** `length` characters of `[a-z0-9]`, unguessable: ids of clusters and requests, lease holders, secrets. */
  token(length: number): string;
}
