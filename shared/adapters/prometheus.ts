import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { METRICS, type Metrics } from "../ports/metrics.ts";

export interface Prometheus {
  readonly metrics: Metrics;
  readonly contentType: string;
  /** All figures since the process began, in Prometheus' text format; those of Node.js itself among them. */
  text(): Promise<string>;
}

/** One registry for one process. */
export function prometheus(): Prometheus {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, metric] of Object.entries(METRICS)) {
    const options = { name, help: metric.help, labelNames: [...metric.labels], registers };
    if (metric.is === "counter") counters.set(name, new Counter(options));
    else if (metric.is === "gauge") gauges.set(name, new Gauge(options));
    else histograms.set(name, new Histogram({ ...options, buckets: [...metric.buckets] }));
  }
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    metrics: {
      count: (name, labels) => counters.get(name)?.inc(labels),
      observe: (name, labels, value) => histograms.get(name)?.observe(labels, value),
      set: (name, labels, value) => gauges.get(name)?.set(labels, value),
    },
  };
}
