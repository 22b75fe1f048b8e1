import { socketFront } from "../../functions/socket.ts";
import { memoryStore } from "../../shared/adapters/memory-store.ts";
import type { Proxies } from "../../shared/adapters/proxies.ts";
import { StoreError } from "../../shared/ports/store.ts";
import { desk } from "../handlers/desk.ts";
import { forwardProxy } from "../support/proxy.ts";
import { socketSlack } from "../support/socket-slack.ts";

// Goal: over Socket Mode the bot is the same as over HTTP: it answers what a person typed on the connection itself, acts once on
// what comes twice, leaves unanswered what it could not take, and comes back when the connection ends.
jest.setTimeout(20_000);
const APP_TOKEN = "xapp-1-of-the-test";

async function connected(over: Parameters<typeof desk>[0] = {}, proxies?: Proxies) {
  const inside = desk(over);
  const slack = await socketSlack(APP_TOKEN);
  const front = await socketFront(inside.deps, "a-secret-of-this-process", {
    appToken: APP_TOKEN,
    apiUrl: slack.apiUrl,
    proxies,
  });
  return {
    ...inside,
    ...slack,
    close: async () => {
      await front.stop();
      await slack.close();
    },
  };
}

const command = (text: string, trigger: string) => ({
  command: "/k8s",
  text,
  user_id: "U0DEV",
  channel_id: "C0TEAMA",
  team_id: "T1",
  trigger_id: trigger,
  response_url: "http://127.0.0.1:9/none",
});
const envelope = (id: string, type: string, payload: object, retries = 0) => ({
  type,
  envelope_id: id,
  payload,
  accepts_response_payload: type !== "events_api",
  ...(retries > 0 ? { retry_attempt: retries, retry_reason: "timeout" } : {}),
});

const MENTION = {
  type: "event_callback",
  event_id: "Ev1",
  team_id: "T1",
  event: { type: "app_mention", user: "U0DEV" },
};

test("a command is answered on the connection, and once however often it comes", async () => {
  const at = await connected();
  at.say(envelope("e1", "slash_commands", command("create dev", "t1")));
  await at.until(() => at.acks.length === 1);
  expect(at.acks[0]).toMatchObject({
    envelope_id: "e1",
    payload: { response_type: "ephemeral", text: ":mag: Planning to create dev; the plan appears here in a moment." },
  });
  at.clock.pass(1000);
  at.say(envelope("e2", "slash_commands", command("create dev", "t1"), 1));
  await at.until(() => at.acks.length === 2);
  expect(at.acks[1]).toEqual({ envelope_id: "e2", payload: {} });
  expect(at.queued()).toHaveLength(1);
  await at.close();
});

test("letters beyond ASCII, and what nobody knows", async () => {
  const at = await connected();
  at.say(envelope("e1", "slash_commands", command("create dév-übung-🚀", "t1")));
  await at.until(() => at.acks.length === 1);
  expect(JSON.stringify(at.acks[0])).toContain("`dév-übung-🚀` can't be a cluster's name");
  at.say({ type: "weather", envelope_id: "e2", payload: {} });
  at.say(envelope("e3", "events_api", MENTION));
  await at.until(() => at.acks.length === 2);
  expect(at.acks[1]).toEqual({ envelope_id: "e3", payload: {} });
  expect(at.logged.map((one) => one.event)).not.toContain("socket.unanswered");
  await at.close();
});

test("what is being answered when the process ends is answered first", async () => {
  const store = memoryStore(() => 0);
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = async (...args: Parameters<typeof store.putIfAbsent>) => {
    begun.resolve();
    await gate.promise;
    return store.putIfAbsent(...args);
  };
  const at = await connected({ store: { ...store, putIfAbsent: slow } });
  at.say(envelope("e1", "events_api", MENTION));
  await begun.promise;
  const closed = at.close();
  await new Promise((later) => setTimeout(later, 20));
  gate.resolve();
  await closed;
  expect(at.acks).toEqual([{ envelope_id: "e1", payload: {} }]);
});

test("a store that is down: a person is told, an event stays unanswered and comes again", async () => {
  let down = true;
  const store = memoryStore(() => 0);
  const putIfAbsent: typeof store.putIfAbsent = (...args) =>
    down ? Promise.reject(new StoreError("store: refused")) : store.putIfAbsent(...args);
  const at = await connected({ store: { ...store, putIfAbsent } });
  at.say(envelope("e1", "events_api", MENTION));
  at.say(envelope("e2", "slash_commands", command("list", "t1")));
  await at.until(() => at.acks.length === 1);
  expect(at.acks[0]).toMatchObject({
    envelope_id: "e2",
    payload: { text: expect.stringContaining("nothing was done") },
  });
  down = false;
  at.say(envelope("e3", "events_api", MENTION, 1));
  await at.until(() => at.acks.length === 2);
  expect(at.acks[1]).toEqual({ envelope_id: "e3", payload: {} });
  expect(at.logged.map((one) => one.event)).toContain("socket.unanswered");
  await at.close();
});

test("a connection that Slack ends is made anew", async () => {
  const at = await connected();
  at.say({ type: "disconnect", reason: "refresh_requested" });
  await at.until(() => at.opened() === 2);
  at.say(envelope("e1", "slash_commands", command("help", "t1")));
  await at.until(() => at.acks.length === 1);
  expect(at.acks[0]?.envelope_id).toBe("e1");
  await at.close();
});

test("behind a proxy the connection goes through it", async () => {
  const proxy = await forwardProxy();
  const at = await connected({}, { httpProxy: proxy.url, httpsProxy: "", noProxy: "" });
  at.say(envelope("e1", "slash_commands", command("create dev", "t1")));
  await at.until(() => at.acks.length === 1);
  await at.close();
  await proxy.close();
  expect(proxy.passed.at(-1)).toContain(new URL(at.apiUrl).host);
});
