import type { ServiceType } from "../../shared/openstack/errors.ts";
import type { Random } from "./random.ts";

/** Which calls a fault is for; what is left out matches everything. */
export interface Pattern {
  readonly service?: ServiceType;
  readonly method?: string;
  /** Matched against the path below the service's endpoint: `/v2.0/networks`. */
  readonly path?: RegExp;
  /** A project's name. */
  readonly project?: string;
  /** The first matching call that is hit, counted from 1. */
  readonly nth?: number;
  /** How many calls are hit from there on; 1 unless told. */
  readonly times?: number;
}

/**
 * - lost-before: the connection breaks and the call had no effect
 * - lost-after: the call has its effect and the answer is lost
 * - late: the answer is lost, and the call has its effect so much later, as when RabbitMQ or the database stood still
 * - refused: nobody listens
 * - an answer: the service answers so and does nothing
 * - slow: the answer takes this long; a caller that waits less loses it
 */
export type CallFault =
  | { readonly is: "lost-before" | "lost-after" | "refused" }
  | { readonly is: "answer"; readonly status: number; readonly message: string; readonly retryAfterSeconds?: number }
  | { readonly is: "slow" | "late"; readonly ms: number };

export interface CallSeen {
  readonly service: ServiceType;
  readonly method: string;
  readonly path: string;
  readonly project: string;
}

/** Everything that can be made to go wrong. Without a request for it, nothing does. */
export interface Faults {
  /** Each call from now on is lost before or after its effect with these probabilities. */
  lose(probability: { readonly before: number; readonly after: number }): void;
  /** The calls of this pattern fail so. The function that comes back ends it. */
  on(pattern: Pattern, fault: CallFault): () => void;
  /** A service that answers 503, or refuses connections, until the function that comes back is called. */
  down(service: ServiceType, how?: "503" | "refused"): () => void;
  /** The next `times` resources of this type (a table's name) whose creation ends go to ERROR with this text. */
  break(type: string, message: string, times?: number, name?: RegExp): void;
  /** Each resource of this type goes to ERROR with this probability. */
  breakSome(type: string, probability: number, message: string): void;
  /**
   * What Nova says to a host is lost with these probabilities. What was to be built stays in BUILD and has no host. Over a
   * delete its host dies, which Nova sees a minute later (`service_down_time`): a DELETE that comes again before is ignored.
   */
  forget(probability: { readonly build: number; readonly remove: number }): void;
  /** Load-balancer members of these names fail the probes of their health monitors until what comes back is called. */
  sicken(member: RegExp): () => void;
  /** Resources are absent from listings for this long after their creation; of one type, or of all. */
  lag(ms: number, type?: string): void;
  /** What resources of this type wait for takes this many times as long. */
  stretch(type: string, times: number): void;
  /** Back to a cloud where nothing goes wrong. */
  clear(): void;

  /** For the door: what befalls this call. */
  befalls(call: CallSeen): CallFault | undefined;
  /** For services: the fault text if this resource is to fail now. */
  broken(type: string, name: string): string | undefined;
  /** For Nova: whether this message is lost. */
  forgets(what: "build" | "remove"): boolean;
  /** For services: how many times as long it takes. */
  stretched(type: string): number;
  /** For load balancers. */
  sick(member: string): boolean;
  /** For tables. */
  hiddenMs(type: string): number;
}

interface Planned {
  readonly pattern: Pattern;
  readonly fault: CallFault;
  seen: number;
}

const matches = (pattern: Pattern, call: CallSeen): boolean =>
  (pattern.service === undefined || pattern.service === call.service) &&
  (pattern.method === undefined || pattern.method === call.method) &&
  (pattern.project === undefined || pattern.project === call.project) &&
  (pattern.path === undefined || pattern.path.test(call.path));

export function faults(random: Random): Faults {
  const planned = new Set<Planned>();
  let breaks: { readonly type: string; readonly message: string; readonly name?: RegExp | undefined; left: number }[] =
    [];
  const some = new Map<string, { readonly probability: number; readonly message: string }>();
  const lags = new Map<string, number>();
  const stretches = new Map<string, number>();
  const sick = new Set<RegExp>();
  let loss = { before: 0, after: 0 };
  const forgotten = { build: 0, remove: 0 };
  const on = (pattern: Pattern, fault: CallFault) => {
    const plan = { pattern, fault, seen: 0 };
    planned.add(plan);
    return () => void planned.delete(plan);
  };
  return {
    lose(probability) {
      loss = probability;
    },
    on,
    down: (service, how = "503") =>
      on(
        { service, times: Number.POSITIVE_INFINITY },
        how === "refused" ? { is: "refused" } : { is: "answer", status: 503, message: "Service Unavailable" },
      ),
    break: (type, message, times = 1, name = undefined) => void breaks.push({ type, message, name, left: times }),
    breakSome: (type, probability, message) => void some.set(type, { probability, message }),
    forget: (probability) => void Object.assign(forgotten, probability),
    sicken(member) {
      sick.add(member);
      return () => void sick.delete(member);
    },
    lag: (ms, type = "") => void lags.set(type, ms),
    stretch: (type, times) => void stretches.set(type, times),
    clear() {
      planned.clear();
      breaks = [];
      some.clear();
      lags.clear();
      sick.clear();
      stretches.clear();
      loss = { before: 0, after: 0 };
      Object.assign(forgotten, { build: 0, remove: 0 });
    },
    befalls(call) {
      for (const plan of planned) {
        if (!matches(plan.pattern, call)) continue;
        plan.seen += 1;
        const first = plan.pattern.nth ?? 1;
        if (plan.seen >= first && plan.seen < first + (plan.pattern.times ?? 1)) return plan.fault;
      }
      if (loss.before > 0 && random.next() < loss.before) return { is: "lost-before" };
      return loss.after > 0 && random.next() < loss.after ? { is: "lost-after" } : undefined;
    },
    broken(type, name) {
      const due = breaks.find((b) => b.type === type && b.left > 0 && (b.name === undefined || b.name.test(name)));
      if (due !== undefined) {
        due.left -= 1;
        return due.message;
      }
      const chance = some.get(type);
      return chance !== undefined && random.next() < chance.probability ? chance.message : undefined;
    },
    forgets: (what) => forgotten[what] > 0 && random.next() < forgotten[what],
    stretched: (type) => stretches.get(type) ?? 1,
    sick: (member) => [...sick].some((name) => name.test(member)),
    hiddenMs: (type) => lags.get(type) ?? lags.get("") ?? 0,
  };
}
