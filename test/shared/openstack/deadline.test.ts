import { breaker } from "../../../shared/openstack/breaker.ts";
import { mayBegin, OutOfTime, timeFor, withDeadline } from "../../../shared/openstack/deadline.ts";
import { OpenStackError } from "../../../shared/openstack/errors.ts";
import { exchange } from "../../../shared/openstack/retry.ts";
import type { HttpRequest, HttpResponse } from "../../../shared/openstack/send.ts";

// Goal: within a deadline no call begins after its last moment and none is waited for beyond its end; what was not sent is told
// apart from what got no answer, and nobody waits for a try that would come too late.
const asked = { service: "network", method: "GET", path: "/networks" } as const;
const request: HttpRequest = { method: "GET", url: "http://neutron.test/", headers: {}, timeoutMs: 30_000 };
type Way = (request: HttpRequest) => HttpResponse | Error;

/** A cloud that takes its time; `seconds` of virtual time for each try. */
function slowCloud(seconds: number, way: Way = () => ({ status: 200, headers: {}, body: "" })) {
  let nowMs = 0;
  const timeouts: number[] = [];
  const wait = async (ms: number) => {
    nowMs += ms;
  };
  const runtime = {
    nowMs: () => nowMs,
    wait,
    async send(sent: HttpRequest) {
      timeouts.push(sent.timeoutMs);
      nowMs += Math.min(seconds * 1000, sent.timeoutMs);
      const answer = way(sent);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const within = <T>(lastMs: number, endMs: number, work: () => Promise<T>) =>
    withDeadline({ lastMs, endMs, nowMs: runtime.nowMs }, work);
  return { runtime, timeouts, wait, within, call: () => exchange(runtime, asked, request, true) };
}

test("without a deadline a call has its own time", async () => {
  const cloud = slowCloud(1);
  expect([(await cloud.call()).status, cloud.timeouts, mayBegin(1e9)]).toEqual([200, [30_000], true]);
});

test("a call is given what is left, begins at the last moment, and not a millisecond later", async () => {
  const cloud = slowCloud(1);
  await cloud.within(60_000, 75_000, async () => {
    await cloud.call();
    await cloud.wait(59_000);
    await cloud.call();
    expect(cloud.timeouts).toEqual([30_000, 15_000]);
    await expect(cloud.call()).rejects.toThrow(new OutOfTime("no time was left for network GET"));
  });
  expect(cloud.timeouts).toHaveLength(2);
});

test("silence is told as silence, without tries that would come too late", async () => {
  const cloud = slowCloud(30, () => new Error("timeout"));
  const error = await cloud.within(60_000, 75_000, cloud.call).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(OpenStackError);
  expect(error).toMatchObject({ trouble: "retry", detail: { fault: "no answer from the service (timeout)" } });
  expect(cloud.timeouts).toEqual([30_000, 30_000]);
});

test("nobody waits as long as a service asks when that is too long: its answer is the answer", async () => {
  const busy = slowCloud(1, () => ({ status: 503, headers: { "retry-after": "30" }, body: "" }));
  const { status } = await busy.within(25_000, 40_000, busy.call);
  expect([status, busy.timeouts.length, busy.runtime.nowMs()]).toEqual([503, 1, 1000]);
});

test("a service that had too little time to answer is not away", async () => {
  const { runtime, within } = slowCloud(30, () => new Error("timeout"));
  const careful = { ...runtime, breaker: breaker({ nowMs: runtime.nowMs }) };
  const ask = () => exchange(careful, asked, request, false).catch(() => undefined);
  for (let left = 6; left > 0; left -= 1) await within(runtime.nowMs() + 1000, runtime.nowMs() + 2000, ask);
  expect(careful.breaker.rests("network")).toBe(false);
  for (let left = 5; left > 0; left -= 1) await ask();
  expect(careful.breaker.rests("network")).toBe(true);
});

test("of two deadlines the earlier holds, and the outer one is back afterwards", async () => {
  const { within } = slowCloud(1);
  await within(10_000, 20_000, async () => {
    await within(5000, 90_000, async () => expect([mayBegin(5001), timeFor(30_000, "x")]).toEqual([false, 20_000]));
    await within(15_000, 16_000, async () => expect([mayBegin(10_001), timeFor(30_000, "x")]).toEqual([false, 16_000]));
    expect(mayBegin(9999)).toBe(true);
  });
});
