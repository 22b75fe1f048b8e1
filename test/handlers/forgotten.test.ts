import type { HttpRequest } from "../../shared/openstack/send.ts";
import { timingsOf } from "../../shared/state/index.ts";
import { type Town, type TownOptions, town } from "../support/town.ts";

// Goal: a message to a host that is lost costs minutes and no person, and people are told so in words that are true.
let now: Town | undefined;
afterEach(() => now?.close());

/** Its cloud is known to build a server in nine seconds. */
async function start(options?: TownOptions): Promise<Town> {
  now = await town(options);
  await timingsOf(now.deps.store).add("team-a", { schema: 2, took: { "kind/server": [9] } });
  await now.type("create dev --workers 0 --ttl 1d");
  return now;
}

const servers = (at: Town) => at.sandbox.everything("team-a", "server").map(({ id }) => id);
const isRemoval = ({ method, url }: Pick<HttpRequest, "method" | "url">) =>
  method === "DELETE" && url.includes("/servers/");
const isReady = (at: Town) => at.live().includes("is ready after");

test("a server that is never built is made anew", async () => {
  const at = await start();
  at.sandbox.faults.forget({ build: 1, remove: 0 });
  await at.until(() => servers(at).length === 1);
  const [lost = ""] = servers(at);
  const lostMs = at.clock.nowMs() + 5000;
  await at.until(() => at.clock.nowMs() > lostMs);
  at.sandbox.faults.clear();
  await at.until(() => isReady(at));
  expect(servers(at)).not.toContain(lost);
  expect(at.shown()).toContain(`server control-plane-1: ${lost} was not built within 5m (last seen BUILD)`);
  expect(at.shown()).toContain("The service seems to have forgotten it: kinvirt deletes it and makes it once more.");
  expect(at.shown()).not.toContain("gave up");
  const { status } = (await at.record("team-a/dev")) ?? {};
  const seconds = ((status?.finishedMs ?? 0) - (status?.startedMs ?? 0)) / 1000;
  expect([seconds > 300, seconds < 480]).toEqual([true, true]);
});

test("a server whose host dies over its delete is told to go again, and nobody is asked", async () => {
  const at = await start();
  await at.until(() => isReady(at));
  at.sandbox.faults.forget({ build: 0, remove: 1 });
  await at.type("delete dev");
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await at.until(() => at.live().includes("is deleted after"));
  expect(at.live()).toContain("0 resources left");
  expect(servers(at)).toEqual([]);
  expect(at.shown()).not.toContain("needs a person");
  expect(at.writes.filter(isRemoval).length).toBeLessThanOrEqual(4);
});

test("where Nova ignores that a person is asked after half an hour, and Retry sends it at once", async () => {
  // As Nova does while its host is up.
  let ignores = false;
  const at = await start({
    wire: (send) => async (request) =>
      ignores && isRemoval(request) ? { status: 204, headers: {}, body: "" } : send(request),
  });
  await at.until(() => isReady(at));
  at.sandbox.faults.forget({ build: 0, remove: 1 });
  await at.type("delete dev");
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await at.until(() => at.writes.some(isRemoval));
  ignores = true;
  await at.until(() => at.live().includes("needs a person"));
  expect(at.live()).toContain("has not moved for 30 minutes (being deleted)");
  const sent = at.writes.filter(isRemoval).length;
  expect([sent > 5, sent < 18]).toEqual([true, true]);
  ignores = false;
  const askedMs = at.clock.nowMs();
  await at.type("retry dev", "U0DEV");
  await at.until(() => at.live().includes("is deleted after"));
  expect(at.clock.nowMs() - askedMs).toBeLessThan(120_000);
});
