import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { SlackTokens } from "../../../shared/adapters/slack-token.ts";
import { type SlackWebOptions, slackWeb } from "../../../shared/adapters/slack-web.ts";
import { openSlack, TOKEN } from "../../sandbox/slack/api.ts";

// Goal: what is asked of Slack, call by call, and what each of its failures means: a refusal, a rate limit that is kept to, or
// no answer, after which nobody knows whether the call was carried out.
interface Asked {
  readonly method: string;
  readonly token: string;
  readonly form: Readonly<Record<string, string>>;
}
interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

let server: Server;
let asked: Asked[];
/** Of the next calls, and `{ ok: true }` of those behind them. */
let answers: Answer[];
const MESSAGE = { text: "hello", blocks: [] };

async function note(request: IncomingMessage): Promise<void> {
  const form = Object.fromEntries(new URLSearchParams(await text(request)));
  const token = String(request.headers.authorization).replace("Bearer ", "");
  asked.push({ method: String(request.url).replace("/api/", ""), token, form });
}
beforeEach(async () => {
  [asked, answers] = [[], []];
  server = createServer(async (request, response) => {
    await note(request);
    const { status = 200, headers = {}, body = { ok: true, ts: "1.0" } } = answers.shift() ?? {};
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});
const open = (token: string | SlackTokens = "xoxb-1", told: Omit<SlackWebOptions, "token"> = {}) =>
  slackWeb({ token, apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`, ...told });
const refusing = (error: string): Answer => ({ body: { ok: false, error } });

test.each([
  ["internal_error", "no_answer", "Slack could not carry out chat.postMessage: internal_error"],
  ["fatal_error", "no_answer", "Slack could not carry out chat.postMessage: fatal_error"],
  ["service_unavailable", "no_answer", "Slack could not carry out chat.postMessage: service_unavailable"],
  ["request_timeout", "no_answer", "Slack could not carry out chat.postMessage: request_timeout"],
  ["rate_limited", "ratelimited", "Slack refused chat.postMessage: rate_limited"],
  ["is_archived", "is_archived", "Slack refused chat.postMessage: is_archived"],
])("Slack says %s, which is %s, after one try", async (error, code, message) => {
  answers = [refusing(error)];
  await expect(open().post("C1", MESSAGE)).rejects.toMatchObject({ code, message });
  expect(asked).toHaveLength(1);
});

test("an answer of a proxy, an answer without a ts and no answer, each after one try", async () => {
  const slack = open();
  answers = [{ status: 502 }];
  const said = "Slack answered chat.postMessage with HTTP 502";
  await expect(slack.post("C1", MESSAGE)).rejects.toMatchObject({ code: "no_answer", message: said });
  answers = [{ body: { ok: true } }];
  await expect(slack.post("C1", MESSAGE)).rejects.toMatchObject({ code: "no_ts" });
  expect(asked).toHaveLength(2);
  server.close();
  server.closeAllConnections();
  await expect(slack.post("C1", MESSAGE)).rejects.toMatchObject({ code: "no_answer" });
});

test("a rate limit is kept to, in that channel, and whole seconds are left of it", async () => {
  const slack = open();
  answers = [{ status: 429, headers: { "retry-after": "30" }, body: { ok: false, error: "ratelimited" } }];
  const limited = { code: "ratelimited", retryAfterSeconds: 30 };
  await expect(slack.post("C1", MESSAGE)).rejects.toMatchObject(limited);
  await new Promise((later) => setTimeout(later, 5));
  await expect(slack.post("C1", MESSAGE)).rejects.toMatchObject(limited);
  expect(asked).toHaveLength(1);
  expect(await slack.post("C2", MESSAGE)).toEqual({ ts: "1.0" });
});

test("what has to wait is a rate limit in the figures, but for progress, which comes more seldom then", async () => {
  const results: string[] = [];
  const metrics = {
    count: () => undefined,
    set: () => undefined,
    observe: (_name: string, labels: object) => void results.push(JSON.stringify(labels)),
  };
  const slack = open("xoxb-1", { metrics, budget: () => 1.2 });
  const limited = { code: "ratelimited", retryAfterSeconds: 2, message: "Slack takes no chat.update for 2 s" };
  await expect(slack.edit("C1", "1.0", MESSAGE, { progress: true })).rejects.toMatchObject(limited);
  expect(results).toEqual([]);
  await expect(slack.edit("C1", "1.0", MESSAGE)).rejects.toMatchObject(limited);
  expect(results).toEqual(['{"method":"chat.update","result":"ratelimited"}']);
  expect(asked).toEqual([]);
});

test("a post has its key, its thread, and no preview of what it links to", async () => {
  await open().post("C1", MESSAGE, { key: "k1/live", thread: "0.9" });
  expect(asked).toEqual([
    {
      method: "chat.postMessage",
      token: "xoxb-1",
      form: {
        channel: "C1",
        text: "hello",
        blocks: "[]",
        metadata: JSON.stringify({ event_type: "kinvirt", event_payload: { key: "k1/live" } }),
        thread_ts: "0.9",
        unfurl_links: "false",
        unfurl_media: "false",
      },
    },
  ]);
});

test("what was posted is found by its key, and not in another's metadata", async () => {
  const carrying = (ts: string, event_type: string, key: string) => ({
    ts,
    metadata: { event_type, event_payload: { key } },
  });
  answers = [
    { body: { ok: true, messages: [carrying("3", "other", "k"), { ts: "2" }, carrying("1", "kinvirt", "k")] } },
  ];
  expect(await open().findPosted("C1", "k")).toBe("1");
  expect(asked[0]?.form).toMatchObject({ channel: "C1", limit: "100", include_all_metadata: "true" });
});

test("in a thread of hundreds the last is found too", async () => {
  const world = await openSlack();
  const slack = slackWeb({ token: TOKEN, apiUrl: `${world.url}/slack/api/` });
  try {
    const { ts: thread } = await slack.post("C0TEAMA", MESSAGE);
    for (let n = 0; n < 120; n += 1) world.acts.say("U0DEV", "C0TEAMA", `${n}`, thread);
    const { ts } = await slack.post("C0TEAMA", MESSAGE, { key: "last", thread });
    expect(await slack.findPosted("C0TEAMA", "last", thread)).toBe(ts);
  } finally {
    await world.close();
  }
});

test("a view is changed only as it was seen, and each token has its own client", async () => {
  let token = "xoxb-1";
  const slack = open({ current: async () => token, instead: async () => undefined });
  await slack.updateModal("V1", { type: "modal", title: { type: "plain_text", text: "x" }, blocks: [] }, "h1");
  token = "xoxb-2";
  await slack.edit("C1", "1.0", MESSAGE);
  expect(asked.map((one) => [one.method, one.token, one.form["hash"]])).toEqual([
    ["views.update", "xoxb-1", "h1"],
    ["chat.update", "xoxb-2", undefined],
  ]);
});

test.each([
  "token_expired",
  "token_revoked",
  "invalid_auth",
])("%s: the call is made once more with another", async (code) => {
  answers = [refusing(code)];
  const refused: string[] = [];
  const tokens: SlackTokens = {
    current: async () => "xoxb-old",
    instead: async (old) => {
      refused.push(old);
      return "xoxb-new";
    },
  };
  await open(tokens).post("C1", MESSAGE);
  expect([asked.map(({ token }) => token), refused]).toEqual([["xoxb-old", "xoxb-new"], ["xoxb-old"]]);
  answers = [refusing(code)];
  await expect(open("xoxb-stays").post("C1", MESSAGE)).rejects.toMatchObject({ code });
});

test.each([
  [{ body: { ok: true, user: { id: "U1" } } }, true],
  [{ body: { ok: true, user: { id: "U1", deleted: true } } }, false],
  [{ body: { ok: true, user: { id: "U1", is_bot: true } } }, false],
  [refusing("user_not_found"), false],
  [refusing("user_not_visible"), false],
])("of a person Slack says %j: reachable %s", async (answer, reachable) => {
  answers = [answer];
  expect(await open().isReachable("U1")).toBe(reachable);
});

test("whom Slack does not tell of, nobody knows", async () => {
  answers = [refusing("internal_error")];
  await expect(open().isReachable("U1")).rejects.toMatchObject({ code: "no_answer" });
});
