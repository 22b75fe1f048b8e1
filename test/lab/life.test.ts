import { Resolver } from "node:dns/promises";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wordsOf } from "../handlers/desk.ts";
import { byHand } from "./by-hand.ts";
import { MADE } from "./inventory.ts";
import { type Place, place } from "./place.ts";

// Goal: on a real OpenStack, signed requests to the served bot make a cluster that is all there, and leave nothing of it.

const NAME = "e2e";
/** Where the cloud's zone is answered: `HOST:PORT`. Without it, the DNS answers are not looked at. */
const DNS_SERVER = process.env["DNS_SERVER"];

/** Everything that on-call people were told, one file for whoever writes about it. */
const TOLD = process.env["TOLD"];

let at: Place;
let bot: Place["bot"];

/** The example, whose zones are looked up at DNS_SERVER. */
function lookingConfig(server: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "kinvirt-")), "kinvirt.yaml");
  const text = readFileSync("kinvirt.example.yaml", "utf8");
  writeFileSync(
    file,
    text.replaceAll(/^ +dnsZone: .*$/gm, (line) => `${line}\n    nameServers: ["${server}"]`),
  );
  return file;
}

beforeAll(async () => {
  at = await place(DNS_SERVER === undefined ? {} : { KINVIRT_CONFIG: lookingConfig(DNS_SERVER) });
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
  // Three nodes, the router's interface, the VIP; the metadata agent's port is the cloud's own.
  expect(counts).toEqual({ ...MADE, port: expect.any(Number), "security group": expect.any(Number) });
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

/** What a question comes to: the first answer after it that has its buttons. */
async function asked(words: string): Promise<string> {
  const answers = () => bot.seen("U0ONCALL").filter((one) => one.visibleTo === "U0ONCALL");
  const count = answers().length;
  await bot.type(words, "U0ONCALL");
  const said = await bot.until(`an answer to ${words}`, () => {
    const found = answers().slice(count);
    return found.find((one) => JSON.stringify(one.blocks).includes("oncall:"));
  });
  const told = wordsOf({ text: said.text, blocks: said.blocks as never });
  if (TOLD !== undefined) writeFileSync(TOLD, `/k8s ${words}\n${told}\n\n`, { flag: "a" });
  return told;
}

const first = (words: string): string => words.split("\n")[0] ?? "";

test("on-call people are told that all is well, and by what", async () => {
  await bot.until("its load balancer's members are up", async () => {
    const [state] = await at.project.memberStates();
    return state === "ONLINE" ? true : undefined;
  });
  const lb = await asked(`lb ${NAME} api`);
  expect(lb).toMatch(/pool \S+: 1 member, health monitor TCP/);
  expect(first(await asked(`nodes ${NAME}`))).toBe(`:white_check_mark: All 3 nodes of *${NAME}* are Ready.`);
  const storage = await asked(`storage ${NAME}`);
  expect(first(storage)).toBe(`:white_check_mark: The storage of *${NAME}* is well: 1 share, 0 claimed.`);
  expect(storage).toContain("`10.20.0.0/24` may mount it (rw): active");
  const kms = await asked(`kms ${NAME}`);
  expect(kms).toMatch(/secret pki ACTIVE, private/);
  expect(kms).toMatch(/encryption key kms ACTIVE/);
  expect(await asked(`events ${NAME}`)).toContain("load balancer api: ready (ACTIVE) after");
  const dns = await asked(`dns ${NAME}`);
  expect(first(dns)).toBe(`:white_check_mark: All 3 DNS names of *${NAME}* are right.`);
  expect(dns).toMatch(/\*Zone\* `\S+` ACTIVE, serial \d+/);
  if (DNS_SERVER !== undefined) {
    expect(dns).toContain(`\`${DNS_SERVER}\`: \`api.${NAME}.${at.zone}.\` A right`);
    expect(await asked(`dns shop.apps.${NAME}.${at.zone}`)).toContain("is answered as it should be");
  }
  // Health is reported now and then; what is so when it was is well.
  const well = `:white_check_mark: *${NAME}* is well, as the cloud says now.`;
  await bot.until("the summary says that all is well", async () =>
    first(await asked(`status ${NAME}`)) === well ? true : undefined,
  );
});

/** Octavia takes no change while it works on another: then it is as it was. */
const switchMember = (on: boolean) =>
  byHand(at.cloud, async ({ loadBalancer }) => {
    const pool = (await loadBalancer.listPools()).find(({ name }) => name.startsWith(`${NAME}-`))?.id ?? "";
    const [member] = await loadBalancer.listMembers(pool);
    const change = { admin_state_up: on } as object;
    return loadBalancer.updateMember(pool, member?.id ?? "", change).then(
      () => true as const,
      () => undefined,
    );
  });

const deleteRecord = () =>
  byHand(at.cloud, async ({ dns }) => {
    const [record] = await dns.listRecordsets({ name: `*.apps.${NAME}.${at.zone}.`, type: "A" });
    if (record !== undefined) await dns.deleteRecordset(record.zone_id, record.id);
  });

test("what somebody breaks by hand is told with what to do, and mended", async () => {
  // Broken before each question: the bot puts right what is its own, whether somebody asks or not.
  await bot.until("the member is told", async () => {
    await switchMember(false);
    return (await asked(`lb ${NAME}`)).includes("control-plane-1 switched off by somebody") ? true : undefined;
  });
  await bot.until("it is switched on again", () => switchMember(true));
  await bot.until("the record is told", async () => {
    await deleteRecord();
    return /apps\S+ A\*: Missing: .* puts it right/.test(await asked(`dns ${NAME}`)) ? true : undefined;
  });
  await bot.press("cluster:retry", "U0ONCALL");
  const well = `:white_check_mark: All 3 DNS names of *${NAME}* are right.`;
  await bot.until("the record is back", async () => (first(await asked(`dns ${NAME}`)) === well ? true : undefined));
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
