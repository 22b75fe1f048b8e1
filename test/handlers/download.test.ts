import { createHash, X509Certificate } from "node:crypto";
import express from "express";
import { request } from "undici";
import { parse } from "yaml";
import { download } from "../../handlers/download.ts";
import { listenOn, type Running } from "../../handlers/run.ts";
import { issue, redeem, type Ticket } from "../../handlers/tickets.ts";
import { newPki, pkiText } from "../../shared/bootstrap/pki.ts";
import type { Deps } from "../../shared/ports/deps.ts";
import { newestFirst } from "../../shared/state/audit.ts";
import { clusters } from "../../shared/state/index.ts";
import { type Desk, desk } from "./desk.ts";
import { NOW_MS, record, step } from "./given.ts";

// Goal: a link gives one file, to whoever it was made for, with the role and the hours that were asked for; and nothing when it
// is used, old, of another cluster, or no link at all.
const TOKEN = "k".repeat(42);
const steps = {
  "kubernetes-api": step(),
  "secret/pki": step({ facts: { href: "https://barbican.example.org/v1/secrets/1" } }),
  "floating-ip/api": step({ facts: { address: "203.0.113.68" } }),
};

let pki: string;
let getPayload: () => Promise<string>;
let one: Desk;
let front: Running;

beforeAll(async () => {
  pki = pkiText(await newPki({ cluster: "k7f3m2q9x1", nowMs: NOW_MS, seed: "s".repeat(40) }));
});

/** As the front door has it, over this store. */
async function opened(over: Partial<Deps> = {}): Promise<void> {
  const cloudOf = () => ({ keyManager: { getPayload: () => getPayload() } }) as never;
  one = desk({ cloudOf, publicUrl: "https://links.example.org", ...over });
  front = await listenOn(express().use(download(one.deps)), 0, "127.0.0.1");
}

beforeEach(async () => {
  getPayload = async () => pki;
  await opened();
  await one.hold(record({}, { steps }));
});
afterEach(() => front.stop());

async function ask(method: "GET" | "POST", path: string) {
  const { statusCode, headers, body } = await request(`${front.url}${path}`, { method });
  return { status: statusCode, headers, text: await body.text() };
}

/** The path of the link that this answers. */
async function link(words = "", user = "U0OTHER"): Promise<string> {
  const said = await one.type(`kubeconfig dev ${words}`, user);
  return new RegExp(`https://links.example.org(/kubeconfig/${TOKEN}[a-z0-9])`).exec(said)?.[1] ?? said;
}

async function stored(prefix: string): Promise<readonly (readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  for await (const { key, value } of one.deps.store.list(prefix)) found.push([key, value]);
  return found;
}

async function recorded() {
  const found: unknown[] = [];
  for await (const { what, actor, detail } of newestFirst(one.deps.store, "team-a"))
    found.unshift([what, actor, detail]);
  return found;
}

const certificateOf = (text: string): X509Certificate => {
  const { users } = parse(text) as { users: { user: Record<string, string> }[] };
  return new X509Certificate(Buffer.from(users[0]?.user["client-certificate-data"] ?? "", "base64"));
};

test("a link is good for its person, role and hours; only its hash is kept, for ten minutes", async () => {
  const token = (await link()).slice("/kubeconfig/".length);
  const ticket = { cluster: "team-a/dev", id: "k7f3m2q9x1", user: "U0OTHER", role: "edit", hours: 8 };
  const hash = createHash("sha256").update(token).digest("hex");
  expect(await stored("ticket/")).toEqual([[`ticket/${hash}`, JSON.stringify(ticket)]]);
  expect(JSON.stringify(await stored(""))).not.toContain(token);
  expect(one.logged).toEqual([{ event: "kubeconfig.asked", fields: ticket }]);
  expect(await recorded()).toEqual([["kubeconfig.asked", "U0OTHER", { role: "edit", hours: "8" }]]);
  one.clock.pass(599_999);
  expect((await ask("GET", `/kubeconfig/${token}`)).status).toBe(200);
  one.clock.pass(1);
  expect((await ask("GET", `/kubeconfig/${token}`)).status).toBe(410);
  expect((await ask("POST", `/kubeconfig/${token}`)).status).toBe(410);
});

test("what is asked before it is recorded does not exist: no chain, no link", async () => {
  const { store } = one.deps;
  const putIfAbsent: typeof store.putIfAbsent = (key, value, seconds) =>
    key.startsWith("audit/") ? Promise.reject(new Error("away")) : store.putIfAbsent(key, value, seconds);
  const other = desk({ ...one.deps, store: { ...store, putIfAbsent } });
  await expect(other.type("kubeconfig dev")).rejects.toThrow("away");
  expect(await stored("ticket/")).toEqual([]);
});

