import { METRICS, type MetricName, type Metrics } from "../ports/metrics.ts";

/**
 * The most values of one metric, and the most metrics, in one line. Source:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
const VALUES_MAX = 100;

type Labels = Readonly<Record<string, string>>;

/** What was measured under one set of label values, by metric. */
interface Group {
  readonly labels: Labels;
  readonly values: Map<MetricName, number[]>;
}

export interface Emf {
  readonly metrics: Metrics;
  /** Writes what was measured since the last time; nothing, when nothing was. */
  flush(): void;
}

const unitOf = (name: MetricName): string => (name.endsWith("_seconds") ? "Seconds" : "Count");

/** Metrics of the same labels share a line: a dimension has one value in it. */
function line(namespace: string, atMs: number, { labels, values }: Group): string {
  const metrics = [...values.keys()].map((name) => ({ Name: name, Unit: unitOf(name) }));
  const directive = { Namespace: namespace, Dimensions: [Object.keys(labels)], Metrics: metrics };
  const aws = { Timestamp: atMs, CloudWatchMetrics: [directive] };
  return JSON.stringify({ _aws: aws, ...labels, ...Object.fromEntries(values) });
}

/**
 * CloudWatch's Embedded Metric Format: CloudWatch makes metrics of log lines, so that a function asks nobody while somebody
 * waits for it. `write` gets whole lines; `namespace` is the metrics'.
 */
export function emf(namespace: string, write: (line: string) => void): Emf {
  const groups = new Map<string, Group>();
  const flush = (): void => {
    const atMs = Date.now();
    for (const group of groups.values()) write(`${line(namespace, atMs, group)}\n`);
    groups.clear();
  };
  const add = (name: MetricName, labels: Labels, merge: (values: number[]) => number[]): void => {
    const key = JSON.stringify(METRICS[name].labels.map((label) => [label, labels[label]]));
    const group = groups.get(key) ?? { labels, values: new Map() };
    groups.set(key, group);
    const values = merge(group.values.get(name) ?? []);
    group.values.set(name, values);
    if (values.length >= VALUES_MAX) flush();
  };
  return {
    flush,
    metrics: {
      count: (name, labels) => add(name, labels, ([before = 0]) => [before + 1]),
      observe: (name, labels, value) => add(name, labels, (values) => [...values, value]),
      set: (name, labels, value) => add(name, labels, () => [value]),
    },
  };
}
