/** Time and chance come in from outside, so a simulation owns both. */
export interface Clock {
  nowMs(): number;
  /**
   * Ends early when `signal` is aborted. Only adapters and the OpenStack client's retries wait; handlers answer `waiting`
   * and let the queue wake them.
   */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** How far it may be from the clocks of others that share the store; CLOCK_SKEW_MS if left out. */
  skewMs?(): number;
}

/**
 * How far the clocks of two processes that share a store may be apart where nothing better is known. Nothing is made or told
 * twice as long as it is no more.
 */
export const CLOCK_SKEW_MS = 60_000;

export interface Chance {
  /** `length` characters of `[a-z0-9]`, unguessable: ids of clusters and requests, lease holders, secrets. */
  token(length: number): string;
}