test("a look uses nothing up; the file comes once, and what comes later is over", async () => {
  const path = await link("--role view --hours 2");
  const page = await ask("GET", path);
  expect(page.text).toContain("<b>dev</b> with the role <b>view</b>. Its certificate ends in 2 hours.");
  const file = await ask("POST", path);
  const certificate = certificateOf(file.text);
  expect(certificate.subject.split("\n").sort()).toEqual(["CN=slack:U0OTHER", "O=kinvirt:view"]);
  expect(Date.parse(certificate.validTo)).toBe(NOW_MS + 2 * 3_600_000);
  expect(parse(file.text)).toMatchObject({
    clusters: [{ name: "dev", cluster: { server: "https://api.dev.k8s.example.org:6443" } }],
    users: [{ name: "view@dev" }],
  });
  expect(await stored("ticket/")).toEqual([]);
  for (const method of ["POST", "GET"] as const) expect((await ask(method, path)).status).toBe(410);
  expect(await recorded()).toEqual([
    ["kubeconfig.asked", "U0OTHER", { role: "view", hours: "2" }],
    ["kubeconfig.downloaded", "U0OTHER", { role: "view", hours: "2" }],
  ]);
  const fields = { cluster: "team-a/dev", id: "k7f3m2q9x1", user: "U0OTHER", role: "view", hours: 2 };
  expect(one.logged.map(({ event }) => event)).toEqual(["kubeconfig.asked", "kubeconfig.downloaded"]);
  expect(one.logged.map((line) => line.fields)).toEqual([fields, fields]);
});

test("neither the page nor the file is kept, framed, told of to others or guessed at", async () => {
  const path = await link();
  for (const method of ["GET", "POST", "POST"] as const)
    expect((await ask(method, path)).headers).toMatchObject({
      "cache-control": "no-store",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-robots-tag": "noindex",
    });
});

test.each([
  ["another cluster that has its name now", async () => one.hold(record({ id: "kanother00" }, { steps }))],
  ["no cluster any more", async () => undefined],
])("a link of a cluster that has gone: %s", async (_what, then) => {
  const path = await link();
  await clusters(one.deps.store).remove("team-a/dev", () => true);
  await then();
  expect((await ask("POST", path)).status).toBe(410);
  expect(await recorded()).toHaveLength(1);
});

test("what is no token is not even looked for", async () => {
  await front.stop();
  const get = () => Promise.reject(new Error("the store was asked"));
  await opened({ store: { ...one.deps.store, get } });
  for (const token of ["x", "K".repeat(43), `${TOKEN}0x`, `${TOKEN}%2f`])
    for (const method of ["GET", "POST"] as const) expect((await ask(method, `/kubeconfig/${token}`)).status).toBe(410);
  expect((await ask("GET", `/kubeconfig/${TOKEN}0`)).status).toBe(503);
  expect(JSON.stringify(one.logged)).not.toContain(TOKEN);
});

test("a cloud that is away costs nobody their link, and the log does not tell it", async () => {
  const path = await link();
  getPayload = () => Promise.reject(new Error("Barbican is away"));
  const answer = await ask("POST", path);
  expect([answer.status, answer.text.includes("The link is still good")]).toEqual([503, true]);
  expect(one.logged.at(-1)).toEqual({
    event: "kubeconfig.failed",
    fields: { error: "Error: Barbican is away" },
  });
  getPayload = async () => pki;
  expect((await ask("POST", path)).status).toBe(200);
});

test("a download that dies between its record and its file is recorded once", async () => {
  const path = await link();
  const { store } = one.deps;
  let dies = true;
  const putIfAbsent: typeof store.putIfAbsent = (key, value, seconds) =>
    dies && key.startsWith("once/ticket/") ? Promise.reject(new Error("away")) : store.putIfAbsent(key, value, seconds);
  await front.stop();
  await opened({ store: { ...store, putIfAbsent } });
  expect((await ask("POST", path)).status).toBe(503);
  one.clock.pass(1000);
  dies = false;
  expect((await ask("POST", path)).status).toBe(200);
  expect(await recorded()).toHaveLength(2);
});

test("of two at the same moment one gets it; and a mark that outlives its ticket keeps a third out", async () => {
  const { store, chance } = one.deps;
  const ticket: Ticket = { cluster: "team-a/dev", id: "k7f3m2q9x1", user: "U0DEV", role: "view", hours: 1 };
  const both = await issue({ store, chance }, ticket);
  const got = await Promise.all([redeem(store, both), redeem(store, both)]);
  expect(got.filter((found) => found !== undefined)).toEqual([ticket]);
  const token = await issue({ store, chance }, ticket);
  const dying = { ...store, delete: () => Promise.reject(new Error("away")) };
  await expect(redeem(dying, token)).rejects.toThrow("away");
  one.clock.pass(599_000);
  expect(await redeem(store, token)).toBeUndefined();
});

test("a cluster that is going gives no more kubeconfigs", async () => {
  await clusters(one.deps.store).change("team-a/dev", (now) => ({ ...now, wish: "absent" }));
  expect(await one.type("kubeconfig dev")).toBe(
    ":no_entry: *dev* is being deleted: `/k8s list` shows the clusters that stay.",
  );
  expect(await stored("ticket/")).toEqual([]);
});
