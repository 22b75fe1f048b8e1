import { createArgs } from "../../../handlers/create.ts";
import type { Filled } from "../../../handlers/modals/fields.ts";
import { roomFor } from "../../../handlers/modals/preview.ts";
import type { View } from "../../../sandbox/slack/model.ts";
import { plan } from "../given.ts";
import { type Workplace, wordsIn, workplace } from "../workplace.ts";

// Goal: the form asks for the same as the command's words do, shows the plan and the price that approvers will see while one
// chooses, says what is wrong at its field, and loses nothing of what was filled in.
jest.setTimeout(30_000);

let now: Workplace;
afterEach(() => now.close());

const USER = "U0DEV";
const form = (): View => {
  const view = now.modal(USER);
  if (view === undefined) throw new Error("no form is open");
  return view;
};
const words = (): string => wordsIn(form().blocks);
const element = (key: string): Record<string, unknown> =>
  (form().blocks.find((block) => block["block_id"] === key)?.["element"] ?? {}) as Record<string, unknown>;

/** What Slack tells of the form's inputs when these hold something. */
function state(filled: Filled): Readonly<Record<string, unknown>> {
  const held = (type: unknown, text: string) => {
    if (type === "checkboxes") return { type, selected_options: text === "" ? [] : [{ value: text }] };
    if (type === "static_select") return { type, selected_option: text === "" ? null : { value: text } };
    return { type, value: text === "" ? null : text };
  };
  return Object.fromEntries(
    Object.keys(createArgs).map((key) => [key, { [`form:${key}`]: held(element(key)["type"], filled[key] ?? "") }]),
  );
}
const choose = (filled: Filled, key = "template") =>
  now.slack.acts.pressView(
    USER,
    form().id,
    { type: "static_select", action_id: `form:${key}`, block_id: key },
    state(filled),
  );
const send = (filled: Filled) => now.slack.acts.submit(USER, form().id, state(filled));

async function open(options: Parameters<typeof workplace>[0] = {}): Promise<void> {
  now = await workplace(options);
  await now.type("create");
}
const planned = () => now.until(() => words().includes("*Creates*"));

test("it opens at once, from the command's own definition, and plan and price follow", async () => {
  await open();
  expect(form()).toMatchObject({
    callback_id: "create:form",
    title: { text: "Create a cluster" },
    submit: { text: "Ask for it" },
  });
  expect(words()).toContain(":mag: *Still looking* at quota and price");
  const inputs = form().blocks.filter(({ type }) => type === "input");
  expect(inputs.map((block) => block["block_id"])).toEqual(Object.keys(createArgs));
  expect(inputs.map((block) => (block["label"] as { text: string }).text)).toEqual(
    Object.values(createArgs).map(({ title }) => title),
  );
  expect(JSON.stringify(element("template"))).toContain("ha: 3 × m1.medium, 3 × m1.large");
  expect(element("workers")).toMatchObject({ placeholder: { text: "2" } });
  expect(now.whispers(USER)).toEqual([]);
  await planned();
  expect(words()).toContain("3 servers: 1 × m1.medium, 2 × m1.large");
  expect(words()).toContain("Beside these there is room for 8 more workers (m1.large)");
  expect(now.cloud.everything("team-a").filter((one) => one.type === "server")).toEqual([]);
});

test("plan, price and what the rest defaults to follow what is chosen", async () => {
  await open();
  await planned();
  await choose({ template: "ha", workers: "5" });
  expect(words()).toContain("8 servers: 3 × m1.medium, 5 × m1.large");
  expect(words()).toContain(":raised_hand: *It fits*, for 0.54 EUR an hour, 392.74 a month, and needs an approval.");
  expect(words()).toContain("5 workers: up to 2 would need no approval");
  expect(element("workers")).toMatchObject({ placeholder: { text: "3" } });
  expect(JSON.stringify(element("controlPlane"))).toContain("As in the template: 3");
});

