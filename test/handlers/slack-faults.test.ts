import { type Workplace, wordsIn, workplace } from "./workplace.ts";

// Goal: whatever Slack and the people in it do at the wrong moment, no request is lost: it is decided, carried out and told.
jest.setTimeout(30_000);

let now: Workplace;
beforeEach(async () => {
  now = await workplace();
});
afterEach(() => now.close());

const live = (): string => wordsIn(now.live()?.blocks);
const says = (words: string) => () => live().includes(words);

const started = async (): Promise<boolean> => (await now.record())?.status.phase === "creating";

/** A request that waits for its approval. */
async function asked(): Promise<void> {
  await now.type("create dev --rwx 100G");
  await now.until(says("needs an approval"));
}
async function approve(user = "U0APPROVER"): Promise<void> {
  const message = now.live();
  if (message === undefined) throw new Error("there is no message");
  await now.press(message, "request:approve", user);
}

test("a rate limit delays what is said, and nothing else", async () => {
  now.slack.faults.retryAfterSeconds = 1;
  await now.type("create dev --rwx 100G");
  await now.until(
    async () => (await now.record())?.request !== undefined && now.logged.some((one) => one.includes("ratelimited")),
  );
  expect(now.posts()).toEqual([]);
  now.slack.faults.retryAfterSeconds = 0;
  // Slack's second is one of the machine's clock.
  await new Promise((later) => setTimeout(later, 1100));
  await now.until(says("needs an approval"));
  await approve();
  await now.until(says("is ready after"));
});

test("a call sooner than Slack allowed is not made", async () => {
  now.slack.faults.retryAfterSeconds = 1;
  const { slack } = now.deps;
  const limited = { code: "ratelimited", retryAfterSeconds: 1 };
  await expect(slack.edit("C0TEAMA", "1.0", { text: "x", blocks: [] })).rejects.toMatchObject(limited);
  now.slack.faults.retryAfterSeconds = 0;
  await expect(slack.edit("C0TEAMA", "1.0", { text: "x", blocks: [] })).rejects.toMatchObject(limited);
  await new Promise((later) => setTimeout(later, 1100));
  await expect(slack.edit("C0TEAMA", "1.0", { text: "x", blocks: [] })).rejects.toMatchObject({
    code: "message_not_found",
  });
});

test.each<[string, () => void]>([
  ["is archived", () => now.slack.workspace.changeChannel("C0TEAMA", { archived: true })],
  ["is deleted", () => void now.slack.workspace.dropChannel("C0TEAMA")],
  ["puts the bot out", () => now.slack.workspace.changeChannel("C0TEAMA", { botIsMember: false })],
])("a channel that %s while a request waits: an approver still decides, and the cluster comes", async (_what, happen) => {
  await now.slack.acts.slash("U0APPROVER", "C0TEAMA", "/k8s", "list");
  await asked();
  const request = (await now.record())?.request ?? "";
  happen();
  await now.slack.acts.openHome("U0APPROVER");
  await now.until(() => wordsIn(now.home("U0APPROVER")?.blocks).includes("Waiting for you"));
  const home = now.home("U0APPROVER");
  await now.slack.acts.pressView(
    "U0APPROVER",
    home?.id ?? "",
    { type: "button", action_id: "home:plan", block_id: "b", value: request },
    {},
  );
  const plan = now.modal("U0APPROVER");
  expect(wordsIn(plan?.blocks)).toContain("*Creates*");
  await now.slack.acts.submit("U0APPROVER", plan?.id ?? "", {});
  expect(wordsIn(now.modal("U0APPROVER")?.blocks)).toContain("You approved *dev*");
  await now.until(async () => (await now.record())?.status.phase === "ready");
});

test("a live message that somebody deletes is posted anew, with its buttons, and followed to the end", async () => {
  await asked();
  const before = now.live();
  now.slack.workspace.remove("C0TEAMA", before?.ts ?? "");
  await now.clock.wait(20_000);
  // The next thing to say: the approver types instead of pressing what is gone.
  await now.type(`approve ${(await now.record())?.request}`, "U0APPROVER");
  await now.until(says("is ready after"));
  expect(now.live()?.ts).not.toBe(before?.ts);
  expect(now.posts().filter((one) => one.thread_ts === undefined)).toHaveLength(1);
  expect(
    now
      .posts()
      .filter((one) => one.thread_ts !== undefined)
      .map((one) => one.thread_ts),
  ).toEqual([now.live()?.ts]);
});

