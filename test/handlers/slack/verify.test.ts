import { command, FORM, type Front, front, SECRET, type Sent, signed } from "./front.ts";

// Goal: only what Slack signed just now gets in, before any of it is parsed, and what can't be read is refused in one word.
let door: Front;
beforeEach(async () => {
  door = await front();
});
afterEach(() => door.close());

const CREATE = command("create dev");
const forged: readonly [string, Partial<Sent>][] = [
  ["another secret", { secret: "another" }],
  ["five minutes and a second old", { ageSeconds: 301 }],
  ["five minutes and a second from now", { ageSeconds: -301 }],
  ["no signature", { headers: { "x-slack-signature": "" } }],
  ["no timestamp", { headers: { "x-slack-request-timestamp": "" } }],
  ["a timestamp that is no number", { headers: { "x-slack-request-timestamp": "1e9" } }],
  ["another version of the signature", { headers: { "x-slack-signature": `v1=${"0".repeat(64)}` } }],
  ["half a signature", { headers: { "x-slack-signature": "v0=00" } }],
  ["a signature in other letters than ASCII", { headers: { "x-slack-signature": `v0=${"é".repeat(32)}` } }],
];
test.each(forged)("%s: refused, and nothing happens", async (_what, over) => {
  expect(await door.post({ body: CREATE, ...over })).toEqual({ status: 401, text: "" });
  expect(await door.names()).toEqual([]);
  expect(door.logged).toEqual([{ event: "slack.refused", fields: { why: "signature" } }]);
});

test.each([299, -299])("a clock that is %s s off is borne", async (ageSeconds) => {
  expect((await door.post({ body: CREATE, ageSeconds })).status).toBe(200);
  expect(await door.names()).toEqual(["team-a/dev"]);
});

test("a changed body does not fit its signature", async () => {
  const headers = signed(CREATE, door.clock.nowMs());
  expect((await door.post({ body: command("create other"), headers })).status).toBe(401);
  expect(await door.names()).toEqual([]);
});

test("refused before it is parsed: broken content without a signature is a matter of the signature", async () => {
  const answers = await Promise.all([
    door.post({ body: "{", type: "application/json", secret: "another" }),
    door.post({ body: "payload={", secret: "another" }),
    door.post({ body: "<xml/>", type: "text/xml", secret: "another" }),
  ]);
  expect(answers.map((one) => one.status)).toEqual([401, 401, 401]);
});

test("the same signed request a second time is refused, also after it was answered", async () => {
  const headers = signed(CREATE, door.clock.nowMs());
  expect((await door.post({ body: CREATE, headers })).status).toBe(200);
  expect(await door.post({ body: CREATE, headers })).toEqual({ status: 401, text: "" });
  expect(door.logged.at(-1)).toEqual({ event: "slack.refused", fields: { why: "replay" } });
});

test("a replay stays refused for as long as its timestamp would be let in", async () => {
  const headers = signed(CREATE, door.clock.nowMs(), -299);
  await door.post({ body: CREATE, headers });
  door.clock.pass(590_000);
  expect((await door.post({ body: CREATE, headers })).status).toBe(401);
  expect((await door.names()).length).toBe(1);
});

test.each([
  `${FORM}; charset=utf-8`,
  "Application/X-WWW-Form-Urlencoded",
  `${FORM};charset="UTF-8"`,
])("content-type %s is a form", async (type) => {
  const answer = await door.post({ body: command("create dev"), type });
  expect(answer.status).toBe(200);
  expect(answer.text).toContain("Planning to create *dev*");
});

test.each([
  ["JSON that is cut off", "application/json", "{"],
  ["a payload that is no JSON", FORM, "payload={"],
  ["a form called JSON", "application/json", CREATE],
  ["XML", "text/xml", "<xml/>"],
  ["a byte", "application/octet-stream", "\u0000"],
  ["null", "application/json", "null"],
  ["a number", "application/json", "7"],
  ["a list", "application/json", "[]"],
  ["an object that does not say what it is", "application/json", "{}"],
  ["an empty form", FORM, ""],
  ["a payload of null", FORM, "payload=null"],
  ["two commands in one", FORM, `${CREATE}&command=%2Fk9s`],
])("%s: signed, and a bad request", async (_what, type, body) => {
  expect((await door.post({ body, type })).status).toBe(400);
  expect(await door.names()).toEqual([]);
});

test("a kind of payload that Slack does not have yet is acknowledged, so that it does not come for ever", async () => {
  const body = new URLSearchParams({ payload: JSON.stringify({ type: "gesture", trigger_id: "t9" }) }).toString();
  const answer = door.post({ body });
  // Bolt's own timer, and then as long by our clock.
  await new Promise((next) => setTimeout(next, 2650));
  door.clock.pass(2600);
  expect(await answer).toEqual({ status: 200, text: "" });
});

test("a body beyond a megabyte is refused, and the refusal arrives", async () => {
  const body = command("x".repeat(8 * 1024 * 1024));
  expect(await door.post({ body })).toEqual({ status: 413, text: "" });
  expect((await door.post({ body: CREATE })).status).toBe(200);
});

test.each([
  ["GET", 405],
  ["PUT", 404],
  ["DELETE", 404],
])("%s is not for this address", async (method, status) => {
  expect((await door.post({ body: CREATE, method })).status).toBe(status);
  expect(await door.names()).toEqual([]);
});

test("Slack's own checks: the certificate by GET and by form, the address by its challenge", async () => {
  expect((await fetch(`${door.url}?ssl_check=1`)).status).toBe(200);
  expect((await door.post({ body: "ssl_check=1&token=x" })).status).toBe(200);
  const body = JSON.stringify({ type: "url_verification", challenge: "3eZbrw1aB" });
  const answer = await door.post({ body, type: "application/json; charset=utf-8" });
  expect({ ...answer, text: JSON.parse(answer.text) }).toEqual({ status: 200, text: { challenge: "3eZbrw1aB" } });
});

test("a challenge that nobody signed gets no answer", async () => {
  const body = JSON.stringify({ type: "url_verification", challenge: "3eZbrw1aB" });
  expect(await door.post({ body, type: "application/json", secret: "another" })).toEqual({ status: 401, text: "" });
});

test("what the store keeps and the log says holds neither secret nor signature", async () => {
  const headers = signed(CREATE, door.clock.nowMs());
  await door.post({ body: CREATE, headers });
  await door.post({ body: CREATE, headers });
  const kept: string[] = [];
  for await (const entry of door.deps.store.list("")) kept.push(entry.key, entry.value);
  const everything = JSON.stringify([kept, door.logged]);
  expect(everything).not.toContain(SECRET);
  expect(everything).not.toContain(headers["x-slack-signature"]?.slice(3) ?? "");
});
