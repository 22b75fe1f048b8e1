/** `npm test`: everything that needs no real cloud. Tests import TypeScript with its `.ts` ending, as Node does. */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testPathIgnorePatterns: ["<rootDir>/test/lab/"],
  setupFiles: ["<rootDir>/test/setup.cjs"],
  transform: {
    "^.+\\.[jt]s$": [
      "@swc/jest",
      { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  // Published as ES modules only, which Jest loads after a transform.
  transformIgnorePatterns: ["/node_modules/(?!(?:commander)/)"],
};
