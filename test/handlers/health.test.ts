import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { health } from "../../handlers/health.ts";
import { memoryQueue } from "../../shared/adapters/memory-queue.ts";
import { memoryStore } from "../../shared/adapters/memory-store.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { StoreError } from "../../shared/ports/store.ts";
import { desk } from "./desk.ts";

// Goal: a process that can't work says so, which part of it, and in time; one that can is never called dead.
const well = { cloudOf: () => ({ scope: async () => ({}) }) as never };

async function asked(
  path: string,
  over: Partial<Deps>,
  during: (pass: (ms: number) => void) => void = () => undefined,
) {
  const inside = desk({ ...well, ...over });
  const server = express().use(health(inside.deps)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  const ticking = setInterval(() => during(inside.clock.pass), 5);
  const { status, body } = await answer.then(async (one) => ({ status: one.status, body: await one.json() }));
  clearInterval(ticking);
  server.close();
  server.closeAllConnections();
  return { status, body };
}

const parts = { store: "ok", queue: "ok", "cloud of team-a": "ok", "cloud of team-b": "ok" };

test("all is well", async () => {
  expect(await asked("/readyz", {})).toEqual({ status: 200, body: { ok: true, parts } });
  expect(await asked("/healthz", {})).toEqual({ status: 200, body: { ok: true } });
});

const clock = { nowMs: () => 0, wait: async () => undefined };
const unwell = "not well: the log says why";
test.each<[string, string, Partial<Deps>]>([
  [
    "store",
    "store: disk full",
    { store: { ...memoryStore(() => 0), get: () => Promise.reject(new StoreError("store: disk full")) } },
  ],
  [
    "queue",
    "queue: refused",
    { queue: { ...memoryQueue({ clock }), enqueue: () => Promise.reject(new Error("queue: refused")) } },
  ],
])("the %s is down: not ready, alive all the same", async (part, why, over) => {
  const warned: unknown[] = [];
  const quiet = () => undefined;
  const log = {
    info: quiet,
    error: quiet,
    warn: (event: string, fields = {}) => void warned.push({ event, ...fields }),
  };
  const body = { ok: false, parts: { ...parts, [part]: unwell } };
  expect(await asked("/readyz", { ...over, log })).toEqual({ status: 503, body });
  expect(warned).toEqual([{ event: "health.unwell", part, error: expect.stringContaining(why) }]);
  expect(await asked("/healthz", over)).toEqual({ status: 200, body: { ok: true } });
});

test("one tenant's cloud is down: which one is said", async () => {
  const cloudOf = (tenant: string) =>
    ({
      scope: () => (tenant === "team-b" ? Promise.reject(new Error("identity: 401 denied")) : Promise.resolve({})),
    }) as never;
  const body = { ok: false, parts: { ...parts, "cloud of team-b": unwell } };
  expect(await asked("/readyz", { cloudOf })).toEqual({ status: 503, body });
});

test("a cloud that never answers is given up after five seconds", async () => {
  const cloudOf = () => ({ scope: () => new Promise(() => undefined) }) as never;
  const { status, body } = await asked("/readyz", { cloudOf }, (pass) => pass(1000));
  expect({ status, body }).toEqual({
    status: 503,
    body: { ok: false, parts: { ...parts, "cloud of team-a": unwell, "cloud of team-b": unwell } },
  });
});
