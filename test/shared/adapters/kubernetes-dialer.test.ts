import { kubernetesDialer } from "../../../shared/adapters/kubernetes-dialer.ts";
import type { KubernetesAccess } from "../../../shared/kubernetes/send.ts";

// Goal: a connection and what it takes to open one are kept no longer than their certificate is good for, and never after a
// failure; how many clusters there are costs memory within bounds.
const MINUTE_MS = 60_000;

function start() {
  let nowMs = 0;
  const asked: string[] = [];
  const closed: string[] = [];
  const dialer = kubernetesDialer({
    nowMs: () => nowMs,
    dial: ({ address }) =>
      Object.assign(async () => ({ status: 200, body: "" }), { close: async () => void closed.push(address) }),
  });
  const access = (key: string) => async (): Promise<KubernetesAccess> => {
    asked.push(key);
    return { address: key, port: 6443, serverName: "api", ca: "", certificate: "", key: "" };
  };
  return {
    dialer,
    asked,
    closed,
    connect: (key = "a") => dialer.connect(key, access(key)),
    pass: (minutes: number) => {
      nowMs += minutes * MINUTE_MS;
    },
  };
}

test("a connection is kept for ten minutes, and its certificate for the next ones", async () => {
  const { connect, asked, closed, pass } = start();
  expect(await connect()).toBe(await connect());
  pass(11);
  await connect();
  await Promise.resolve();
  expect([asked, closed]).toEqual([["a"], ["a"]]);
  pass(33);
  await connect();
  expect(asked).toEqual(["a"]);
});

test("no connection outlives the hour of its certificate", async () => {
  const { connect, asked, pass } = start();
  await connect();
  pass(44);
  await connect();
  pass(9);
  await connect();
  expect(asked).toEqual(["a"]);
  pass(2);
  await connect();
  expect(asked).toEqual(["a", "a"]);
});

test("what could not be had is asked for again", async () => {
  const { connect, dialer } = start();
  await expect(dialer.connect("a", () => Promise.reject(new Error("Barbican is away")))).rejects.toThrow("away");
  await expect(connect()).resolves.toBeInstanceOf(Function);
});

test("many clusters share the connections there may be, and each is asked for once", async () => {
  const { connect, asked, closed } = start();
  for (let round = 0; round < 2; round += 1) for (let at = 0; at < 300; at += 1) await connect(`k${at}`);
  expect(asked).toHaveLength(300);
  expect(closed.length).toBeGreaterThanOrEqual(300);
});
