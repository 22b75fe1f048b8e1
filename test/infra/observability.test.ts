import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { METRICS, type MetricName } from "../../shared/ports/metrics.ts";

// Goal: what a dashboard or an alert asks for is measured under that name and with those labels, what is measured is shown, told
// to operators and really reported somewhere, and no label can name a tenant or a person.
const NAMES = Object.keys(METRICS) as MetricName[];
const text = (path: string): string => readFileSync(path, "utf8");
const SUFFIX = /_(bucket|sum|count)$/;

interface Target {
  readonly expr: string;
  readonly legendFormat: string;
}
interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly Target[];
  }[];
}
const dashboard = JSON.parse(text("infra/grafana.json")) as Dashboard;
const shown = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}
const rules = (
  parse(text("infra/prometheus-rules.yaml")) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }
).groups.flatMap((group) => group.rules);

/** The series of a query: their names as Prometheus stores them, and the labels that the query asks of them. */
function asked(expr: string) {
  const series = [...expr.matchAll(/(kinvirt_\w+)(?:\{([^}]*)\})?/g)].map(([, name = "", matchers = ""]) => ({
    name,
    labels: [...matchers.matchAll(/(\w+)\s*=~?/g)].map(([, label = ""]) => label),
  }));
  const by = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = ""]) => labels.split(/,\s*/));
  return { series, by };
}

test.each([...shown, ...rules.map(({ expr }) => expr)])("%s", (expr) => {
  const { series, by } = asked(expr);
  expect(series.length).toBeGreaterThan(0);
  for (const { name, labels } of series) {
    const metric = METRICS[name.replace(SUFFIX, "") as MetricName];
    expect([name, metric]).toEqual([name, expect.objectContaining({})]);
    // A histogram has three series, none of which has its own name.
    expect([name, SUFFIX.test(name)]).toEqual([name, metric.is === "histogram"]);
    expect([...metric.labels, "job"]).toEqual(expect.arrayContaining(labels));
    expect([...metric.labels, ...(name.endsWith("_bucket") ? ["le"] : [])]).toEqual(expect.arrayContaining(by));
  }
});

test("the dashboard shows every metric and nothing else", () => {
  const names = shown.flatMap((expr) => asked(expr).series.map(({ name }) => name.replace(SUFFIX, "")));
  expect([...new Set(names)].sort()).toEqual([...NAMES].sort());
});

test("what a panel calls its lines are labels that it has", () => {
  for (const { targets } of dashboard.panels)
    for (const { expr, legendFormat } of targets)
      expect(asked(expr).by).toEqual(
        expect.arrayContaining([...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label)),
      );
});

test("no two panels are at one place", () => {
  const places = dashboard.panels.map(({ gridPos: { x, y } }) => `${x},${y}`);
  expect(new Set(places).size).toBe(places.length);
});

test("an alert says what is wrong and what to do", () => {
  for (const { alert, annotations } of rules)
    for (const key of ["summary", "action"])
      expect([alert, annotations[key]]).toEqual([alert, expect.stringMatching(/\.$/)]);
});

test("every metric is reported by the code", () => {
  const code = ["functions", "handlers", "shared/adapters"]
    .flatMap((top) => readdirSync(top, { recursive: true, encoding: "utf8" }).map((file) => join(top, file)))
    .filter((file) => file.endsWith(".ts"))
    .map(text)
    .join("\n");
  expect(NAMES.filter((name) => !code.includes(`"${name}"`))).toEqual([]);
});

test("operators are told of every metric, with its labels", () => {
  const rows = [...text("docs/operators.md").matchAll(/^\| `(kinvirt_\w+)` \| (\w+) \| ([^|]*) \|/gm)];
  const told = Object.fromEntries(
    rows.map(([, name = "", is, labels = ""]) => [name, [is, [...labels.matchAll(/`(\w+)`/g)].map(([, one]) => one)]]),
  );
  expect(told).toEqual(Object.fromEntries(NAMES.map((name) => [name, [METRICS[name].is, [...METRICS[name].labels]]])));
});

test("labels have few values, and nobody's name", () => {
  const labels = new Set(NAMES.flatMap((name): readonly string[] => METRICS[name].labels));
  expect([...labels].sort()).toEqual([
    "action",
    "event",
    "kind",
    "message",
    "method",
    "operation",
    "outcome",
    "phase",
    "result",
    "service",
    "state",
    "status",
  ]);
});
