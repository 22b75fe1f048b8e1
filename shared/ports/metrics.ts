/** What is measured, in Prometheus' words. No label names a tenant, a cluster or a person: what can be read is no secret. */
interface Metric {
  readonly is: "counter" | "histogram" | "gauge";
  /** What one value means. The unit is in the name: `_seconds`, or a number of things. */
  readonly help: string;
  /** Each has a handful of values, which the code or OpenStack's services know beforehand. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
}

const CALL = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const WORK = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 90];
const LIFE = [5, 15, 30, 60, 120, 180, 300, 420, 600, 900, 1200, 1800, 3600];

export const METRICS = {
  kinvirt_reconcile_seconds: {
    is: "histogram",
    help: "One pass over one cluster, by what is being done and how the pass ended: done, waiting, blocked or failed.",
    labels: ["operation", "outcome"],
    buckets: WORK,
  },
  kinvirt_operation_seconds: {
    is: "histogram",
    help: "From the begin of an operation to its end: of a create, the time until the cluster is ready.",
    labels: ["operation"],
    buckets: LIFE,
  },
  kinvirt_step_seconds: {
    is: "histogram",
    help: "From the call that makes a resource until it can be used, by its kind, told when its cluster is ready.",
    labels: ["kind"],
    buckets: LIFE,
  },
  kinvirt_openstack_call_seconds: {
    is: "histogram",
    help: "One request to OpenStack, each try by itself. The status is 2xx, 3xx, 4xx, 5xx or none, when no answer came.",
    labels: ["service", "method", "status"],
    buckets: CALL,
  },
  kinvirt_slack_call_seconds: {
    is: "histogram",
    help: "One call of Slack's API: ok, ratelimited (HTTP 429, or not sent while Slack rests), refused or no_answer.",
    labels: ["method", "result"],
    buckets: CALL,
  },
  kinvirt_queue_wait_seconds: {
    is: "histogram",
    help: "How long after its time a message was taken; with SQS, of messages that come for the first time.",
    labels: ["message"],
    buckets: WORK,
  },
  kinvirt_message_seconds: {
    is: "histogram",
    help: "The work of one message, by what it asks for and whether it ended in an error.",
    labels: ["message", "result"],
    buckets: WORK,
  },
  kinvirt_requests_total: {
    is: "counter",
    help: "What happened to people's requests, in the audit's words: request.asked, decision.deny, request.expired.",
    labels: ["action", "event"],
  },
  kinvirt_clusters: {
    is: "gauge",
    help: "Clusters by phase, as the last sweep saw them.",
    labels: ["phase"],
  },
  kinvirt_alerts: {
    is: "gauge",
    help: "Alerts that people were told of and that are not over, by state, as the last sweep saw them.",
    labels: ["state"],
  },
  kinvirt_late_resources_total: {
    is: "counter",
    help: "Resources that came when the delete of their cluster had ended, by kind. They were removed.",
    labels: ["kind"],
  },
  kinvirt_sweep_seconds: {
    is: "histogram",
    help: "One sweep over all records.",
    labels: [],
    buckets: WORK,
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;
type Named<Is extends Metric["is"]> = {
  [N in MetricName]: (typeof METRICS)[N]["is"] extends Is ? N : never;
}[MetricName];
type LabelsOf<N extends MetricName> = Readonly<Record<(typeof METRICS)[N]["labels"][number], string>>;

/** Takes figures and answers nothing: measuring never fails, waits, or changes what is measured. */
export interface Metrics {
  count<N extends Named<"counter">>(name: N, labels: LabelsOf<N>): void;
  /** `value` in the unit of the name. */
  observe<N extends Named<"histogram">>(name: N, labels: LabelsOf<N>, value: number): void;
  set<N extends Named<"gauge">>(name: N, labels: LabelsOf<N>, value: number): void;
}
