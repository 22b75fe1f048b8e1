import { emf } from "../../../shared/adapters/emf.ts";
import { prometheus } from "../../../shared/adapters/prometheus.ts";
import { METRICS, type Metrics } from "../../../shared/ports/metrics.ts";

// Goal: the same figures for Prometheus, which asks, and for CloudWatch, which reads lines: none is lost and none is doubled.
function measure(metrics: Metrics): void {
  metrics.count("kinvirt_requests_total", { action: "create", event: "request.asked" });
  metrics.count("kinvirt_requests_total", { action: "create", event: "request.asked" });
  metrics.set("kinvirt_clusters", { phase: "ready" }, 3);
  metrics.set("kinvirt_clusters", { phase: "ready" }, 2);
  metrics.observe("kinvirt_sweep_seconds", {}, 0.2);
  metrics.observe("kinvirt_sweep_seconds", {}, 40);
}

test("Prometheus: every metric with its words, and the figures", async () => {
  const { metrics, text, contentType } = prometheus();
  measure(metrics);
  const page = (await text()).split("\n");
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  for (const [name, { is, help }] of Object.entries(METRICS))
    expect(page).toEqual(expect.arrayContaining([`# HELP ${name} ${help}`, `# TYPE ${name} ${is}`]));
  expect(page).toEqual(
    expect.arrayContaining([
      'kinvirt_requests_total{action="create",event="request.asked"} 2',
      'kinvirt_clusters{phase="ready"} 2',
      'kinvirt_sweep_seconds_bucket{le="0.25"} 1',
      'kinvirt_sweep_seconds_bucket{le="+Inf"} 2',
      "kinvirt_sweep_seconds_count 2",
    ]),
  );
  expect(page.some((line) => line.startsWith("process_resident_memory_bytes "))).toBe(true);
});

function lines() {
  const written: string[] = [];
  const { metrics, flush } = emf("kinvirt/prod", (line) => void written.push(line));
  return { metrics, flush, parsed: () => written.map((line) => JSON.parse(line) as Record<string, unknown>), written };
}
const directive = (names: readonly (readonly [string, string])[], dimensions: readonly string[]) => ({
  _aws: {
    Timestamp: expect.any(Number),
    CloudWatchMetrics: [
      {
        Namespace: "kinvirt/prod",
        Dimensions: [dimensions],
        Metrics: names.map(([Name, Unit]) => ({ Name, Unit })),
      },
    ],
  },
});

test("CloudWatch: one line for each set of dimensions, once", () => {
  const { metrics, flush, parsed, written } = lines();
  measure(metrics);
  flush();
  flush();
  expect(written.every((line) => line.endsWith("}\n"))).toBe(true);
  expect(parsed()).toEqual([
    {
      ...directive([["kinvirt_requests_total", "Count"]], ["action", "event"]),
      ...{ action: "create", event: "request.asked", kinvirt_requests_total: [2] },
    },
    { ...directive([["kinvirt_clusters", "Count"]], ["phase"]), phase: "ready", kinvirt_clusters: [2] },
    { ...directive([["kinvirt_sweep_seconds", "Seconds"]], []), kinvirt_sweep_seconds: [0.2, 40] },
  ]);
});

test("CloudWatch: what has other labels is another figure", () => {
  const { metrics, flush, parsed } = lines();
  metrics.set("kinvirt_clusters", { phase: "ready" }, 2);
  metrics.set("kinvirt_clusters", { phase: "failed" }, 1);
  flush();
  expect(parsed().map((line) => [line["phase"], line["kinvirt_clusters"]])).toEqual([
    ["ready", [2]],
    ["failed", [1]],
  ]);
});

test("CloudWatch: no more values in a line than it reads, and all of them", () => {
  const { metrics, flush, parsed } = lines();
  for (let at = 0; at < 250; at += 1) metrics.observe("kinvirt_sweep_seconds", {}, at);
  flush();
  const values = parsed().map((line) => line["kinvirt_sweep_seconds"] as number[]);
  expect(values.map((one) => one.length)).toEqual([100, 100, 50]);
  expect(values.flat()).toEqual(Array.from({ length: 250 }, (_, at) => at));
});

test("CloudWatch: nothing measured, nothing written", () => {
  const { flush, written } = lines();
  flush();
  expect(written).toEqual([]);
});
