import { addEventHandler, getState } from "jest-circus";

/**
 * The runner that shares its modules between test files has no deadlines of its own (jest-light-runner, `runTest`), and one that
 * hangs would hang everything: each test and hook gets its own, and `jest.setTimeout` says another for its file.
 */
let usualMs = 30_000;
const ofFile = new WeakMap<object, number>();

/** Where everything takes longer. */
export function usually(ms: number): void {
  usualMs = ms;
}

type Run = () => unknown;

const within = (run: Run, what: string, own: number | undefined) => async () => {
  const ms = own ?? ofFile.get(getState().rootDescribeBlock) ?? usualMs;
  const { promise, reject } = Promise.withResolvers<never>();
  const late = setTimeout(() => reject(new Error(`${what} takes longer than ${ms / 1000} s`)), ms);
  try {
    return await Promise.race([run(), promise]);
  } finally {
    clearTimeout(late);
  }
};

addEventHandler((event, { currentDescribeBlock }) => {
  if (event.name === "add_test") {
    const added = currentDescribeBlock.children.at(-1);
    if (added?.type === "test" && added.fn) added.fn = within(added.fn as Run, `"${event.testName}"`, event.timeout);
  } else if (event.name === "add_hook") {
    const added = currentDescribeBlock.hooks.at(-1);
    if (added !== undefined) added.fn = within(added.fn as Run, event.hookType, event.timeout);
  }
});

jest.setTimeout = (ms) => {
  ofFile.set(getState().rootDescribeBlock, ms);
  return jest;
};
