import { slackFunction } from "../../functions/slack.ts";
import { desk } from "../handlers/desk.ts";
import { command, FORM, SECRET, signed } from "../handlers/slack/front.ts";

// Goal: whatever shape the platform's event has, Slack's request comes out of it byte for byte, and the answer goes back.
type Answer = { readonly statusCode: number; readonly body: string; readonly headers: Record<string, string> };
type Handle = (event: object, context: object) => Promise<object>;

const upper = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.replace(/\b\w/g, (l) => l.toUpperCase()), value]),
  );

function made() {
  const inside = desk();
  const handle = slackFunction(inside.deps, SECRET) as unknown as Handle;
  const headersOf = (body: string) => ({ "content-type": FORM, ...signed(body, inside.clock.nowMs()) });
  return { ...inside, headersOf, call: async (event: object) => (await handle(event, {})) as Answer };
}

interface Request {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly base64?: boolean;
}
const coded = ({ body, base64 = false }: Request) => ({
  body: base64 ? Buffer.from(body, "utf8").toString("base64") : body,
  isBase64Encoded: base64,
});
const multi = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));

/** REST API, payload 1.0; as its proxy sends it, and as a load balancer with multi-value headers does. */
const v1 = (request: Request, path = "/slack/events") => ({
  resource: path,
  path,
  httpMethod: "POST",
  headers: request.headers,
  multiValueHeaders: multi(request.headers),
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: null,
  stageVariables: null,
  requestContext: { stage: "prod", path: `/prod${path}`, httpMethod: "POST", identity: { sourceIp: "3.3.3.3" } },
  ...coded(request),
});

/** HTTP API and function URLs, payload 2.0. */
const v2 = (request: Request, path = "/slack/events") => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  headers: request.headers,
  requestContext: { stage: "$default", http: { method: "POST", path, protocol: "HTTP/1.1", sourceIp: "3.3.3.3" } },
  ...coded(request),
});

const shapes = [
  ["1.0", v1],
  ["2.0", v2],
] as const;
const ways = shapes.flatMap(([version, event]) =>
  [false, true].flatMap((base64) =>
    ["as they are", "in capitals"].map((headers) => ({ version, event, base64, headers })),
  ),
);

test.each(ways)("payload $version, base64 $base64, headers $headers", async ({ event, base64, headers }) => {
  const { call, headersOf, names, queued } = made();
  const body = command("create dev");
  const sent = headers === "in capitals" ? upper(headersOf(body)) : headersOf(body);
  const answer = await call(event({ body, headers: sent, base64 }));
  expect(answer.statusCode).toBe(200);
  expect(new Headers(answer.headers).get("content-type")).toMatch(/^application\/json/);
  expect(JSON.parse(answer.body)).toMatchObject({
    response_type: "ephemeral",
    text: ":mag: Planning to create dev; the plan appears here in a moment.",
  });
  expect(await names()).toEqual(["team-a/dev"]);
  expect(queued()).toHaveLength(1);
});

test.each(ways)("letters beyond ASCII, payload $version, base64 $base64", async ({ event, base64 }) => {
  const { call, headersOf } = made();
  const raw = `command=/k8s&text=create dév-übung-🚀&user_id=U0DEV&channel_id=C0TEAMA&team_id=T1&trigger_id=t1`;
  const answer = await call(event({ body: raw, headers: headersOf(raw), base64 }));
  expect(answer.statusCode).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({
    text: expect.stringContaining("`dév-übung-🚀` can't be a cluster's name"),
  });
});

test.each(shapes)("payload %s: JSON with a charset, and a challenge", async (_version, event) => {
  const { call, headersOf } = made();
  const body = JSON.stringify({ type: "url_verification", challenge: "ünïque" });
  const headers = { ...headersOf(body), "content-type": "application/json; charset=utf-8" };
  const answer = await call(event({ body, headers, base64: true }));
  expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([200, { challenge: "ünïque" }]);
});

test.each(
  shapes,
)("payload %s: forged, old, replayed and too long are refused all the same", async (_version, event) => {
  const { call, headersOf, clock, names } = made();
  const body = command("create dev");
  const headers = headersOf(body);
  const status = async (request: Request) => (await call(event(request))).statusCode;
  expect(await status({ body: `${body}x`, headers })).toBe(401);
  expect(await status({ body, headers: { ...headers, "x-slack-signature": "v0=00" } })).toBe(401);
  expect(await status({ body, headers: { "content-type": FORM } })).toBe(401);
  expect(await names()).toEqual([]);
  expect(await status({ body, headers })).toBe(200);
  expect(await status({ body, headers })).toBe(401);
  clock.pass(301_000);
  expect(await status({ body, headers })).toBe(401);
  const long = command("x".repeat(1024 * 1024));
  expect(await status({ body: long, headers: headersOf(long) })).toBe(413);
});

test.each(shapes)("payload %s: a retry in another function does nothing more", async (_version, event) => {
  const { call, headersOf, deps, queued } = made();
  const body = command("create dev");
  await call(event({ body, headers: headersOf(body) }));
  const other = slackFunction(deps, SECRET) as unknown as Handle;
  const later = { "content-type": FORM, ...signed(body, deps.clock.nowMs(), 1), "x-slack-retry-num": "1" };
  expect(await other(event({ body, headers: later }), {})).toMatchObject({ statusCode: 200, body: "" });
  expect(queued()).toHaveLength(1);
});

test.each(shapes)("payload %s: no body and another path", async (_version, event) => {
  const { call, headersOf } = made();
  expect((await call({ ...event({ body: "", headers: headersOf("") }), body: null })).statusCode).toBe(400);
  expect((await call(event({ body: "", headers: headersOf("") }, "/elsewhere"))).statusCode).toBe(404);
});
