const base = require("./jest.config.cjs");

/** `OS_CLOUD=team-a npm run contract`: the scenarios of all kinds on the sandbox and on a real OpenStack, side by side. */
module.exports = {
  ...base,
  testMatch: [
    "<rootDir>/test/conformance/*.sandbox.test.ts",
    ...(process.env.OS_CLOUD === undefined ? [] : ["<rootDir>/test/contract/**/*.contract.ts"]),
  ],
  setupFilesAfterEnv: [...base.setupFilesAfterEnv, "<rootDir>/test/contract/deadlines.ts"],
  maxWorkers: 1,
  reporters: ["default", "<rootDir>/test/contract/reporter.cjs"],
};