test("two approvers at the same moment are two decisions and one cluster", async () => {
  await asked();
  await Promise.all([approve("U0APPROVER"), approve("U0SECOND")]);
  const said = ["U0APPROVER", "U0SECOND"].map((user) => now.whispered(user));
  for (const one of said) expect(one).toMatch(/You approved|was approved already|is under way/);
  await now.until(says("is ready after"));
  expect(now.cloud.everything("team-a").filter((one) => one.type === "server")).toHaveLength(3);
});

test("an approver who clicks twice counts once, and is told so", async () => {
  await asked();
  await approve();
  await approve();
  expect(now.whispers("U0APPROVER").map((one) => wordsIn(one.blocks))).toEqual([
    expect.stringContaining("You approved *dev*"),
    expect.stringMatching(/You have approved this plan already|was approved already/),
  ]);
  await now.until(started);
});

test("a click on a plan that has changed since shows the new one and approves nothing", async () => {
  await asked();
  const old = now.live();
  if (old === undefined) throw new Error("there is no message");
  const { prices } = now.deps.config;
  Object.assign(now.deps.config, { prices: { ...prices, loadBalancer: 5 } });
  await now.press(old, "request:approve");
  await now.until(() => now.live() !== old && live().includes("needs an approval"));
  expect(now.cloud.everything("team-a").filter((one) => one.type === "server")).toEqual([]);
  await now.press(old, "request:approve");
  expect(now.whispered("U0APPROVER")).toContain("The plan has changed since you saw it");
  await approve();
  await now.until(started);
});

test("whoever was removed from the channel before the answer came gets none, and nobody waits for it", async () => {
  await now.type("lb", "U0DEVTWO");
  now.slack.workspace.removeFrom("U0DEVTWO", "C0TEAMA");
  await asked();
  await approve();
  await now.type("lb dev", "U0DEVTWO");
  await now.until(says("is ready after"));
  await now.until(() => now.queue.due(Number.POSITIVE_INFINITY).every(({ message }) => message.is !== "ask"));
  expect(now.logged.some((one) => one.startsWith("slack.whisper") && one.includes("user_not_in_channel"))).toBe(true);
});

/** Everything takes so long that Slack's leave to open a form has ended. */
function slow(): void {
  const { putIfAbsent } = now.deps.store;
  Object.assign(now.deps.store, {
    putIfAbsent: async (...args: Parameters<typeof putIfAbsent>) => {
      await now.clock.wait(2000);
      return putIfAbsent(...args);
    },
  });
}

test("a form that comes too late is told, with what to type for the same", async () => {
  await now.type("list", "U0APPROVER");
  await asked();
  const id = (await now.record())?.request ?? "";
  await now.slack.acts.openHome("U0APPROVER");
  await now.until(() => now.home("U0APPROVER") !== undefined);
  slow();
  await now.type("create");
  const late = (what: string) =>
    `:no_entry: Slack did not open the form (\`expired_trigger_id\`), so nothing was done. Try again, or type \`/k8s ${what}\``;
  expect(now.whispered("U0DEV")).toBe(late("create dev --rwx 100G"));
  const message = now.live();
  if (message === undefined) throw new Error("there is no message");
  await now.press(message, "request:deny");
  expect(now.whispered("U0APPROVER")).toBe(late(`deny ${id} too many servers for a test`));
  const view = now.home("U0APPROVER")?.id ?? "";
  const button = { type: "button", action_id: "home:plan", block_id: "b", value: id };
  await now.slack.acts.pressView("U0APPROVER", view, button, {});
  expect(now.whispered("U0APPROVER")).toBe(late(`approve ${id}`));
  expect(await now.request(id)).toMatchObject({ state: "waiting", decisions: [] });
  await now.type(`approve ${id}`, "U0APPROVER");
  await now.until(started);
});
