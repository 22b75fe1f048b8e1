import { homeOpened, homesDue, homesFollow, publishHome } from "../../../handlers/home/publish.ts";
import type { View } from "../../../sandbox/slack/model.ts";
import { SlackError } from "../../../shared/ports/slack.ts";
import { clusterKey, clusters, requests } from "../../../shared/state/index.ts";
import { manyClusters } from "../../gallery/homes.ts";
import { recordingSlack } from "../../support/bot.ts";
import { desk } from "../desk.ts";
import { NOW_MS, record, request } from "../given.ts";
import { type Workplace, wordsIn, workplace } from "../workplace.ts";

// Goal: the home tab shows a person's own teams, clusters and decisions, follows what happens by itself, answers every button,
// and never shows another tenant's.
jest.setTimeout(30_000);

let now: Workplace;
beforeEach(async () => {
  now = await workplace();
});
afterEach(() => now.close());

const tab = (user: string): View => {
  const view = now.home(user);
  if (view === undefined) throw new Error(`${user} has no home tab`);
  return view;
};
const words = (user: string): string => wordsIn(now.home(user)?.blocks);
async function open(user: string): Promise<void> {
  await now.slack.acts.openHome(user);
  await now.until(() => now.home(user) !== undefined);
}
const press = (user: string, action: string, value: string) =>
  now.slack.acts.pressView(
    user,
    tab(user).id,
    { type: "button", action_id: `home:${action}`, block_id: "b", value },
    {},
  );
const said = (user: string): string => wordsIn(now.modal(user)?.blocks);
async function waiting(): Promise<string> {
  await now.type("create dev --rwx 100G");
  await now.until(() => wordsIn(now.live()?.blocks).includes("needs an approval"));
  return (await now.record())?.request ?? "";
}

test("who was in no channel yet is told how it begins, and sees nobody's clusters", async () => {
  await waiting();
  await open("U0APPROVER");
  expect(words("U0APPROVER")).toContain("once you have typed `/k8s list` in your team's channel");
  expect(words("U0APPROVER")).not.toContain("dev");
});

test("another tenant's clusters and requests are on nobody's tab, and its ids open nothing", async () => {
  const id = await waiting();
  await now.type("list", "U0SECOND", "C0TEAMB");
  await open("U0SECOND");
  expect(words("U0SECOND")).toContain("*team-b* · 0 of 20 clusters");
  expect(words("U0SECOND")).not.toMatch(/dev|team-a/);
  for (const [action, value] of [
    ["plan", id],
    ["deny", id],
    ["cancel", id],
    ["cluster", "team-a/dev"],
    ["create", "C0TEAMA"],
    ["nothing", ""],
  ] as const) {
    await press("U0SECOND", action, value);
    expect([action, said("U0SECOND")]).toEqual([action, expect.stringContaining("That is not there any more")]);
    await now.slack.acts.close("U0SECOND", now.modal("U0SECOND")?.id ?? "");
  }
  expect(await now.request(id)).toMatchObject({ state: "waiting", decisions: [] });
});

test("a week after the last act in a channel its team is not shown any more", async () => {
  await now.type("list");
  await open("U0DEV");
  expect(words("U0DEV")).toContain("*team-a*");
  await now.clock.wait(7 * 86_400_000 + 1);
  await now.slack.acts.openHome("U0DEV");
  await now.until(() => !words("U0DEV").includes("*team-a*"));
});

test("it follows a cluster from the request to the end without being asked", async () => {
  await now.type("list", "U0APPROVER");
  await open("U0DEV");
  await open("U0APPROVER");
  const id = await waiting();
  await now.until(
    () => words("U0DEV").includes("You asked for: 1") && words("U0APPROVER").includes("Waiting for you: 1"),
  );
  expect(words("U0DEV")).not.toContain("Waiting for you");
  await press("U0APPROVER", "plan", id);
  expect(said("U0APPROVER")).toContain("3 servers: 1 × m1.medium, 2 × m1.large");
  expect(await now.slack.acts.submit("U0APPROVER", now.modal("U0APPROVER")?.id ?? "", {})).toEqual({});
  expect(said("U0APPROVER")).toContain("You approved *dev*");
  await now.until(() => words("U0DEV").includes("*dev* · :white_check_mark: ready"));
  await now.until(() => !words("U0APPROVER").includes("Waiting for you"));
  expect(words("U0DEV")).toContain("*team-a* · 1 of 20 clusters · 3 servers · 94 GiB of shared storage");
  await press("U0DEV", "cluster", "team-a/dev");
  expect(said("U0DEV")).toMatch(/\*dev\*/);
});

