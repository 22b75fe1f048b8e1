import { among, type Mutant } from "./mutant.ts";

const tests = ["test/handlers/work/alive.test.ts"];

/** What becomes of a process that dies, and of what it held. */
export const processes: readonly Mutant[] = [
  ...among({ file: "handlers/work/alive.ts", tests }, [
    {
      name: "a process whose beats don't arrive is taken for dead",
      find: "clock.nowMs() - life.saidMs < DEAD_MS - BEAT_MS",
      replace: "clock.nowMs() - life.saidMs < Number.POSITIVE_INFINITY",
    },
    {
      name: "who was alive once lives for ever",
      find: "(before.dead || clock.nowMs() - before.atMs < ASKED_MS)",
      replace: "clock.nowMs() - before.atMs < Number.POSITIVE_INFINITY",
    },
  ]),
  ...among({ file: "handlers/work/lease.ts", tests }, [
    {
      name: "what a dead process held is waited for",
      find: "(await hasDied(deps, other))) taken = await take(other);",
      replace: "(await hasDied(deps, other))) taken = await take();",
    },
    {
      name: "what a process that lives holds is taken",
      find: "(await hasDied(deps, other))) taken = await take(other);",
      replace: "other.length > 0) taken = await take(other);",
    },
  ]),
  ...among({ file: "shared/state/processes.ts", tests }, [
    {
      name: "who is dead is judged by one's own clock",
      find: "if (store.clockMs !== undefined) return store.clockMs();\n  return clock.skewMs?.() === 0 ? clock.nowMs() : undefined;",
      replace: "return store.clockMs === undefined && clock.skewMs?.() !== 0 ? undefined : clock.nowMs();",
    },
    {
      name: "where no clock is everybody's a process is dead by one's own",
      find: "return clock.skewMs?.() === 0 ? clock.nowMs() : undefined;",
      replace: "return clock.nowMs();",
    },
  ]),
  ...among({ file: "shared/adapters/undici-send.ts", tests: ["test/shared/adapters/undici-send.test.ts"] }, [
    {
      name: "a cloud is reached past the proxy",
      find: "proxies === undefined ? new Agent",
      replace: "true ? new Agent",
    },
    { name: "NO_PROXY is for others", find: "...proxies, requestTls", replace: "...proxies, noProxy: '', requestTls" },
  ]),
  ...among({ file: "shared/adapters/socket-mode.ts", tests: ["test/functions/socket.test.ts"] }, [
    {
      name: "Slack is reached past the proxy",
      only: "proxy",
      find: "proxies === undefined\n",
      replace: "proxies !== null\n",
    },
  ]),
];
