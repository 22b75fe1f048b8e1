import * as z from "zod";
import { type Breaker, breaker, insisting, type Turn } from "../../../shared/openstack/breaker.ts";
import { type OpenStackError, remainsOf } from "../../../shared/openstack/errors.ts";
import { rest } from "../../../shared/openstack/rest.ts";
import { session } from "../../../shared/openstack/session.ts";
import { type Answer, failure, fakeCloud, json, settings } from "./fake-cloud.ts";

// Goal: a service that is away is left alone for a while that grows and ends, nobody is told anything false of it, and who looks
// for people still asks.
const LB = "load-balancer";

function hand() {
  let now = 0;
  const told: string[] = [];
  const one = breaker({
    nowMs: () => now,
    told: (service, rests, silent) => told.push(`${service} rests ${rests} s, silent for ${silent} s`),
  });
  return {
    one,
    told,
    pass: (seconds: number): void => {
      now += seconds * 1000;
    },
  };
}

/** A call that must be let through. */
function turn(one: Breaker): Turn {
  const entered = one.enter(LB);
  if ("silentSeconds" in entered) throw new Error(`not let through: ${JSON.stringify(entered)}`);
  return entered;
}

/** Five failures in five seconds. */
function away({ one, pass }: ReturnType<typeof hand>): void {
  for (let left = 5; left > 0; left -= 1) {
    const call = turn(one);
    pass(1);
    call.failed("refused");
  }
}

test("five failures in a row over three seconds open it, and people can be told since when and until when", () => {
  const it = hand();
  away(it);
  expect(it.told).toEqual(["load-balancer rests 5 s, silent for 5 s"]);
  it.pass(2);
  expect(it.one.enter(LB)).toEqual({ fault: "refused", silentSeconds: 7, nextSeconds: 3 });
  expect([it.one.rests(LB), it.one.rests("network")]).toEqual([true, false]);
});

test.each<[string, (it: ReturnType<typeof hand>) => void]>([
  [
    "sixteen calls that met one hiccup",
    ({ one }) => Array.from({ length: 16 }, () => turn(one)).forEach((call) => void call.failed("reset")),
  ],
  [
    "an answer in between",
    ({ one, pass }) => {
      for (const fails of [true, true, true, true, false, true, true, true, true]) {
        pass(1);
        if (fails) turn(one).failed("reset");
        else turn(one).answered();
      }
    },
  ],
  [
    "failures a minute apart",
    ({ one, pass }) => {
      for (let left = 8; left > 0; left -= 1) {
        turn(one).failed("reset");
        pass(61);
      }
    },
  ],
])("%s don't", (_what, happens) => {
  const it = hand();
  happens(it);
  expect([it.one.rests(LB), it.told]).toEqual([false, []]);
});

test("one call at a time tries it, and the rests grow to a minute", () => {
  const it = hand();
  away(it);
  for (const seconds of [5, 10, 20, 40, 60, 60]) {
    it.pass(seconds - 1);
    expect(it.one.enter(LB)).toMatchObject({ nextSeconds: 1 });
    it.pass(1);
    const trial = turn(it.one);
    expect(it.one.enter(LB)).toMatchObject({ nextSeconds: 30 });
    trial.failed("still refused");
  }
  expect(it.told.map((one) => one.split(",")[0]?.split(" ")[2])).toEqual(["5", "10", "20", "40", "60", "60", "60"]);
  expect(it.one.enter(LB)).toMatchObject({ fault: "still refused", nextSeconds: 60 });
});

test("an answer to the one that tries closes it for all, and it begins anew", () => {
  const it = hand();
  away(it);
  it.pass(5);
  turn(it.one).answered();
  expect(it.told.at(-1)).toBe("load-balancer rests 0 s, silent for 10 s");
  turn(it.one).failed("reset");
  turn(it.one).answered();
  away(it);
  expect(it.told.at(-1)).toBe("load-balancer rests 5 s, silent for 5 s");
});

test("when the one that tries has died, another does after half a minute", () => {
  const it = hand();
  away(it);
  it.pass(5);
  turn(it.one);
  it.pass(29);
  expect(it.one.enter(LB)).toMatchObject({ nextSeconds: 1 });
  it.pass(1);
  turn(it.one).answered();
  expect(it.one.rests(LB)).toBe(false);
});

