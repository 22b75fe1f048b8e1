import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { tokenRefused, tokensOf } from "../../../functions/slack-token.ts";
import { createSlack, type SandboxSlack } from "../../../sandbox/slack/index.ts";
import { memoryStore } from "../../../shared/adapters/memory-store.ts";
import { redaction } from "../../../shared/adapters/redaction.ts";
import { sealer } from "../../../shared/adapters/slack-token-seal.ts";
import { slackWeb } from "../../../shared/adapters/slack-web.ts";
import { type Entry, type StateStore, StoreError } from "../../../shared/ports/store.ts";
import { countedChance } from "../../support/virtual.ts";

// Goal: with token rotation every call is made with a token that Slack takes, whoever dies, loses answers or comes at the same
// time; a refresh token is spent once, nobody reads one in the store, and what only a person can mend is said in one sentence.
const HOUR_MS = 3_600_000;
const APP = { clientId: "1.2", clientSecret: "5ecret-of-the-client", refreshToken: "xoxe-1-5ecret-first" };
const HELLO = { text: "hello", blocks: [] };

let nowMs: number;
let server: Server;
let slack: SandboxSlack;
let store: StateStore;
let exchanges: string[];
/** The refresh tokens that Slack has given out for them. */
let issued: string[];
/** How many answers of oauth.v2.access are lost on their way. */
let lost: number;
/** Before the answer of the next exchange goes out. */
let hold: (() => Promise<void>) | undefined;

