import { AsyncLocalStorage } from "node:async_hooks";
import type { ServiceType } from "./errors.ts";

/** More than one call's three tries: what they get over by themselves opens nothing. */
const FAILURES = 5;
/** Longer than those tries wait in all (1.5 s), since sixteen calls side by side meet one hiccup sixteen times. */
const LASTS_MS = 3000;
/** What lies longer ago tells nothing about a service; a call that is not answered ends after 30 s. */
const APART_MS = 60_000;
const REST_MS = 5000;
/** As long as a cluster's own back-off: what is back is noticed no later because of this. */
const REST_MS_MAX = 60_000;
/** As long as a call may last: nobody else tries before the one that does has ended, or died. */
const TRIAL_MS = 30_000;

/** A service that is not asked now. */
export interface Silence {
  /** What became of the last call: the service's own words, or the connection's. */
  readonly fault: string;
  /** Since the first of the calls that it did not answer. */
  readonly silentSeconds: number;
  readonly nextSeconds: number;
}

/** A call that may be made, and must say how it ended. */
export interface Turn {
  /** Any answer but 502, 503 and 504: the service is there, also when it refuses or breaks over this very request. */
  answered(): void;
  failed(fault: string): void;
}

/** Circuit breakers of the services of one cloud. */
export interface Breaker {
  enter(service: ServiceType): Turn | Silence;
  /** Whether another try would be one too many. */
  rests(service: ServiceType): boolean;
}

interface BreakerOptions {
  nowMs(): number;
  /** A service is left alone for so many seconds; 0: it answers again. */
  told?(service: ServiceType, restSeconds: number, silentSeconds: number): void;
}

interface State {
  /** In a row. */
  failures: number;
  sinceMs: number;
  lastMs: number;
  /** How often it was left alone since it last answered. */
  rested: number;
  untilMs: number;
  fault: string;
}

const insistence = new AsyncLocalStorage<true>();

/**
 * For who looks on behalf of people: what `work` asks of a cloud is asked, also of a service that is left alone, once. Its
 * answer is everybody's.
 */
export const insisting = <T>(work: () => Promise<T>): Promise<T> => insistence.run(true, work);

const isOpen = (state: State | undefined): state is State => state !== undefined && state.rested > 0;

/**
 * A service that is away is left alone for 5 s, 10 s … 60 s; then one call is let through, and its end decides. So passes end
 * at once, instead of holding a connection and a worker each for as long as a call may last.
 */
export function breaker({ nowMs, told }: BreakerOptions): Breaker {
  const states = new Map<ServiceType, State>();
  const seconds = (ms: number): number => Math.max(0, Math.ceil(ms / 1000));

  function rest(service: ServiceType, state: State, fault: string): void {
    const restMs = Math.min(REST_MS_MAX, REST_MS * 2 ** state.rested);
    state.rested += 1;
    state.fault = fault;
    state.untilMs = nowMs() + restMs;
    told?.(service, restMs / 1000, seconds(nowMs() - state.sinceMs));
  }

  function count(service: ServiceType, begunMs: number, fault: string): void {
    const before = states.get(service);
    const now = nowMs();
    const row = before !== undefined && now - before.lastMs <= APART_MS ? before : undefined;
    const state = row ?? { failures: 0, sinceMs: begunMs, lastMs: now, rested: 0, untilMs: 0, fault };
    state.failures += 1;
    state.sinceMs = Math.min(state.sinceMs, begunMs);
    state.lastMs = now;
    states.set(service, state);
    if (state.failures >= FAILURES && now - state.sinceMs >= LASTS_MS) rest(service, state, fault);
  }

  return {
    rests(service) {
      const state = states.get(service);
      return isOpen(state) && nowMs() < state.untilMs;
    },
    enter(service) {
      const known = states.get(service);
      if (isOpen(known) && nowMs() - known.untilMs > APART_MS) states.delete(service);
      const state = states.get(service);
      const begunMs = nowMs();
      const rests = isOpen(state) && begunMs < state.untilMs;
      if (rests && insistence.getStore() === undefined) {
        const { fault, sinceMs, untilMs } = state;
        return { fault, silentSeconds: seconds(begunMs - sinceMs), nextSeconds: seconds(untilMs - begunMs) };
      }
      const trial = isOpen(state) && !rests;
      if (trial) state.untilMs = begunMs + TRIAL_MS;
      return {
        answered() {
          const left = states.get(service);
          states.delete(service);
          if (isOpen(left)) told?.(service, 0, seconds(nowMs() - left.sinceMs));
        },
        failed(fault) {
          const now = states.get(service);
          if (!isOpen(now)) count(service, begunMs, fault);
          // Calls that were under way when it was left alone, and those of who insists, say nothing new.
          else if (trial && now === state) rest(service, now, fault);
        },
      };
    },
  };
}