test("what was under way when it opened says nothing new when it fails, and much when it is answered", () => {
  const it = hand();
  const [late, later] = [turn(it.one), turn(it.one)];
  away(it);
  it.pass(5);
  late.failed("timeout");
  turn(it.one);
  later.answered();
  turn(it.one).answered();
  expect(it.told).toHaveLength(2);
});

test("what nobody has asked for a minute after its rest is not called silent", () => {
  const it = hand();
  away(it);
  it.pass(66);
  const calls = [turn(it.one), turn(it.one)];
  for (const call of calls) call.failed("reset");
  expect(it.one.rests(LB)).toBe(false);
});

test("who insists is let through; a failure of theirs lengthens nothing, an answer is everybody's", async () => {
  const it = hand();
  away(it);
  await insisting(async () => turn(it.one).failed("refused"));
  expect(it.one.enter(LB)).toMatchObject({ nextSeconds: 5 });
  await insisting(async () => turn(it.one).answered());
  turn(it.one);
});

const refused: Answer = Object.assign(new Error("connect ECONNREFUSED 10.0.0.1:9876"), { code: "ECONNREFUSED" });
const body = z.object({ ok: z.boolean() });
const get = { method: "GET", path: "/things", answer: body } as const;
const post = { ...get, method: "POST" } as const;

/** An endpoint that has just met five failures, and gets these answers from then on. */
async function afterFailures(answers: readonly Answer[], failing: Answer = refused) {
  const fake = fakeCloud([...Array<Answer>(5).fill(failing), ...answers]);
  const runtime = { ...fake.runtime, breaker: breaker({ nowMs: fake.runtime.nowMs }) };
  const network = rest("network", settings, session(settings, runtime), runtime);
  const sent = () => fake.lines.filter((line) => line.endsWith("/things")).length;
  for (let left = 2; left > 0; left -= 1) await failure(network.call(post));
  fake.pass(3000);
  // What is not tried again takes more calls.
  while (sent() < 5) await failure(network.call(get));
  return { fake, network, sent };
}

const detailOf = async (call: Promise<unknown>) => (await failure(call)) as OpenStackError;

test("while it rests nothing is sent, and what is said is what the service said last", async () => {
  const { network, sent, fake } = await afterFailures([json({ ok: true })]);
  expect(sent()).toBe(5);
  const said = { fault: "no answer from the service (connect ECONNREFUSED 10.0.0.1:9876)", trouble: "retry" };
  expect((await detailOf(network.call(get))).detail).toMatchObject({ ...said, silentSeconds: 5, retryAfterSeconds: 5 });
  const unsent = await detailOf(network.call(post));
  expect([unsent.detail.unheard, remainsOf(unsent), unsent.message]).toEqual([
    true,
    "nothing",
    `network POST /things: not asked: ${said.fault}`,
  ]);
  expect(sent()).toBe(5);
  fake.pass(5000);
  expect(await network.call(get)).toEqual({ ok: true });
  expect(sent()).toBe(6);
});

test("a try that fails while it rests is the last one: nobody waits for two more", async () => {
  const { network, sent, fake } = await afterFailures([refused, json({ ok: true })]);
  fake.pass(5000);
  const waited = fake.waits.length;
  expect(await detailOf(network.call(get))).toMatchObject({ trouble: "retry" });
  expect([sent(), fake.waits.length - waited]).toEqual([6, 0]);
  expect(await insisting(() => network.call(get))).toEqual({ ok: true });
});

test.each<[string, Answer, boolean]>([
  ["503 without a service behind the proxy", { status: 503, body: "no server is available" }, true],
  ["502", { status: 502, body: "bad gateway" }, true],
  ["504", { status: 504, body: "gateway timeout" }, true],
  ["500, which is about this very request", { status: 500, body: "oops" }, false],
  ["429, which asks for less", { status: 429, body: "slow down" }, false],
  ["409", json({ NeutronError: { message: "in use" } }, 409), false],
])("%s", async (_what, answer, opens) => {
  const { network, sent } = await afterFailures([json({ ok: true })], answer);
  const before = sent();
  const after = await network.call(get).catch((error: OpenStackError) => error.detail.silentSeconds);
  expect([typeof after === "number", sent() - before]).toEqual([opens, opens ? 0 : 1]);
});
