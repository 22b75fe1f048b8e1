import { gunzipSync } from "node:zlib";
import { endpointOf, type Login, login } from "./inventory.ts";
import { serversOf } from "./machines.ts";
import { type Place, place } from "./place.ts";

// Goal: the login in a machine's user-data reads that machine's payload on a real OpenStack, and can do nothing else there.
const NAME = "login";

interface Held {
  /** The body that the machine posts to Keystone. */
  readonly login: string;
  readonly payloadUrl: string;
}

let at: Place;
let tenant: Login;
let held: readonly Held[];

function heldIn(userData: string): Held {
  const text = gunzipSync(Buffer.from(userData, "base64")).toString();
  const { write_files } = JSON.parse(text.slice(text.indexOf("\n"))) as {
    write_files: readonly { readonly path: string; readonly content: string }[];
  };
  const file = (path: string) => write_files.find((one) => one.path === path)?.content ?? "";
  const [, payloadUrl = ""] = /PAYLOAD_URL='([^']+)'/.exec(file("/etc/kinvirt/node.env")) ?? [];
  return { login: file("/etc/kinvirt/fetch.json"), payloadUrl };
}

beforeAll(async () => {
  at = await place({}, { boots: false });
  tenant = await login(at.cloud);
  const operator = await login(process.env["OPERATOR_CLOUD"] ?? "admin");
  await at.bot.type(`create ${NAME} --rwx 100G`);
  await at.bot.until("it asks", () => (JSON.stringify(at.bot.seen()).includes("needs an approval") ? true : undefined));
  await at.bot.press("request:approve", "U0APPROVER");
  held = await at.bot.until(
    "three machines with user-data",
    async () => {
      const servers = await serversOf(operator, tenant.project);
      const data = servers.flatMap((one) => one["OS-EXT-SRV-ATTR:user_data"] ?? []);
      return data.length === 3 ? data.map(heldIn) : undefined;
    },
    120,
  );
});

afterAll(async () => {
  await at.bot.type(`delete ${NAME}`);
  await at.bot.press("delete:confirm", "U0DEV");
  const gone = () => (JSON.stringify(at.bot.seen()).includes("is deleted after") ? true : undefined);
  await at.bot.until("it is deleted", gone, 240);
  await at.leave();
});

/** A token by the login of a machine. */
async function tokenOf({ login: body }: Held): Promise<string> {
  const url = `${endpointOf(tenant, ["identity"])}/v3/auth/tokens`.replace("/v3/v3", "/v3");
  const answer = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
  expect(answer.status).toBe(201);
  return answer.headers.get("x-subject-token") ?? "";
}

test("each machine's login reads its own payload, and none of its keys is anywhere else", async () => {
  const elsewhere = [at.bot.log(), at.state(), JSON.stringify(at.bot.seen("U0DEV"))].join("\n");
  expect(elsewhere.length).toBeGreaterThan(20_000);
  for (const one of held) {
    const headers = { "x-auth-token": await tokenOf(one), accept: "text/plain" };
    const answer = await fetch(one.payloadUrl, { headers });
    const { files } = JSON.parse(await answer.text()) as { files: readonly { content: string }[] };
    expect([answer.status, files.length > 0]).toEqual([200, true]);
    const lines = files
      .flatMap(({ content }) => content.split("\n"))
      .filter((line) => /^[A-Za-z0-9+/=]{40,}$/.test(line));
    const keys = [...lines, JSON.parse(one.login).auth.identity.application_credential.secret as string];
    expect(keys.filter((key) => elsewhere.includes(key))).toEqual([]);
  }
});

test("and nothing else: a table of attempts", async () => {
  const [mine, other] = held;
  if (mine === undefined || other === undefined) throw new Error("there are fewer than two machines");
  const token = await tokenOf(mine);
  const own = mine.payloadUrl.replace(/\/payload$/, "");
  const secrets = own.replace(/\/[^/]+$/, "");
  const base = (...types: string[]) => endpointOf(tenant, types).replace(/\/v[\d.]+$/, "");
  const [barbican, nova, keystone] = [
    secrets.replace(/\/secrets$/, ""),
    endpointOf(tenant, ["compute"]),
    base("identity"),
  ];
  const pki = (await at.project.list()).find((one) => one.includes("-secret-pki)"))?.split(" ")[1] ?? "";
  const users = `${keystone}/v3/users/${tenant.user}`;
  const attempts: readonly (readonly [string, string, object?])[] = [
    ["GET", other.payloadUrl],
    ["GET", `${secrets}/${pki.split("/").at(-1)}/payload`],
    ["GET", own],
    ["GET", secrets],
    ["PUT", own, {}],
    ["DELETE", own],
    ["POST", secrets, { name: "mine", payload: "x", payload_content_type: "text/plain" }],
    ["GET", `${own}/acl`],
    ["GET", `${barbican}/orders`],
    ["GET", `${nova}/servers`],
    ["GET", `${nova}/flavors`],
    ["GET", `${base("network")}/v2.0/ports`],
    ["GET", `${base("network")}/v2.0/security-groups`],
    ["GET", `${base("load-balancer")}/v2.0/lbaas/loadbalancers`],
    ["GET", `${base("dns")}/v2/zones`],
    ["GET", `${base("image")}/v2/images`],
    ["GET", `${endpointOf(tenant, ["shared-file-system", "sharev2"])}/shares`],
    ["GET", `${users}/application_credentials`],
    ["POST", `${users}/application_credentials`, { application_credential: { name: "wider", unrestricted: true } }],
    ["GET", `${users}/access_rules`],
    ["GET", `${keystone}/v3/projects`],
  ];
  const answers: string[] = [];
  for (const [method, url, body] of attempts) {
    const headers = { "x-auth-token": token, accept: "*/*", "content-type": "application/json" };
    const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    answers.push(`${answer.status} ${method} ${new URL(url).pathname}`);
    await answer.arrayBuffer();
  }
  process.stdout.write(`${answers.join("\n")}\n`);
  expect(answers).toHaveLength(21);
  expect(answers.filter((one) => !/^40[13] /.test(one))).toEqual([]);
});
