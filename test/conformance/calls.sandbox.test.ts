import { clientCalls, isLike } from "./contract/client-calls.ts";
import { suites } from "./contract/index.ts";
import { recorded } from "./contract/suite.ts";

// Goal: no call of the client is without a case that knows what a real OpenStack answers to it.
test("every call that the client can make is in a case of the contract", async () => {
  const calls = await clientCalls();
  const asked = Object.keys(suites).flatMap((suite) => Object.values(recorded(suite)).flat());
  expect(calls.length).toBeGreaterThan(100);
  expect(calls.filter((call) => !asked.some(({ ask }) => isLike(call, ask)))).toEqual([]);
});

test("a call is like its template, and like no other", () => {
  expect(isLike("dns GET /zones/:0/recordsets", "dns GET /zones/{1}/recordsets?limit=1")).toBe(true);
  expect(isLike("dns GET /zones/:0/recordsets", "dns GET /zones/{1}/recordsets/{2}")).toBe(false);
  expect(isLike("dns GET /reverse/floatingips/:0::1", "dns GET /reverse/floatingips/RegionOne:{1}")).toBe(true);
  expect(isLike("dns GET /zones/:0", "network GET /zones/{1}")).toBe(false);
});
