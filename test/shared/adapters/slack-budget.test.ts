import { slackBudget } from "../../../shared/adapters/slack-budget.ts";

// Goal: what Slack's documentation allows is kept to without asking Slack, what people wait for goes before progress, and whoever
// waits knows for how long.
function hand() {
  let now = Date.UTC(2026, 0, 1);
  const wait = slackBudget(() => now);
  const call = (method: string, channel = "", progressOf?: string) => wait({ method, channel, progressOf });
  return {
    pass: (seconds: number): void => {
      now += seconds * 1000;
    },
    post: (channel = "C1") => call("chat.postMessage", channel),
    edit: () => call("chat.update"),
    progress: (of: string) => call("chat.update", "", of),
    call,
  };
}
const times = <T>(count: number, work: (nth: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => work(at));

test("a channel takes five posts at once and one a second, and each that waits is given a second of its own", () => {
  const { post, pass } = hand();
  expect(times(8, () => post())).toEqual([0, 0, 0, 0, 0, 1, 2, 3]);
  expect(post("C2")).toBe(0);
  pass(1);
  expect([post(), post()]).toEqual([0, 3]);
  pass(60);
  expect(times(6, () => post())).toEqual([0, 0, 0, 0, 0, 1]);
});

test("edits are fifty a minute in the whole workspace, and progress leaves ten of them to what is said once", () => {
  const { edit, progress } = hand();
  expect(times(16, (nth) => progress(`C1/${nth}`)).filter((seconds) => seconds === 0)).toHaveLength(15);
  expect(times(10, edit)).toEqual(times(10, () => 0));
  expect(edit()).toBeCloseTo(1.2);
});

test("one message moves on about once a second; fifty share a minute, each in turn", () => {
  const { progress, pass } = hand();
  const shownTo = (messages: number, seconds: number): readonly number[] => {
    const counts = times(messages, () => 0) as number[];
    for (let left = seconds; left > 0; left -= 1) {
      for (let nth = 0; nth < messages; nth += 1)
        if (progress(`C1/${messages}.${nth}`) === 0) counts[nth] = (counts[nth] ?? 0) + 1;
      pass(1);
    }
    return counts;
  };
  expect(shownTo(1, 60)[0]).toBeGreaterThanOrEqual(30);
  pass(120);
  const many = shownTo(50, 300);
  expect([Math.min(...many) >= 4, Math.max(...many) <= 6]).toEqual([true, true]);
});

test("looks into channels and threads are fifty a minute each", () => {
  const { call } = hand();
  for (const method of ["conversations.history", "conversations.replies"])
    expect(times(26, () => call(method)).map((seconds) => seconds > 0)).toEqual([...times(25, () => false), true]);
});

test("a message that was shown more than a minute ago takes no turn", () => {
  const { progress, pass } = hand();
  expect(times(10, (nth) => progress(`C1/${nth}`))).toEqual(times(10, () => 0));
  pass(61);
  expect(progress("C1/one")).toBe(0);
  pass(1);
  expect(progress("C1/one")).toBeCloseTo(1.2);
  pass(0.2);
  expect(progress("C1/one")).toBe(0);
});

test("what has no limit here is Slack's to limit", () => {
  const { call } = hand();
  expect(times(200, () => call("views.publish"))).toEqual(times(200, () => 0));
});
