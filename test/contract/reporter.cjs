const { DIFFERENCES } = require("../conformance/contract/differences.ts");

/** Prints, for each kind and scenario, what the sandbox and the real cloud did. The suites' names begin with the column. */
const COLUMNS = ["sandbox", "lab"];
const WORDS = { passed: "ok", failed: "FAILED", pending: "skipped" };

module.exports = class Reporter {
  constructor() {
    this.rows = new Map();
  }

  onTestResult(_test, result) {
    for (const { ancestorTitles, title, status, duration } of result.testResults) {
      const [column, ...name] = (ancestorTitles[0] ?? "").split(" ");
      if (!COLUMNS.includes(column)) continue;
      const key = `${name.join(" ")}: ${title}`;
      const seconds = column === "lab" ? ` ${((duration ?? 0) / 1000).toFixed(1)} s` : "";
      this.rows.set(key, { ...this.rows.get(key), [column]: `${WORDS[status] ?? status}${seconds}` });
    }
  }

  onRunComplete() {
    const width = Math.max(...[...this.rows.keys()].map((key) => key.length), 4);
    const line = (name, cells) =>
      `${name.padEnd(width)}  ${cells.map((cell) => (cell ?? "-").padEnd(14)).join("")}`.trimEnd();
    const table = [...this.rows].map(([key, row]) =>
      line(
        key,
        COLUMNS.map((column) => row[column]),
      ),
    );
    process.stdout.write(`\n${[line("case", COLUMNS), ...table].join("\n")}\n`);
    for (const { suite, name, why } of DIFFERENCES)
      process.stdout.write(`\nknown to differ: ${suite}: ${name}: ${why}\n`);
    if (process.env.OS_CLOUD === undefined) {
      process.stdout.write(
        "\nOS_CLOUD is not set, so this ran on the sandbox only. OS_CLOUD=team-a npm run contract compares it with a real cloud.\n",
      );
    }
  }
};
