import { Resolver } from "node:dns/promises";
import { type Place, place } from "./place.ts";

// Goal: on a real OpenStack, signed requests to the served bot make a cluster that is all there, and leave nothing of it.

const NAME = "e2e";
/** Where the cloud's zone is answered: `HOST:PORT`. Without it, the DNS answers are not looked at. */
const DNS_SERVER = process.env["DNS_SERVER"];

let at: Place;
let bot: Place["bot"];

beforeAll(async () => {
  at = await place();
  bot = at.bot;
});
afterAll(() => at.leave());

const text = (user?: string): string =>
  bot
    .seen(user)
    .map((one) => JSON.stringify(one.blocks))
    .join("\n");
const says = (words: RegExp, user?: string) => () => (words.test(text(user)) ? true : undefined);

test("a create shows its plan, waits for an approver and ends ready", async () => {
  await bot.type(`create ${NAME} --rwx 100G`);
  await bot.until("the plan asks for an approval", says(/needs an approval/));
  // Not by the person who asks, and not by somebody whom policy does not name.
  await bot.press("request:approve", "U0DEV");
  await bot.press("request:approve", "U0ONCALL");
  expect(text("U0DEV")).toContain("somebody else has to decide");
  expect(text("U0ONCALL")).toContain("Deciding is for approvers");
  expect(await at.project.list()).toEqual(at.before);
  await bot.press("request:approve", "U0APPROVER");
  await bot.until("the cluster is ready", says(/is ready after/), 300);
});

test("each resource is there once", async () => {
  const made = (await at.project.list()).filter((one) => !at.before.includes(one));
  const counts: Record<string, number> = {};
  for (const one of made) {
    const kind = one.replace(/ \S+ \(.*$/, "");
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  expect(counts).toEqual({
    network: 1,
    subnet: 1,
    router: 1,
    // Three nodes, the router's interface, the VIP; the metadata agent's port is the cloud's own.
    port: expect.any(Number),
    floatingip: 2,
    "security group": expect.any(Number),
    server: 3,
    "server group": 2,
    "load balancer": 1,
    listener: 1,
    pool: 1,
    // The API, the wildcard and the PTR.
    recordset: 3,
    // The authorities, the logins of controllers, storage and the KMS plugin, and its key: nothing of any node is left.
    secret: 5,
    order: 1,
    share: 1,
    "application credential": 3,
  });
  expect(counts["port"]).toBeGreaterThanOrEqual(5);
});

test("DNS answers for the API and for any application", async () => {
  if (DNS_SERVER === undefined) return;
  const resolver = new Resolver();
  resolver.setServers([DNS_SERVER]);
  const look = (name: string) => bot.until(name, () => resolver.resolve4(name).catch(() => undefined), 20);
  const [api] = await look(`api.${NAME}.${at.zone}`);
  const [app] = await look(`anything.apps.${NAME}.${at.zone}`);
  expect(text()).toContain(api);
  expect(text()).toContain(app);
});

test("on-call asks for load balancers and DNS and sees what is so", async () => {
  const answers = () => bot.seen("U0ONCALL").filter((one) => one.visibleTo === "U0ONCALL");
  const told = () =>
    answers()
      .map((one) => JSON.stringify(one.blocks))
      .join("\n");
  await bot.until("what is told is what Octavia says itself", async () => {
    // Health is reported now and then: what was so before and after the question must have been so in between.
    const before = await at.project.memberStates();
    const count = answers().length;
    await bot.type(`lb ${NAME}`, "U0ONCALL");
    const words = await bot.until("the load balancer is told", () => {
      const said = answers().slice(count);
      return said.some((one) => JSON.stringify(one.blocks).includes("6443")) ? told() : undefined;
    });
    const after = await at.project.memberStates();
    expect([before.length, after.length]).toEqual([1, 1]);
    if (before[0] !== after[0]) return undefined;
    expect(words).toContain(`${after[0]}, ACTIVE`);
    return true;
  });
  await bot.type(`dns ${NAME}`, "U0ONCALL");
  await bot.until("the names are told", () => (told().includes(`*.apps.${NAME}.${at.zone}`) ? true : undefined));
  expect(told()).toContain(`api.${NAME}.${at.zone}`);
});

test("a delete asks once and leaves nothing", async () => {
  await bot.type(`delete ${NAME}`);
  await bot.press("delete:confirm", "U0DEV");
  await bot.until("the cluster is deleted", says(/is deleted after .*0 resources left/));
  expect(await bot.until("the project is as before", () => same(), 30)).toBe(true);
});

/** A listing may lag behind what was proved; what it must never show is more than before. */
async function same(): Promise<true | undefined> {
  const now = await at.project.list();
  return now.every((one) => at.before.includes(one)) && at.before.every((one) => now.includes(one)) ? true : undefined;
}
