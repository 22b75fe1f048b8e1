/** What a person may ask that only a cloud can answer. */
export const QUESTIONS = ["lb", "dns", "storage", "kms", "nodes", "events", "status", "doctor", "quota"] as const;

/** What wakes a handler. A hint only: the store is the truth, and a lost message costs a sweep and no more. */
export type Message =
  /** `tenant`: whose it is, for a queue that is fair to all of them. */
  | { readonly is: "plan"; readonly request: string; readonly tenant?: string }
  /** `cluster` is `<tenant>/<name>`. */
  | { readonly is: "reconcile"; readonly cluster: string }
  /** What is gone is looked at once more. `cluster` is `<tenant>/<id>`: the name may be another's by now. */
  | { readonly is: "grave"; readonly cluster: string }
  /** A question whose answer needs the cloud: answered to the person who asked, in the channel where it was asked. */
  | {
      readonly is: "ask";
      readonly what: (typeof QUESTIONS)[number];
      /** `<tenant>/<name>`, or `<tenant>/` for all of the team's. */
      readonly cluster: string;
      /** One of what was asked for: a load balancer, a name. */
      readonly only?: string;
      /** Id of the cluster that was meant: nothing is told of another one of the same name. */
      readonly id?: string;
      /** The answer is for everybody in the channel, once by this key. */
      readonly post?: string;
      readonly channel: string;
      readonly user: string;
    }
  /** A form's preview that a slow cloud still owes; by the id of the form's view. */
  | { readonly is: "form"; readonly form: string }
  /** A person's home tab shows what has changed. */
  | { readonly is: "home"; readonly user: string }
  /** A look at how a tenant's clusters are. */
  | { readonly is: "health"; readonly tenant: string }
  | { readonly is: "sweep" };

/** At least once, in no particular order: every reader must bear a message that comes twice, late, or never. */
export interface Queue {
  /**
   * `afterSeconds` may be a fraction; adapters with a coarser clock round up. `traceparent` says who sends it and is no part
   * of the message: where equal messages become one, it is the first's.
   */
  enqueue(message: Message, afterSeconds: number, traceparent?: string): Promise<void>;
  close(): Promise<void>;
}

/** Handles one message. `lateMs`: how long after its time it was taken, where the queue can tell. */
export type Handle = (message: Message, lateMs?: number, traceparent?: string) => Promise<void>;

/** How a process takes messages; where functions are, SQS calls one with them instead. */
export interface QueueWorker {
  /** Hands due messages to `handle`, several at once; a message whose handler throws comes again later. */
  start(handle: Handle): void;
  /** Takes no more, and resolves when the running handlers have ended. */
  stop(): Promise<void>;
}