test("a deny from the tab asks for its reason, and the requester is told", async () => {
  await now.type("list", "U0APPROVER");
  const id = await waiting();
  await open("U0APPROVER");
  await press("U0APPROVER", "deny", id);
  const form = now.modal("U0APPROVER");
  await now.slack.acts.submit("U0APPROVER", form?.id ?? "", {
    reason: { text: { type: "plain_text_input", value: "too big" } },
  });
  expect(await now.request(id)).toMatchObject({
    state: "denied",
    decisions: [{ reason: "too big", user: "U0APPROVER" }],
  });
});

test("whoever asked can take it back there, and can't decide on it", async () => {
  const id = await waiting();
  await open("U0DEV");
  await press("U0DEV", "plan", id);
  expect(said("U0DEV")).toMatch(/^:no_entry:/);
  await now.slack.acts.close("U0DEV", now.modal("U0DEV")?.id ?? "");
  await press("U0DEV", "cancel", id);
  expect(said("U0DEV")).toContain("Cancelled: *dev* was not created.");
  expect(await now.request(id)).toMatchObject({ state: "cancelled" });
});

test("the form opens from there, for the team whose button it was", async () => {
  await now.type("list", "U0DEV", "C0TEAMB");
  await open("U0DEV");
  await press("U0DEV", "create", "C0TEAMB");
  expect(now.modal("U0DEV")).toMatchObject({ callback_id: "create:form", private_metadata: '{"channel":"C0TEAMB"}' });
  expect(said("U0DEV")).toContain("For *team-b*");
});

test("a hundred clusters have pages, and a page stays when something changes", async () => {
  for (const one of manyClusters(100)) await clusters(now.deps.store).add(clusterKey(one), one);
  await now.type("list");
  await open("U0DEV");
  expect(words("U0DEV")).toContain("Your clusters: 100");
  expect(words("U0DEV")).toContain("Page 1 of 5");
  const rows = () => tab("U0DEV").blocks.filter((block) => JSON.stringify(block).includes('"home:cluster"')).length;
  expect(rows()).toBe(20);
  await press("U0DEV", "later", "1");
  await now.until(() => words("U0DEV").includes("Page 2 of 5"));
  await clusters(now.deps.store).remove("team-a/abcdefghijklmnopqrstuv-4", () => true);
  await homesDue(now.deps);
  await now.until(() => words("U0DEV").includes("Your clusters: 99"));
  expect(words("U0DEV")).toContain("Page 2 of 5");
});

test("what changes is shown within seconds, and together; what only asks moves no tab", async () => {
  const one = desk();
  const follow = (is: "plan" | "reconcile") =>
    homesFollow(is === "plan" ? { is, request: "k3m9qz" } : { is, cluster: "team-a/dev" }, one.deps);
  await follow("plan");
  expect(one.queued()).toEqual([]);
  await one.deps.store.putIfAbsent("home/U0DEV", '{"user":"U0DEV","page":0}');
  one.clock.pass(5000);
  const question = { is: "ask", what: "lb", cluster: "team-a/dev", channel: "C0TEAMA", user: "U0DEV" } as const;
  await homesFollow(question, one.deps);
  expect(one.queued()).toEqual([]);
  await follow("plan");
  await follow("reconcile");
  const waits = () => one.queue.due(Number.POSITIVE_INFINITY).map(({ message, dueMs }) => [message, dueMs - NOW_MS]);
  expect(waits()).toEqual([[{ is: "home", user: "U0DEV" }, 8000]]);
  one.clock.pass(3000);
  await one.work();
  expect(waits()).toEqual([]);
  await follow("reconcile");
  expect(waits()).toEqual([[{ is: "home", user: "U0DEV" }, 11_000]]);
});

