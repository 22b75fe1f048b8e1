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
  roots: ["<rootDir>/test"],
  testPathIgnorePatterns: ["<rootDir>/test/lab/", ...(withBrowser ? [] : ["<rootDir>/test/browser/"])],
  // Test files share what they import, which Node itself reads: a file of its own world each costs as much again as its tests.
  // In processes, for some change directory or environment for a while.
  runner: ["jest-light-runner", { runtime: "child_process" }],
  setupFiles: ["<rootDir>/test/setup.cjs"],
  setupFilesAfterEnv: ["<rootDir>/test/deadlines.ts"],
};