test("the plan is in the very words that the approver reads", async () => {
  await open();
  await planned();
  const filled = { name: "dev", rwx: "100G" };
  await choose(filled, "name");
  const line = (text: string) => text.split("\n").filter((one) => /^(•|\*Price|1 control plane|quota|cores)/.test(one));
  const previewed = line(words());
  await send(filled);
  await now.until(() => wordsIn(now.live()?.blocks).includes("needs an approval"));
  const read = line(wordsIn(now.live()?.blocks));
  expect(previewed.length).toBeGreaterThan(5);
  expect(new Set(previewed)).toEqual(new Set(read));
});

test("what is sent is the request that the words would have made", async () => {
  await open();
  const filled = {
    name: "dev",
    rwx: "100G",
    workers: "4",
    controlPlane: "3",
    version: "1.35",
    cni: "cilium",
    ttl: "7d",
    rwo: "yes",
  };
  expect(await send({ ...filled, template: "small" })).toEqual({});
  expect(now.modal(USER)).toBeUndefined();
  expect(now.whispered(USER)).toContain(":mag: Planning to create *dev*; the plan appears here in a moment.");
  const byForm = await now.record();
  await now.type("create other --rwx 100G --workers 4 --control-plane 3 --version 1.35 --cni cilium --ttl 7d --rwo");
  const byWords = await now.record("team-a/other");
  expect(byForm?.spec).toEqual({ ...byWords?.spec, name: "dev" });
  expect(byForm).toMatchObject({ requester: USER, tenant: "team-a" });
  await now.until(() => now.posts().length > 0);
});

test.each<[string, Filled, Readonly<Record<string, string>>]>([
  [
    "a name that can't be one",
    { name: "Dev" },
    {
      name: "Dev can't be a cluster's name: write lower-case letters, digits and single dashes, at most 30, beginning with a letter.",
    },
  ],
  ["no name", {}, { name: "It needs a NAME: lower-case letters, digits and single dashes, at most 30." }],
  [
    "two things",
    { name: "dev", rwx: "100", ttl: "soon" },
    {
      rwx: "100 is not a size: write 100G, 100Gi or 1Ti.",
      ttl: "soon is not a time of at most ten years: write 12h, 7d or 1d12h.",
    },
  ],
  [
    "more than the tenant may have",
    { name: "dev", workers: "11", rwx: "5Ti" },
    {
      workers: expect.stringContaining("team-a may have 10 workers"),
      rwx: expect.stringContaining("5 TiB of shared storage is more than the 2 TiB"),
    },
  ],
])("%s is said at its field, and the form stays", async (_what, filled, errors) => {
  await open();
  expect(await send(filled)).toEqual({ errors });
  expect(form().callback_id).toBe("create:form");
  expect(await now.record()).toBeUndefined();
});

test("a name that is taken is said at the name, without a person's id or marks", async () => {
  await open();
  await now.type("create dev", "U0DEVTWO");
  expect(await send({ name: "dev" })).toEqual({
    errors: {
      name: "The name dev is taken: somebody asked for it, and it is being planned or waits for an approval. Choose another name, or type /k8s status dev to see it.",
    },
  });
});

test("there is as much room as the tightest quota leaves, and never less than none", () => {
  const line = (resource: string, used: number, limit: number, service = "compute") => ({
    service,
    resource,
    needs: 6,
    used,
    limit,
  });
  expect(roomFor(plan({ quota: [] }), 10)).toBe(8);
  expect(roomFor(plan({ quota: [line("cores", 4, 15), line("instances", 0, -1)] }), 10)).toBe(2);
  expect(roomFor(plan({ quota: [line("port", 0, 7, "network"), line("cores", 0, 100)] }), 10)).toBe(1);
  expect(roomFor(plan({ quota: [line("ram", 0, 5)] }), 10)).toBe(0);
  expect(roomFor(plan({ quota: [line("floatingip", 0, 6, "network")] }), 10)).toBe(8);
});

test("what does not fit the quota is said while one chooses", async () => {
  await open();
  now.cloud.quotas.set(now.cloud.project("team-a").id, "compute", "cores", 4);
  await choose({ workers: "4" });
  expect(words()).toContain(":no_entry: *1 thing to change*, named below.");
  expect(words()).toContain("It needs 14 more cores than the 4 left in team-a.");
});

