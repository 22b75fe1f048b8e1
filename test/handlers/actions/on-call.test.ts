import { dispatch } from "../../../handlers/work/dispatch.ts";
import type { Message } from "../../../shared/ports/queue.ts";
import { clusterKey, clusters } from "../../../shared/state/index.ts";
import { buttonValue, exampleConfig } from "../../support/bot.ts";
import { desk, wordsOf } from "../desk.ts";
import { record } from "../given.ts";

// Goal: the buttons of an answer only read and tell; clicked twice, late or about a cluster that is another one now, they do
// no harm and say what is so.
const LOOKING = ":mag: Looking at the record of *dev*…";

/** An answer to `/k8s events dev`, as the person has it. */
async function answered() {
  const at = desk();
  await at.hold(record());
  await at.type("events dev");
  await at.work();
  const value = (action: string) => buttonValue(at.slack.whispers.at(-1), action) ?? "";
  return { ...at, value };
}

const ask = (over: Partial<Extract<Message, { is: "ask" }>> = {}): Message => ({
  is: "ask",
  what: "events",
  cluster: "team-a/dev",
  id: "k7f3m2q9x1",
  channel: "C0TEAMA",
  user: "U0ONCALL",
  ...over,
});
const oncall = { user: "U0ONCALL" };

test("refresh asks once more, and the old answer makes room only then", async () => {
  const { click, value, queued, work, slack } = await answered();
  expect(await click("oncall:refresh", value("oncall:refresh"), oncall)).toBe(LOOKING);
  expect(queued()).toEqual([ask()]);
  await work();
  expect(slack.whispers.map(wordsOf).at(-1)).toContain("*dev* is ready after 3m 10s; no call failed.");
});

test("another question of the same cluster", async () => {
  const { click, value, queued } = await answered();
  expect(await click("oncall:ask-2", value("oncall:ask-2"), oncall)).toBe(":mag: Looking at the nodes of *dev*…");
  expect(queued()).toEqual([ask({ what: "nodes" })]);
});

test("posted for all once, however often it is clicked, and without a button to post it again", async () => {
  const { click, value, queued, work, slack } = await answered();
  const posting = value("oncall:post");
  expect(await click("oncall:post", posting, oncall)).toBe(
    ":white_check_mark: It is read once more and posted here for everybody.",
  );
  expect(await click("oncall:post", posting, { user: "U0DEV" })).toBe(
    ":white_check_mark: It was posted already, or is about to be.",
  );
  expect(queued()).toEqual([ask({ post: expect.stringMatching(/^answer:team-a:events:dev:U0DEV:\d+$/) })]);
  await work();

  expect(slack.said).toHaveLength(1);
  const [said] = slack.said;
  expect(said?.channel).toBe("C0TEAMA");
  const words = said === undefined ? "" : wordsOf(said.message);
  expect(words).toContain("From kinvirt's own record for <@U0ONCALL>");
  expect(words.split("\n").slice(-3)).toEqual(["Look again", "Summary", "Nodes"]);
  expect(await click("oncall:again", buttonValue(said?.message, "oncall:again") ?? "")).toBe(LOOKING);
});

test("a message that comes twice posts once", async () => {
  const at = await answered();
  const message = ask({ post: "answer:1" });
  await dispatch(message, at.deps);
  at.clock.pass(80_000);
  await dispatch(message, at.deps);
  expect(at.slack.said).toHaveLength(1);
});

test("a queue that is silent uses the click up for nobody", async () => {
  const enqueue = () => Promise.reject(new Error("away"));
  const at = desk({ queue: { enqueue, close: async () => undefined } });
  await at.hold(record());
  const value = JSON.stringify({ what: "events", name: "dev", id: "k7f3m2q9x1", answer: "a1" });
  for (const action of ["oncall:post", "oncall:post", "oncall:refresh"])
    expect(await at.click(action, value)).toBe(
      ":no_entry: The queue does not answer, so nobody looks at this now: ask again in a minute.",
    );
});

test.each([
  "oncall:refresh",
  "oncall:ask",
  "oncall:post",
])("%s of a cluster that is gone, or another one", async (action) => {
  const { click, value, deps, queued } = await answered();
  const late = value(action);
  await clusters(deps.store).remove(clusterKey(record()), () => true);
  expect(await click(action, late, oncall)).toContain("team-a has no cluster `dev`; there is none yet");
  await clusters(deps.store).add("team-a/dev", record({ id: "another1" }));
  expect(await click(action, late, oncall)).toMatch(
    /Another cluster is called `dev` now: type `\/k8s (events|status) dev`/,
  );
  expect(queued()).toEqual([]);
});

test.each([
  "",
  "nonsense",
  '{"what":"weather"}',
  '{"what":"lb","extra":1}',
])("a button of another version: %s", async (value) => {
  const { click, queued } = await answered();
  expect(await click("oncall:refresh", value)).toContain("This button is from an older version of kinvirt");
  expect(queued()).toEqual([]);
});

test("another team's channel reaches none of it", async () => {
  const { click, value, queued } = await answered();
  const elsewhere = { user: "U0ONCALL", channel: "C0TEAMB" };
  expect(await click("oncall:refresh", value("oncall:refresh"), elsewhere)).toContain("team-b has no cluster `dev`");
  expect(queued()).toEqual([]);
});

describe("where people are on call", () => {
  const there = { ...oncall, channel: "C0ONCALL" };
  const STRANGE = /not connected to an OpenStack project/;

  test("the buttons of an answer work as in the team's own channel, those that change a cluster for good do not", async () => {
    const { click, value, queued } = await answered();
    expect(await click("oncall:refresh", value("oncall:refresh"), there)).toBe(LOOKING);
    expect(queued()).toEqual([ask({ channel: "C0ONCALL" })]);
    expect(await click("cluster:retry", "dev:k7f3m2q9x1:1", there)).toContain("Comparing *dev* with the cloud again");
    expect(await click("cluster:delete", "dev:k7f3m2q9x1:1", there)).toMatch(STRANGE);
  });

  test("in a channel of several teams it is the one whose cluster the button names", async () => {
    const config = exampleConfig();
    const [a, b] = [config.tenants["team-a"], config.tenants["team-b"]];
    if (a === undefined || b === undefined) throw new Error("the example has two teams");
    const shared = { ...config, tenants: { "team-a": a, "team-b": { ...b, oncallChannel: "C0ONCALL" } } };
    const at = desk({ config: shared });
    await at.hold({ ...record(), tenant: "team-b" });
    const value = JSON.stringify({ what: "events", name: "dev", id: record().id });
    expect(await at.click("oncall:refresh", value, there)).toBe(LOOKING);
    expect(at.queued()).toMatchObject([{ cluster: "team-b/dev" }]);
    const other = JSON.stringify({ what: "events", name: "dev", id: "kanotherone" });
    expect(await at.click("oncall:refresh", other, there)).toMatch(STRANGE);
  });
});
