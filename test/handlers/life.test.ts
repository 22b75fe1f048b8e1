import { dispatch } from "../../handlers/work/dispatch.ts";
import type { Send } from "../../shared/openstack/send.ts";
import { SlackError } from "../../shared/ports/slack.ts";
import { buttonValue, exampleConfig } from "../support/bot.ts";
import { type Town, type TownOptions, town } from "../support/town.ts";

// Goal: from a signed request to a cloud that has everything once, and back to what was there before, whatever fails.

/** Every one of them: `LOST=all`. In between, what a minute allows. */
const STRIDE = process.env["LOST"] === "all" ? 1 : 5;
const KINDS_ONCE = ["network", "subnet", "router", "load-balancer", "listener", "pool", "share"];

let now: Town | undefined;
afterEach(() => now?.close());

async function start(options?: TownOptions): Promise<Town> {
  now = await town(options);
  return now;
}

/** Asks and approves; the cluster is as far as `enough` says. */
async function created(at: Town, enough = () => at.live().includes("is ready after")): Promise<void> {
  await at.type("create dev --rwx 100G");
  await at.until(() => at.button("request:approve") !== "");
  await at.click("request:approve", at.button("request:approve"));
  await at.until(enough);
}

async function deleted(at: Town): Promise<void> {
  await at.type("delete dev");
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await at.until(() => at.live().includes("is deleted after"));
}

const countOf = (things: readonly string[], type: string) => things.filter((one) => one.startsWith(`${type} `)).length;

function expectOnce(at: Town): void {
  const things = at.things();
  for (const type of KINDS_ONCE) expect([type, countOf(things, type)]).toEqual([type, 1]);
  expect(countOf(things, "server")).toBe(3);
  expect(countOf(things, "floating-ip")).toBe(2);
}

describe("a life", () => {
  test("has everything once, and leaves what was there before", async () => {
    const at = await start();
    const before = at.things();
    await created(at);
    expectOnce(at);
    expect(at.live()).toContain("api.dev.k8s.example.org");
    await deleted(at);
    expect(at.live()).toContain("0 resources left");
    expect(at.things()).toEqual(before);
    expect(await at.record("team-a/dev")).toBeUndefined();
  });

  test("changes nothing in the cloud before somebody approves", async () => {
    const at = await start();
    await at.type("create dev --rwx 100G");
    await at.until(() => at.button("request:approve") !== "");
    expect(at.writes).toEqual([]);
  });

  test("needs nobody where the policy says so", async () => {
    const at = await start();
    await at.type("create dev --workers 1 --rwx 20Gi --ttl 1d");
    await at.until(() => at.live().includes("is ready after"));
    expect(at.shown()).not.toContain("request:approve");
  });

  test("ends by itself when its time is over", async () => {
    const at = await start();
    const before = at.things();
    await at.type("create dev --workers 1 --ttl 2h");
    await at.until(() => at.live().includes("is ready after"));
    await at.clock.wait(2 * 3_600_000);
    await at.deps.queue.enqueue({ is: "sweep" }, 0);
    await at.until(() => at.live().includes("is deleted after"));
    expect(at.things()).toEqual(before);
  });

  test("of three control planes and a share that has servers of its own", async () => {
    const config = exampleConfig();
    const teamA = config.tenants["team-a"];
    if (teamA === undefined) throw new Error("the example has team-a");
    const provider = "amphora" as const;
    const tenants = {
      ...config.tenants,
      "team-a": { ...teamA, shareType: "rwx-dhss", loadBalancerProvider: provider },
    };
    const at = await start({ config: { ...config, tenants } });
    const before = at.things();
    await at.type("create dev --template ha --rwx 10Gi");
    await at.until(() => at.button("request:approve") !== "");
    await at.click("request:approve", at.button("request:approve"));
    await at.until(() => at.live().includes("is ready after"));
    const things = at.things();
    expect(["server", "share-network", "share", "member"].map((type) => countOf(things, type))).toEqual([6, 1, 1, 3]);
    await deleted(at);
    expect(at.things()).toEqual(before);
  });

  test("whose data is to be kept leaves its share, and says so", async () => {
    const at = await start();
    const before = at.things();
    await created(at);
    await at.type("delete dev --keep-data");
    await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
    await at.until(() => at.live().includes("is deleted after"));
    expect(at.live()).toContain("only the kept data is left");
    const left = at.things().filter((one) => !before.includes(one));
    expect(left).toEqual([expect.stringMatching(/^share dev-\w+-share-rwx$/)]);
  });

  test("of one tenant is nothing to another", async () => {
    const at = await start();
    const others = at.things("team-b");
    await created(at);
    await at.type("status dev", "U0DEV", "C0TEAMB");
    await at.until(() => at.slack.whispers.length > 0);
    expect(at.whispered()).not.toContain("ready");
    expect(at.things("team-b")).toEqual(others);
    await at.type("delete dev", "U0DEV", "C0TEAMB");
    expectOnce(at);
  });

  test("of a stranger with our names stays as it is", async () => {
    const at = await start();
    const { network } = at.cloudOf("team-a");
    await network.createNetwork({ name: "dev", description: "somebody's own" });
    const before = at.things();
    await created(at);
    await deleted(at);
    expect(at.things()).toEqual(before);
  });
});