test("a cloud that is away is said, and the form can be sent all the same", async () => {
  await open();
  now.cloud.faults.down("network");
  await choose({ name: "dev" });
  expect(words()).toContain("*Quota and price can't be told now*");
  expect(words()).toContain("The cloud's network service gave no answer");
  expect(await send({ name: "dev" })).toEqual({});
  expect(await now.record()).toBeDefined();
});

test("a cloud slower than Slack waits: the form says so, and the worker brings the plan", async () => {
  // Every deadline is met at once: nothing that is asked of the cloud is in time.
  let late = false;
  await open({ wait: (ms) => (late && ms > 0 && ms <= 1300 ? Promise.resolve() : new Promise(() => undefined)) });
  await planned();
  late = true;
  await choose({ name: "dev", workers: "7" });
  late = false;
  expect(words()).toContain("*Still looking*");
  await now.until(() => words().includes("8 servers"));
});

test("an older choice whose plan comes late does not go over a newer one", async () => {
  await open();
  await planned();
  const { slack } = now.deps;
  const { updateModal } = slack;
  const newer = Promise.withResolvers<void>();
  let calls = 0;
  Object.assign(slack, {
    updateModal: async (...args: Parameters<typeof updateModal>) => {
      calls += 1;
      if (calls === 1) await newer.promise;
      return updateModal(...args);
    },
  });
  const older = choose({ workers: "3" });
  while (calls === 0) await new Promise((tick) => setImmediate(tick));
  await choose({ workers: "6" });
  newer.resolve();
  await older;
  expect(words()).toContain("7 servers");
});

test("of two choices at the same moment the newest stays", async () => {
  await open();
  await planned();
  await Promise.all([choose({ workers: "4" }), choose({ workers: "5" })]);
  await now.until(() => now.queue.due(Number.POSITIVE_INFINITY).length === 0);
  expect(words()).toContain("6 servers");
});

test("a form that was closed tells what to type, and opens again as it was", async () => {
  await open();
  const untouched = form().id;
  await now.slack.acts.close(USER, untouched);
  expect(now.whispers(USER)).toEqual([]);
  await now.type("create");
  await choose({ name: "dev", rwx: "100G", template: "ha", dryRun: "yes" });
  await now.slack.acts.close(USER, form().id);
  expect(now.whispered(USER)).toContain(
    "nothing was asked for. To go on, type `/k8s create dev --rwx 100G --template ha --dry-run`",
  );
  const [said] = now.whispers(USER);
  if (said === undefined) throw new Error("nothing was said");
  await now.press(said, "create:open", USER);
  expect(element("name")).toMatchObject({ initial_value: "dev" });
  expect(element("template")).toMatchObject({ initial_option: { value: "ha" } });
  expect(element("dryRun")).toMatchObject({ initial_options: [{ value: "yes" }] });
  expect(await now.record()).toBeUndefined();
});

test("a form that Slack does not open any more: its person is told what to type", async () => {
  now = await workplace();
  now.slack.faults.down = true;
  await now.type("create");
  expect(now.whispered(USER)).toBe(
    ":no_entry: Slack did not open the form (`no_answer`), so nothing was done. Try again, or type `/k8s create dev --rwx 100G`",
  );
});

test("a stranger's channel opens nothing", async () => {
  now = await workplace();
  await now.type("create", USER, "C0ONCALL");
  expect(now.modal(USER)).toBeUndefined();
  expect(now.whispered(USER)).toContain("This channel is not connected to an OpenStack project");
});

test("who may not ask for clusters is told before the form", async () => {
  now = await workplace();
  Object.assign(now.deps.config.roles, { create: ["U0APPROVER"] });
  await now.type("create");
  expect(now.modal(USER)).toBeUndefined();
  expect(now.whispered(USER)).toContain("Asking for a cluster is for <@U0APPROVER>.");
});

test("an empty list has the button that opens it", async () => {
  now = await workplace();
  await now.type("list");
  const [said] = now.whispers(USER);
  if (said === undefined) throw new Error("nothing was said");
  await now.press(said, "create:open", USER);
  expect(form().callback_id).toBe("create:form");
});
