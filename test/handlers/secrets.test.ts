import { gunzipSync } from "node:zlib";
import type { HttpRequest } from "../../shared/openstack/send.ts";
import { type Town, town } from "../support/town.ts";

// Goal: no key of a cluster is anywhere but in Barbican, in the request that brings it there and on the machine that needs it.
jest.setTimeout(120_000);

interface Seen {
  readonly userData: readonly string[];
  /** Payloads of Barbican secrets, by their names. */
  readonly payloads: ReadonlyMap<string, string>;
  /** Secrets of application credentials, with what each may call and until when. */
  readonly logins: readonly {
    readonly name: string;
    readonly secret: string;
    readonly rules: readonly string[];
    readonly endsMs: number;
  }[];
  readonly logged: readonly string[];
  readonly stored: readonly string[];
}

let at: Town;
let seen: Seen;

const bodyOf = (request: HttpRequest) => JSON.parse(String(request.body ?? "{}"));
const posted = (path: string): readonly HttpRequest[] =>
  at.writes.filter((request) => request.method === "POST" && new URL(request.url).pathname.endsWith(path));

beforeAll(async () => {
  const logged: string[] = [];
  at = await town({ boots: true });
  const note = (event: string, fields: object = {}) => void logged.push(`${event} ${JSON.stringify(fields)}`);
  Object.assign(at.deps.log, { info: note, warn: note, error: note });
  await at.type("create dev --rwx 100G --control-plane 3");
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"));
  await at.until(async () => (await at.record("team-a/dev"))?.status.told === true);
  await at.type("kubeconfig dev --role admin");
  const stored: string[] = [];
  for await (const { key, value } of at.deps.store.list("")) stored.push(`${key} ${value}`);
  seen = {
    userData: posted("/servers").map((one) =>
      gunzipSync(Buffer.from(bodyOf(one).server.user_data, "base64")).toString(),
    ),
    payloads: new Map(posted("/secrets").map((one) => [bodyOf(one).name, bodyOf(one).payload])),
    logins: posted("/application_credentials").map((one) => {
      const { name, secret, access_rules, expires_at } = bodyOf(one).application_credential;
      const rules = access_rules.map((rule: Record<string, string>) => `${rule["method"]} ${rule["path"]}`);
      return { name, secret, rules, endsMs: Date.parse(expires_at) };
    }),
    logged,
    stored,
  };
});
afterAll(() => at.close());

/** Every text that must not get about: private keys line by line, logins, and what is derived from them. */
function secrets(): readonly (readonly [string, string])[] {
  const keys = [...seen.payloads].flatMap(([name, payload]) => {
    const text = payload.replaceAll("\\n", "\n");
    const private_ = [...text.matchAll(/-----BEGIN (?:EC )?PRIVATE KEY-----\n([\s\S]+?)\n-----END/g)];
    const lines = private_.flatMap(([, body = ""]) => body.split("\n").filter((line) => line.length > 20));
    return [...lines, ...(lines.length === 0 ? [payload] : [])].map((line) => [name, line] as const);
  });
  return [...keys, ...seen.logins.map(({ name, secret }) => [name, secret] as const)];
}

test("there is much to find", () => {
  expect(seen.userData).toHaveLength(5);
  expect(seen.payloads.size).toBe(4 + 5);
  expect(seen.logins).toHaveLength(3 + 5);
  expect(secrets().length).toBeGreaterThan(30);
  expect(seen.logged.join()).toContain("kubeconfig.asked");
});

test("not in the store, the log, a message or any name in the cloud", () => {
  const said = [at.shown(), at.whispered(), JSON.stringify(at.answers)];
  const names = JSON.stringify(at.sandbox.everything("team-a").map(({ name, description }) => [name, description]));
  const everywhere = [...seen.stored, ...seen.logged, ...said, names].join("\n");
  expect(everywhere.length).toBeGreaterThan(20_000);
  for (const [name, text] of secrets()) expect([name, everywhere.includes(text)]).toEqual([name, false]);
  expect(everywhere).not.toMatch(/BEGIN (EC )?PRIVATE KEY|client-key-data/);
});

test("user-data holds one login, which reads one payload, ends within the hour and is gone when the node is in", () => {
  for (const text of seen.userData) {
    const held = secrets().filter(([, secret]) => text.includes(secret));
    expect(held).toHaveLength(1);
    const login = seen.logins.find(({ secret }) => secret === held[0]?.[1]);
    expect(login?.rules).toEqual([expect.stringMatching(/^GET \/[a-z/-]+\/v1\/secrets\/[0-9a-f-]{36}\/payload$/)]);
    expect((login?.endsMs ?? Number.POSITIVE_INFINITY) - at.clock.nowMs()).toBeLessThanOrEqual(3_600_000);
    const [, payload = ""] = /secrets\/([0-9a-f-]{36})\/payload/.exec(login?.rules[0] ?? "") ?? [];
    expect(text).toContain(payload);
    expect(at.things().join()).not.toContain(login?.name);
  }
});

test("what a node fetches makes no other node of it: a worker gets no authority, and each its own name", () => {
  for (const [name, payload] of seen.payloads) {
    const [, member] = /-secret-((?:worker|control-plane)-\d)$/.exec(name) ?? [];
    if (member === undefined) continue;
    expect([name, payload.includes("pki/ca.key")]).toEqual([name, member.startsWith("control-plane")]);
    expect(payload).not.toMatch(/[a-z0-9]{6}\.[a-z0-9]{16}"/);
  }
});
