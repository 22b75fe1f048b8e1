import { connections } from "../../functions/connections.ts";
import type { OpenStackError } from "../../shared/openstack/errors.ts";
import { failure, settings } from "../shared/openstack/fake-cloud.ts";

// Goal: tenants that reach one cloud in the same way find out together that a service of it is away; who reaches it otherwise asks
// for itself.
const NOBODY = "http://127.0.0.1:1/v3";

test("Keystone is away", async () => {
  let nowMs = 0;
  const clock = {
    nowMs: () => nowMs,
    wait: async (ms: number) => {
      nowMs += ms;
    },
  };
  const logged: unknown[] = [];
  const note = (event: string, fields: object = {}): void => void logged.push([event, fields]);
  const asked: string[] = [];
  const one = { ...settings, authUrl: NOBODY };
  const clouds = new Map([
    ["team-a", one],
    ["team-b", one],
    ["team-c", { ...one, interface: "internal" as const }],
  ]);
  const log = { info: note, warn: note, error: note };
  const { cloudOf, close } = connections(clouds, clock, { told: (tenant) => void asked.push(tenant), log });
  const silence = async (tenant: string) =>
    ((await failure(cloudOf(tenant).scope())) as OpenStackError).detail.silentSeconds;
  expect(await silence("team-a")).toBeUndefined();
  expect(await silence("team-a")).toBeUndefined();
  expect(asked).toHaveLength(6);
  expect(logged).toEqual([
    ["openstack.rests", { cloud: NOBODY, service: "identity", restSeconds: 5, silentSeconds: 3 }],
  ]);
  expect([await silence("team-b"), await silence("team-a"), asked.length]).toEqual([3, 3, 6]);
  expect(await silence("team-c")).toBeUndefined();
  expect(asked.slice(6)).toEqual(["team-c", "team-c", "team-c"]);
  await close();
});