beforeEach(async () => {
  [nowMs, exchanges, issued, lost, hold] = [Date.UTC(2026, 0, 1), [], [], 0, undefined];
  store = memoryStore(() => nowMs);
  const web = express();
  server = createServer(web).listen(0, "127.0.0.1");
  await once(server, "listening");
  const clock = { nowMs: () => nowMs, wait: async () => undefined };
  slack = createSlack({
    clock,
    chance: countedChance(),
    origin: "",
    botUrl: "http://127.0.0.1:9",
    signingSecret: "unused",
    token: "xoxe.xoxb-1-5ecret-on-the-page",
    rotation: APP,
  });
  web.use("/slack/api/oauth.v2.access", (request, response, next) => {
    const end = response.end.bind(response) as (...chunks: unknown[]) => typeof response;
    const waits = hold;
    hold = undefined;
    response.end = ((...chunks: unknown[]) => {
      exchanges.push(String(request.body?.refresh_token));
      issued.push(String(JSON.parse(String(chunks[0])).refresh_token));
      if (lost > 0) {
        lost -= 1;
        request.socket.destroy();
      } else void (waits?.() ?? Promise.resolve()).then(() => end(...chunks));
      return response;
    }) as typeof response.end;
    next();
  });
  web.use(slack.router);
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const pass = (ms: number): void => {
  nowMs += ms;
};

/** A process of the bot. */
function bot(over: Partial<typeof APP> = {}, its: StateStore = store, behindMs = () => 0) {
  const logged: string[] = [];
  const note = (event: string, fields: object = {}) => void logged.push(`${event} ${JSON.stringify(fields)}`);
  const clock = {
    nowMs: () => nowMs - behindMs(),
    async wait(ms: number) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      pass(ms);
    },
  };
  const api = { apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/api/` };
  const tokens = tokensOf({ ...APP, ...over }, api, {
    store: its,
    clock,
    log: { info: note, warn: note, error: note },
  });
  const web = slackWeb({ token: tokens, ...api });
  return { logged, tokens, post: () => web.post("C0TEAMA", HELLO) };
}
async function entries(prefix: string): Promise<readonly Entry[]> {
  const all: Entry[] = [];
  for await (const entry of store.list(prefix)) all.push(entry);
  return all;
}
const posts = (): number => slack.workspace.all().filter(({ text }) => text === HELLO.text).length;

test("the first refresh token is spent once; every other process finds the token in the store", async () => {
  const [one, other] = [bot(), bot()];
  await one.post();
  await one.post();
  await other.post();
  expect([exchanges, posts()]).toEqual([[APP.refreshToken], 3]);
  expect(other.logged).toEqual([]);
});

test("two hours before its end a token is renewed, for days on end", async () => {
  const one = bot();
  await one.post();
  pass(9.9 * HOUR_MS);
  await one.post();
  expect(exchanges).toHaveLength(1);
  for (let day = 0; day < 3; day += 1) {
    pass(11 * HOUR_MS);
    await one.post();
  }
  expect([exchanges.length, new Set(exchanges).size, posts()]).toEqual([4, 4, 5]);
  // After a week of silence too.
  pass(7 * 24 * HOUR_MS);
  await bot().post();
  expect([exchanges.length, posts()]).toEqual([5, 6]);
});

test("two processes at once: one spends the refresh token, the other waits for what comes of it", async () => {
  const both = [bot(), bot()];
  for (let day = 0; day < 2; day += 1) {
    await Promise.all(both.flatMap((one) => [one.post(), one.post()]));
    pass(13 * HOUR_MS);
  }
  expect([exchanges.length, new Set(exchanges).size, posts()]).toEqual([2, 2, 8]);
});

test("a token that ends under way: it is renewed, and the call that was refused is made once more", async () => {
  let behindMs = 0;
  const slow = bot({}, store, () => behindMs);
  await slow.post();
  pass(12.5 * HOUR_MS);
  behindMs = 5 * HOUR_MS;
  await slow.post();
  expect([exchanges.length, posts()]).toEqual([2, 2]);
});

test("a token that Slack has ended before its time, in the middle of several calls", async () => {
  const one = bot();
  await one.post();
  slack.oauth.revoke(await one.tokens.current());
  await Promise.all([one.post(), one.post(), one.post()]);
  expect([exchanges.length, posts()]).toEqual([2, 4]);
});

test("the answer is lost after the refresh token was spent: it is asked for again at once", async () => {
  const one = bot();
  lost = 2;
  await one.post();
  expect([exchanges, posts()]).toEqual([[APP.refreshToken, APP.refreshToken, APP.refreshToken], 1]);
  // The newest of the three is the one that goes on.
  pass(11 * HOUR_MS);
  await bot().post();
  expect(posts()).toBe(2);
});

test("the process dies over it: the next one spends the same token while Slack still takes it", async () => {
  lost = 3;
  await expect(bot().post()).rejects.toMatchObject({ code: "no_answer" });
  const next = bot();
  await expect(next.post()).rejects.toThrow(
    "Slack's token is not renewed yet: another process is at it, or has just failed",
  );
  pass(9000);
  await next.post();
  expect(posts()).toBe(1);
});

test("the store is away when the answer comes: the process goes on with it, and writes it down later", async () => {
  let away = true;
  const shaky: StateStore = {
    ...store,
    putIfAbsent: async (key, ...rest) => {
      if (away && key.startsWith("slack-token/")) throw new StoreError("away");
      return store.putIfAbsent(key, ...rest);
    },
  };
  const one = bot({}, shaky);
  await one.post();
  await one.post();
  expect([posts(), one.logged.at(-1)]).toEqual([2, 'slack.unsaved {"error":"StoreError: away"}']);
  // Whoever came next would spend a token that is spent.
  expect(await entries("slack-token-lease/")).toHaveLength(1);
  away = false;
  await one.post();
  await bot().post();
  expect([exchanges.length, posts()]).toEqual([1, 4]);
});

test("a process that slept over its lease takes what another has got meanwhile", async () => {
  const [sleeper, other] = [bot(), bot()];
  hold = async () => {
    pass(13_000);
    await other.post();
  };
  await sleeper.post();
  expect([exchanges.length, posts()]).toEqual([2, 2]);
  pass(11 * HOUR_MS);
  await sleeper.post();
  await other.post();
  expect([exchanges.length, posts()]).toEqual([3, 4]);
});

test("a process that slept writes before the newer one does: the newer token goes over it", async () => {
  const [sleeper, other] = [bot(), bot()];
  let newer: Promise<unknown> | undefined;
  const isWritten = async () => (await entries("slack-token/")).length > 0;
  const until = async (done: () => boolean | Promise<boolean>) => {
    while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  hold = async () => {
    pass(13_000);
    hold = () => until(isWritten);
    newer = other.post();
    await until(() => exchanges.length === 2);
  };
  await Promise.all([sleeper.post(), until(() => newer !== undefined)]);
  await newer;
  expect([exchanges, posts()]).toEqual([[APP.refreshToken, APP.refreshToken], 2]);
  pass(11 * HOUR_MS);
  await bot().post();
  expect(exchanges.at(-1)).toBe(issued[1]);
});

test("a process that slept over its lease leaves it to who has it now", async () => {
  const [sleeper, other] = [bot(), bot()];
  let newer: Promise<unknown> | undefined;
  let hasEnded = false;
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  hold = async () => {
    pass(13_000);
    hold = () => until(() => hasEnded);
    newer = other.post();
    newer.catch(() => undefined);
    await until(() => exchanges.length === 2);
  };
  await sleeper.post();
  expect(await entries("slack-token-lease/")).toHaveLength(1);
  hasEnded = true;
  await newer;
  expect(await entries("slack-token-lease/")).toEqual([]);
});

test("a token that is over is no other one", async () => {
  const one = bot();
  const first = await one.tokens.current();
  expect(await one.tokens.instead("xoxb-another")).toBe(first);
  pass(13 * HOUR_MS);
  expect(await one.tokens.instead("xoxb-another")).not.toBe(first);
});

test("a wrong client secret: one sentence, and the old token serves to its end", async () => {
  const wrong = "5ecret-wrong";
  const said =
    "Slack renews the bot's token no more (bad_client_secret). Copy SLACK_CLIENT_ID and SLACK_CLIENT_SECRET again from your Slack app's page, App Credentials.";
  expect(await tokenRefused(bot({ clientSecret: wrong }).tokens)).toEqual([said]);
  // And it is whole in the log, where much that follows "Basic" is masked.
  expect(redaction()({ said })).toEqual({ said });
  pass(13_000);
  expect(await tokenRefused(bot().tokens)).toEqual([]);
  pass(11 * HOUR_MS);
  const one = bot({ clientSecret: wrong });
  await one.post();
  await one.post();
  const refusal = `slack.token ${JSON.stringify({ error: said })}`;
  expect(one.logged).toEqual([refusal]);
  pass(60_000);
  await one.post();
  expect(one.logged).toEqual([refusal, refusal]);
  pass(1 * HOUR_MS);
  await expect(one.post()).rejects.toMatchObject({ code: "bad_client_secret", message: said });
  expect(posts()).toBe(3);
  pass(13_000);
  await bot().post();
  expect(posts()).toBe(4);
});

test("a refresh token that was lost for good: what to do, and a new one is another beginning", async () => {
  lost = 3;
  await expect(bot().post()).rejects.toMatchObject({ code: "no_answer" });
  pass(60_000);
  const one = bot();
  await expect(one.post()).rejects.toMatchObject({
    code: "invalid_refresh_token",
    message:
      "Slack renews the bot's token no more (invalid_refresh_token). Install the app again on your Slack app's page, OAuth & Permissions, and set SLACK_REFRESH_TOKEN to the one that is there then.",
  });
  await bot({ refreshToken: slack.oauth.reinstall() }).post();
  expect(posts()).toBe(1);
});

test("Slack or the store being silent is no reason not to start", async () => {
  slack.faults.down = true;
  expect(await tokenRefused(bot().tokens)).toEqual([]);
  const gone: StateStore = { ...store, get: () => Promise.reject(new StoreError("gone")) };
  expect(await tokenRefused(bot({}, gone).tokens)).toEqual([]);
});

test("a new client secret changes nothing about the tokens", async () => {
  await bot().post();
  await bot({ clientSecret: "another" }).post();
  expect([exchanges.length, posts()]).toEqual([1, 2]);
});

test("the store and the log hold no token, and what somebody else has written there is not taken", async () => {
  const one = bot();
  await one.post();
  pass(11 * HOUR_MS);
  await one.post();
  const all = await entries("");
  expect(all.map(({ key }) => key.replace(/[0-9a-f]{32}$/, "…"))).toEqual(["slack-token/…"]);
  expect(`${JSON.stringify(all)}${one.logged.join()}`).not.toMatch(/xox|5ecret/);
  const [kept] = all;
  if (kept === undefined) throw new Error("nothing is kept");
  await store.replace(kept.key, JSON.stringify("AAAA"), kept.version);
  await expect(bot().post()).rejects.toThrow(`Slack's token: ${kept.key} was not written by kinvirt`);
});

test("what is sealed opens with the same secret for the same purpose, unchanged, and looks different each time", () => {
  const { seal, open, name } = sealer("5ecret", "test");
  const sealed = seal("täxt");
  expect([open(sealed), seal("täxt") === sealed, sealed.includes("t")]).toEqual(["täxt", false, expect.any(Boolean)]);
  expect(sealer("5ecret", "test").open(sealed)).toBe("täxt");
  expect(sealer("5ecret", "test").name).toBe(name);
  for (const other of [sealer("5ecreT", "test"), sealer("5ecret", "other")])
    expect([other.open(sealed), other.name === name]).toEqual([undefined, false]);
  const bytes = Buffer.from(sealed, "base64url");
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(open(changed.toString("base64url"))).toBeUndefined();
  }
  expect(open("")).toBeUndefined();
});