test("who has a tab open is looked up once in five seconds, however many messages there are, and at once for who opens one", async () => {
  const one = desk();
  let looks = 0;
  const { list } = one.deps.store;
  Object.assign(one.deps.store, {
    list(prefix: string, how: object) {
      if (prefix === "home/") looks += 1;
      return list(prefix, how);
    },
  });
  const follow = () => homesFollow({ is: "reconcile", cluster: "team-a/dev" }, one.deps);
  for (const ms of [0, 100, 4800]) {
    one.clock.pass(ms);
    await follow();
  }
  expect(looks).toBe(1);
  await homeOpened(one.deps, "U0DEV");
  await one.work();
  await follow();
  expect(looks).toBe(2);
  expect(one.queued()).toEqual([{ is: "home", user: "U0DEV" }]);
  one.clock.pass(5000);
  await follow();
  expect(looks).toBe(3);
});

test("a tab that no message brought up to date is by a sweep, once in a minute", async () => {
  const one = desk();
  await one.deps.store.putIfAbsent("home/U0DEV", '{"user":"U0DEV","page":0}');
  await homesDue(one.deps);
  await one.work();
  await homesDue(one.deps);
  expect(one.queued()).toEqual([]);
  one.clock.pass(60_000);
  await homesDue(one.deps);
  expect(one.queued()).toEqual([{ is: "home", user: "U0DEV" }]);
});

test("a store or queue that is away fails nothing that was handled", async () => {
  const one = desk();
  await one.deps.store.putIfAbsent("home/U0DEV", '{"user":"U0DEV","page":0}');
  Object.assign(one.deps.queue, { enqueue: () => Promise.reject(new Error("queue: connection refused")) });
  await homesFollow({ is: "plan", request: "k3m9qz" }, one.deps);
  expect(one.logged.map(({ event }) => event)).toEqual(["home.behind"]);
});

test("what looks the same is not published again, and who did not open theirs has none", async () => {
  const published: string[] = [];
  const publish = async (user: string) => void published.push(user);
  const one = desk({ slack: { ...recordingSlack(), publishHome: publish } });
  await publishHome("U0DEV", one.deps);
  expect(published).toEqual([]);
  await one.deps.store.putIfAbsent("home/U0DEV", '{"user":"U0DEV","page":0}');
  await publishHome("U0DEV", one.deps);
  await publishHome("U0DEV", one.deps);
  expect(published).toEqual(["U0DEV"]);
  await one.deps.store.putIfAbsent("place/U0DEV/C0TEAMA", "{}");
  await one.hold(record());
  await publishHome("U0DEV", one.deps);
  expect(published).toEqual(["U0DEV", "U0DEV"]);
});

test.each([
  "not_enabled",
  "ratelimited",
  "no_answer",
])("Slack that says %s costs nothing but the tab, which comes later", async (code) => {
  let refuses = true;
  const published: string[] = [];
  const publish = async (user: string) => {
    if (refuses) throw new SlackError(code, "no");
    published.push(user);
  };
  const one = desk({ slack: { ...recordingSlack(), publishHome: publish } });
  await one.deps.store.putIfAbsent("home/U0DEV", '{"user":"U0DEV","page":0}');
  await publishHome("U0DEV", one.deps);
  expect(one.logged.map(({ event }) => event)).toEqual(["slack.home"]);
  refuses = false;
  await publishHome("U0DEV", one.deps);
  expect(published).toEqual(["U0DEV"]);
});

test("a request of a record that points to it is all that is looked at", async () => {
  const one = desk();
  await one.hold(record({ request: "aaaaaa" }));
  await requests(one.deps.store).add("zzzzzz", request({ id: "zzzzzz" }));
  await one.deps.store.putIfAbsent("place/U0APPROVER/C0TEAMA", "{}");
  const views: unknown[] = [];
  const publish = async (_user: string, view: unknown) => void views.push(view);
  Object.assign(one.deps.slack, { publishHome: publish });
  await one.deps.store.putIfAbsent("home/U0APPROVER", '{"user":"U0APPROVER","page":0}');
  await publishHome("U0APPROVER", one.deps);
  expect(wordsIn(views[0])).not.toContain("Waiting for you");
});