describe("answers that are lost", () => {
  /** Loses the answer of the n-th call that may change something, or the call itself. */
  const losing = (nth: number, effect: "before" | "after") => {
    let seen = 0;
    return (send: Send): Send =>
      async (request) => {
        const counts = request.method !== "GET" && !request.url.endsWith("/auth/tokens");
        if (counts) seen += 1;
        const hit = counts && seen === nth;
        if (hit && effect === "before") throw new Error("connect ETIMEDOUT");
        const answer = await send(request);
        if (hit) throw new Error("read ECONNRESET");
        return answer;
      };
  };

  test("leave no copy and nothing behind, whichever call it is", async () => {
    const calm = await start();
    const before = calm.things();
    await created(calm);
    await deleted(calm);
    const calls = calm.writes.length;
    await calm.close();
    expect(calls).toBeGreaterThan(40);
    for (let nth = 1; nth <= calls; nth += STRIDE) {
      const at = await start({ wire: losing(nth, nth % 2 === 0 ? "before" : "after") });
      await created(at);
      expectOnce(at);
      await deleted(at);
      expect([nth, at.things()]).toEqual([nth, before]);
      await at.close();
    }
  }, 240_000);
});

describe("a cloud that fails", () => {
  test("a server in ERROR is made anew once, and said in the thread", async () => {
    const at = await start();
    at.sandbox.faults.break("server", "No valid host was found.");
    await created(at);
    expectOnce(at);
    expect(at.slack.said.some((one) => one.thread !== undefined && JSON.stringify(one).includes("No valid host"))).toBe(
      true,
    );
  });

  test("one that stays in ERROR stops the create for a person, who mends it and goes on", async () => {
    const at = await start();
    at.sandbox.faults.break("server", "No valid host was found.", 10);
    await created(at, () => at.live().includes("needs a person"));
    const oncall = at.slack.said.filter((one) => one.channel === "C0ONCALL");
    expect(oncall).toHaveLength(1);
    expect(JSON.stringify(oncall)).toContain("No valid host was found.");
    at.sandbox.faults.clear();
    await at.type("retry dev");
    await at.until(() => at.live().includes("is ready after"));
    expectOnce(at);
  });

  test.each([
    "compute",
    "network",
    "load-balancer",
    "dns",
    "key-manager",
    "shared-file-system",
    "identity",
  ] as const)("%s is away for two minutes in the middle", async (service) => {
    const at = await start();
    const before = at.things();
    await at.type("create dev --rwx 100G");
    await at.until(() => at.button("request:approve") !== "");
    await at.click("request:approve", at.button("request:approve"));
    await at.until(() => at.writes.length > 3);
    const back = at.sandbox.faults.down(service);
    const endMs = at.clock.nowMs() + 120_000;
    await at.until(() => at.clock.nowMs() > endMs || at.live().includes("is ready after"));
    back();
    await at.until(() => at.live().includes("is ready after"));
    expectOnce(at);
    await deleted(at);
    expect(at.things()).toEqual(before);
  });

  test("a load balancer that Octavia refuses as a whole is made part by part, and what the refusal left is gone too", async () => {
    const at = await start({
      wire: (send) => (request) =>
        send(
          request.url.endsWith("/lbaas/loadbalancers") && request.body?.includes('"listeners"')
            ? { ...request, body: request.body.replace("SOURCE_IP_PORT", "ROUND_ROBIN") }
            : request,
        ),
    });
    const before = at.things();
    await created(at);
    expectOnce(at);
    const left = at.things().filter((one) => one.startsWith("port ovn-lb-vip-"));
    expect(left).toHaveLength(2);
    await deleted(at);
    expect(at.things()).toEqual(before);
  });

  test("one answer in ten lost, all life long", async () => {
    const at = await start();
    const before = at.things();
    at.sandbox.faults.lose({ before: 0.05, after: 0.05 });
    await created(at);
    expectOnce(at);
    await deleted(at);
    expect(at.things()).toEqual(before);
  });

  test("listings that lag behind what was made", async () => {
    const at = await start();
    const before = at.things();
    at.sandbox.faults.lag(8000);
    await created(at);
    expectOnce(at);
    await deleted(at);
    expect(at.things()).toEqual(before);
  });
});

describe("Slack that is away", () => {
  test("the cloud's work goes on, and the end is told when Slack is back", async () => {
    const at = await start();
    await at.type("create dev --rwx 100G");
    await at.until(() => at.button("request:approve") !== "");
    await at.click("request:approve", at.button("request:approve"));
    const { slack } = at.deps;
    const { post, edit } = slack;
    const down = async (): Promise<never> => {
      throw new SlackError("no_answer", "Slack did not answer: connect ECONNREFUSED slack.com");
    };
    Object.assign(slack, { post: down, edit: down });
    await at.until(async () => (await at.record("team-a/dev"))?.status.phase === "ready");
    expect(at.live()).not.toContain("is ready after");
    Object.assign(slack, { post, edit });
    await at.until(() => at.live().includes("is ready after"));
    const ends = () =>
      at.slack.said.filter((one) => JSON.stringify(one.message).includes("<@U0DEV> *dev* is ready")).length;
    await at.until(() => ends() > 0);
    await at.work(async () => false);
    expect(ends()).toBe(1);
  });
});

describe("messages that come twice", () => {
  test("do nothing twice", async () => {
    const at = await start();
    const before = at.things();
    const twice = async (enough: () => boolean) => {
      for (let left = 400; left > 0 && !enough(); left -= 1) {
        const [next] = at.queue.due(Number.POSITIVE_INFINITY);
        if (next === undefined) return;
        await at.work(async () => false, 1);
        await dispatch(next.message, at.deps);
      }
    };
    await at.type("create dev --rwx 100G");
    await twice(() => at.button("request:approve") !== "");
    await at.click("request:approve", at.button("request:approve"));
    await at.click("request:approve", at.button("request:approve"), "U0SECOND");
    await twice(() => at.live().includes("is ready after"));
    expectOnce(at);
    expect(at.slack.said.filter((one) => buttonValue(one.message, "request:approve") !== undefined)).toEqual([]);
    await at.type("delete dev");
    await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
    await twice(() => at.live().includes("is deleted after"));
    expect(at.things()).toEqual(before);
  });
});
