import { OutOfTime } from "../../../shared/openstack/deadline.ts";
import { exchange } from "../../../shared/openstack/retry.ts";
import type { HttpRequest } from "../../../shared/openstack/send.ts";
import { converge, type Pass, SETTLE_MS } from "../../../shared/reconcile/converge.ts";
import { node } from "../../../shared/resources/node.ts";
import { cluster, fakeJournal, fakeKind, noCloud, refusal } from "./fake.ts";

// Goal: a create that its own first questions have held up for too long is not sent, because by then another may have it in hand;
// it leaves no intent behind, and takes nothing from those that were sent with it.
const GET = { service: "network", method: "GET", path: "/slow" } as const;
const POST = { service: "network", method: "POST", path: "/things" } as const;

function world() {
  let nowMs = 1_000_000;
  const later = (ms: number): void => {
    nowMs += ms;
  };
  const sent: string[] = [];
  const patienceMs: number[] = [];
  let slowMs = 0;
  const runtime = {
    nowMs: () => nowMs,
    wait: async (ms: number) => later(ms),
    async send({ method, url, timeoutMs }: Pick<HttpRequest, "method" | "url" | "timeoutMs">) {
      if (method === "GET") nowMs += slowMs;
      sent.push(`${method} ${url}`);
      patienceMs.push(timeoutMs);
      return { status: 200, headers: {}, body: "" };
    },
  };
  const ask = ({ service, method, path }: typeof GET | typeof POST) =>
    exchange(runtime, { service, method, path }, { method, url: path, headers: {}, timeoutMs: 30_000 }, false);
  /** Asks one thing and then makes it, as kinds do. */
  const slow = fakeKind("network");
  const { create } = slow;
  slow.create = async (...wanted) => {
    await ask(GET);
    await ask(POST);
    return create(...wanted);
  };
  const quick = fakeKind("router");
  const journal = fakeJournal();
  const graph = [node("network", slow, () => ({})), node("router", quick, () => ({}))];
  const pass: Pass = { cloud: noCloud, cluster, graph, journal, nowMs: () => nowMs };
  const slowed = (ms: number) => {
    slowMs = ms;
  };
  return { pass, journal, sent, patienceMs, slowed, slow, quick, later };
}

test("within twenty seconds it is sent, and is given all the time of any other call", async () => {
  const { pass, sent, patienceMs, slowed } = world();
  slowed(20_000);
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(sent).toEqual(["GET /slow", "POST /things"]);
  expect(patienceMs).toEqual([30_000, 30_000]);
});

test("later it is not sent, its intent ends with it, and what was sent beside it is kept", async () => {
  const { pass, journal, sent, slowed, quick } = world();
  slowed(20_001);
  await expect(converge(pass)).rejects.toThrow(OutOfTime);
  expect(sent).toEqual(["GET /slow"]);
  expect(journal.step("network")).toEqual({ state: "gone", facts: {}, recreated: false });
  expect([quick.things.length, journal.step("router")?.state]).toEqual([1, "ready"]);
  slowed(0);
  expect(await converge(pass)).toEqual({ is: "done" });
  expect(sent).toEqual(["GET /slow", "GET /slow", "POST /things"]);
});

test("an intent of another's clock is waited for by as much as that may be ahead", async () => {
  const { pass, journal, quick, later } = world();
  quick.lose.push({ when: "before", error: refusal("retry") });
  await converge(pass);
  const doubting: Pass = { ...pass, journal: { ...journal, doubtMs: () => 60_000 } };
  later(SETTLE_MS + 59_999);
  expect(await converge(doubting)).toMatchObject({ is: "waiting", on: ["router"] });
  expect(quick.things).toEqual([]);
  later(1);
  expect(await converge(doubting)).toEqual({ is: "done" });
});
