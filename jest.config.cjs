const { existsSync } = require("node:fs");
const { availableParallelism } = require("node:os");

const browser = process.env.CHROMIUM ?? "/usr/bin/chromium";
const withBrowser = process.env.CHROMIUM !== undefined || existsSync(browser);
if (!withBrowser && process.env.JEST_WORKER_ID === undefined) {
  process.stderr.write(
    `No Chromium at ${browser}, so the tests of the page are left out. To run them: apt-get install chromium, or set CHROMIUM to where it is.\n`,
  );
}

/** `npm test`: everything that needs no real cloud. Tests import TypeScript with its `.ts` ending, as Node does. */
module.exports = {
  testEnvironment: "node",
  // Jest leaves one core free, which of two is half of them; and some tests mostly wait, for a browser or a server.
  maxWorkers: availableParallelism() + 1,
  // Finds what hangs; a busy machine is no failure.
  testTimeout: 30_000,
  roots: ["<rootDir>/test"],
  testPathIgnorePatterns: ["<rootDir>/test/lab/", ...(withBrowser ? [] : ["<rootDir>/test/browser/"])],
  setupFiles: ["<rootDir>/test/setup.cjs"],
  transform: {
    "^.+\\.c?[jt]s$": [
      "@swc/jest",
      { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  // Published as ES modules only, or with import() in them, which Jest loads after a transform.
  transformIgnorePatterns: ["/node_modules/(?!(?:commander|@opentelemetry/otlp-exporter-base)/)"],
};
