import { readdirSync, readFileSync } from "node:fs";
import { bullets, code, listed, message, moment, quote, table } from "../../../handlers/views/text.ts";
import { grouped, kindOf, kindWords, stepWords } from "../../../handlers/views/words.ts";
import { clusterGraph } from "../../../shared/cluster/graph.ts";
import { resolved, spec } from "../given.ts";

// Goal: every kind and step has words that people use, and text of others can neither act, nor break out, nor overflow.
const graph = clusterGraph({
  cluster: "k1",
  spec: spec(),
  resolved: resolved(),
  createdMs: 0,
  nowMs: () => 0,
  token: () => "",
});

test("every kind in the repository has words of its own, one and many", () => {
  const kinds = readdirSync("shared/resources").flatMap(
    (file) => /^ {2}kind: "([a-z-]+)",$/m.exec(readFileSync(`shared/resources/${file}`, "utf8"))?.[1] ?? [],
  );
  expect(kinds).toHaveLength(18);
  for (const kind of kinds) expect(kindWords(kind, 2)).toBe(`${kindWords(kind)}s`);
  expect([kindWords("recordset"), kindWords("recordset", 2)]).toEqual(["DNS name", "DNS names"]);
});

test("every step of a cluster is named after its kind and is in a group of its own", () => {
  for (const node of graph) expect([node.step, kindOf(node.step)]).toEqual([node.step, node.kind.kind]);
  const groups = grouped(graph.map((node) => node.step));
  expect(groups.map(({ group }) => group.name)).toEqual([
    "Network",
    "Addresses and DNS",
    "Load balancer",
    "Servers",
    "Storage",
    "Keys and credentials",
  ]);
  expect(groups.flatMap(({ steps }) => steps).toSorted()).toEqual(graph.map((node) => node.step).toSorted());
});

test("what an older version made is shown under its own name", () => {
  expect([kindWords("floating-carpet", 2), stepWords("floating-carpet/x")]).toEqual([
    "floating carpet",
    "floating carpet x",
  ]);
  expect(grouped(["floating-carpet/x", "network"]).map(({ group }) => group.name)).toEqual(["Network", "Other"]);
});

test.each([
  ["network", "network"],
  ["server/worker-1", "server worker-1"],
  ["dns/api", "DNS name api"],
  ["load-balancer/api", "load balancer api"],
  ["constructor", "constructor"],
])("step %s is %s", (step, words) => {
  expect(stepWords(step)).toBe(words);
});

test.each([
  ["a <b> & c", 300, "a &lt;b&gt; &amp; c"],
  ["`rm -rf`", 300, "'rm -rf'"],
  ["two\n\n lines\t", 300, "two lines"],
  ["abcdef", 6, "abcdef"],
  ["abcdefg", 6, "abcde…"],
  ["abc&def", 6, "abc…"],
  ["abc🚀def", 5, "abc…"],
  ["abc🚀def", 6, "abc🚀…"],
  ["\u202egnp.exe\u0007", 300, "gnp.exe"],
])("quote %j in %s", (text, max, quoted) => {
  expect(quote(text, max)).toBe(quoted);
  expect(code(text, max)).toBe(`\`${quoted}\``);
});

test("lists are cut where Slack would refuse them, and say how much is left", () => {
  expect(listed(["a", "b", "c"], 2)).toBe("a\nb\nand 1 more");
  expect(bullets(["a", "b"])).toBe("• a\n• b");
  const long = listed(Array.from({ length: 30 }, () => "x".repeat(500)));
  expect(long.split("\n").at(-1)).toBe("and 25 more");
  expect(listed(["x".repeat(5000), "y"])).toMatch(/^x{5000}\nand 1 more$/);
});

test("columns are as wide as their widest cell", () => {
  expect(
    table([
      ["quota", "needs"],
      ["cores", "6"],
      ["health monitor", "12"],
    ]),
  ).toBe("```\nquota           needs\ncores           6\nhealth monitor  12\n```");
});

test("a moment is everybody's own time, with UTC for who can't see it", () => {
  expect(moment(Date.UTC(2026, 0, 2, 3, 4, 5))).toBe(
    "<!date^1767323045^{date_short_pretty} at {time}|2026-01-02 03:04 UTC>",
  );
});

test("a message's text is its first line without formatting", () => {
  expect(message(":x: *dev* has stopped").text).toBe(":x: dev has stopped");
});
