const base = require("./jest.config.cjs");

/** `OS_CLOUD=team-a npm run e2e:lab`: whole lives on a real OpenStack, through signed requests. */
module.exports = {
  ...base,
  roots: ["<rootDir>/test/lab"],
  testPathIgnorePatterns: [],
  setupFilesAfterEnv: [...base.setupFilesAfterEnv, "<rootDir>/test/lab/deadlines.ts"],
  maxWorkers: 1,
};
