import { health } from "../../../../handlers/work/health/index.ts";
import { SlackError } from "../../../../shared/ports/slack.ts";
import { StoreError } from "../../../../shared/ports/store.ts";
import { alerts } from "../../../../shared/state/alerts.ts";
import { wordsOf } from "../../desk.ts";
import { nodesBecome } from "./nodes.ts";
import { DEV, type Watch, watch } from "./watch.ts";

// Goal: what is wrong is said once and then on the same message, however often it comes and goes, whoever looks at the same
// moment, wherever Slack or the process fails; many of one cause and a cloud that is silent are one message each.
let at: Watch;
beforeEach(async () => {
  at = await watch();
});
afterEach(() => at.close());

const deleteName = async (name = "dev"): Promise<void> => {
  const [zone = "", id = ""] = (await at.step("dns/api", name)).id.split("/");
  await at.cloud.dns.deleteRecordset(zone, id);
};
const GONE = ":rotating_light: *dev*: its DNS name `api.dev.k8s.example.org.` is gone.";

test("what may pass by itself is told when it was so on two looks, and flapping is one message and its thread", async () => {
  const nodes = nodesBecome(at.deps.kubernetes);
  const deps = { ...at.deps, kubernetes: nodes.dialer };
  const look = async (state: "True" | "False") => {
    nodes.ready = state;
    await at.clock.wait(60_000);
    await health(deps);
  };
  await look("False");
  expect(at.alerts()).toEqual([]);
  await look("True");
  expect(at.alerts()).toEqual([]);
  await look("False");
  await look("False");
  const worker = () => at.alerts().filter((one) => one.includes("node worker-1"));
  expect(worker()).toHaveLength(1);
  expect(worker()[0]).toContain(":rotating_light: *dev*: its node worker-1 is NotReady.");
  for (let times = 0; times < 6; times += 1) {
    await look("True");
    expect(worker()[0]).toMatch(/^:white_check_mark: \*dev\*: it is over after \dm/);
    await look("False");
  }
  expect(worker()).toHaveLength(1);
  expect(worker()[0]).toContain("7 times within an hour");
  expect(at.threads().filter((one) => one.includes("node worker-1"))).toEqual([
    ":repeat: 3 times within an hour: its node worker-1 is NotReady.",
    ":repeat: 6 times within an hour: its node worker-1 is NotReady.",
  ]);
});

test("an API that does not answer is one alert, and nothing is said of its nodes", async () => {
  const dead = { ...at.deps.kubernetes, connect: async () => async () => Promise.reject(new Error("ECONNREFUSED")) };
  for (let looks = 0; looks < 2; looks += 1) {
    await at.clock.wait(60_000);
    await health({ ...at.deps, kubernetes: dead });
  }
  expect(at.alerts().map((one) => one.split("\n")[0])).toEqual([
    ":rotating_light: *dev*: its Kubernetes API does not answer at `api.dev.k8s.example.org`.",
  ]);
});

test("a service that is silent is one alert, and nothing that it could not list is gone", async () => {
  const up = at.sandbox.faults.down("network");
  await at.look();
  expect(at.alerts()).toEqual([]);
  await at.look();
  expect(at.alerts()).toHaveLength(1);
  expect(at.alerts()[0]).toContain(
    ":rotating_light: *team-a*: kinvirt can't see how things are: network gave no answer.",
  );
  up();
  await at.look();
  expect(at.alerts()).toHaveLength(1);
  expect(at.alerts()[0]).toContain(":white_check_mark: *team-a*: it is over after");
});

test("so is a cloud that gives no token", async () => {
  at.sandbox.faults.down("identity");
  await at.clock.wait(3 * 3_600_000);
  await at.look();
  await at.look();
  expect(at.alerts()).toHaveLength(1);
  expect(at.alerts()[0]).toContain("kinvirt can't see how things are: identity gave no answer");
});

test("a login that leads to another project is said, and not that all is gone", async () => {
  const other = { ...at.deps, cloudOf: () => at.cloudOf("team-b") };
  await at.clock.wait(60_000);
  await health(other);
  expect(at.alerts()).toHaveLength(1);
  expect(at.alerts()[0]).toContain("the login of this cloud leads to another project");
});

test("a listing that shows less than there is wakes nobody", async () => {
  const { network } = at.cloud;
  const blind = { ...at.cloud, network: { ...network, listPorts: async () => [] } };
  await at.clock.wait(60_000);
  await health({ ...at.deps, cloudOf: () => blind });
  expect(at.alerts()).toEqual([]);
});

test("Slack that is away is told by a later look, once", async () => {
  await deleteName();
  const away = async (): Promise<never> => {
    throw new SlackError("no_answer", "Slack did not answer");
  };
  await at.clock.wait(60_000);
  await health({ ...at.deps, slack: { ...at.slack, post: away, findPosted: away } });
  expect(at.alerts()).toEqual([]);
  await at.look();
  await at.look();
  expect(at.alerts()).toHaveLength(1);
});

test("a process that dies between the post and its record tells it once all the same", async () => {
  await deleteName();
  let dies = true;
  const store = {
    ...at.deps.store,
    replace: async (key: string, value: string, version: string) => {
      if (dies && key.startsWith("alert/") && value.includes('"shown"')) throw new StoreError("the process has died");
      return at.deps.store.replace(key, value, version);
    },
  };
  await at.clock.wait(60_000);
  await health({ ...at.deps, store });
  dies = false;
  await at.look();
  expect(at.alerts()).toHaveLength(1);
  expect(at.alerts()[0]).toContain(GONE);
});

test("two processes look once in an interval, and a look that stands still keeps the next one away", async () => {
  let scopes = 0;
  const scope = () => {
    scopes += 1;
    return at.cloud.scope();
  };
  const counted = { ...at.cloud, scope };
  const deps = { ...at.deps, cloudOf: (tenant: string) => (tenant === "team-a" ? counted : at.cloudOf(tenant)) };
  await at.clock.wait(60_000);
  await Promise.all([health(deps), health(deps)]);
  const once = scopes;
  await health(deps);
  expect(scopes).toBe(once);
  await at.deps.store.putIfAbsent("once/health/team-a", "1", 120);
  await at.clock.wait(60_000);
  await health(deps);
  expect(scopes).toBe(once);
  await at.clock.wait(120_000);
  await health(deps);
  expect(scopes).toBeGreaterThan(once);
});

describe("buttons", () => {
  const value = () => at.button("alert:acknowledge");
  beforeEach(async () => {
    at.sandbox.faults.on(
      { service: "dns", method: "POST", times: Number.POSITIVE_INFINITY },
      { is: "answer", status: 503, message: "no" },
    );
    await deleteName();
    await at.look();
  });

  test("whoever acknowledges it is on its message, for everybody", async () => {
    await at.click("alert:acknowledge", value(), "U0ONCALL", "C0ONCALL");
    expect(at.alerts()[0]).toContain(":eyes: *dev*: its DNS name");
    expect(at.alerts()[0]).toContain("<@U0ONCALL> has it in hand since");
    await at.look();
    expect(at.alerts()[0]).toContain(":eyes:");
  });

  test("what people and kinvirt do about it is in the audit log", async () => {
    const key = value();
    await at.click("alert:acknowledge", key, "U0ONCALL", "C0ONCALL");
    await at.click("alert:snooze:8", key, "U0DEV", "C0TEAMA");
    const said: string[] = [];
    for await (const { value: text } of at.deps.store.list("audit/team-a/")) {
      const { what, actor, detail } = JSON.parse(text);
      if (/^(alert|repair)\./.test(what)) said.push(`${what} ${actor} ${JSON.stringify(detail)}`);
    }
    expect(said).toEqual([
      'repair.begun kinvirt {"about":"dns/api","symptom":"gone"}',
      'alert.acknowledged U0ONCALL {"about":"dns/api"}',
      'alert.snoozed U0DEV {"about":"dns/api","hours":"8"}',
    ]);
  });

  test("a snooze ends by itself, and its thread says that it is still so", async () => {
    await at.click("alert:snooze:1", value(), "U0ONCALL", "C0ONCALL");
    expect(at.alerts()[0]).toContain(":zzz: *dev*");
    await at.look();
    expect(at.alerts()[0]).toContain(":zzz: *dev*");
    await at.clock.wait(3_600_000);
    await at.look();
    await at.look();
    expect(at.alerts()[0]).toContain(GONE);
    expect(at.threads()).toEqual([":alarm_clock: It is still so: its DNS name `api.dev.k8s.example.org.` is gone."]);
  });

  test("another team's channel can't touch it, and one that is over can't be taken", async () => {
    const key = value();
    await at.click("alert:acknowledge", key, "U0OTHER", "C0TEAMB");
    expect(wordsOf(at.slack.whispers.at(-1) ?? { text: "", blocks: [] })).toContain("for another channel");
    expect(at.alerts()[0]).toContain(GONE);
    await alerts(at.deps.store).remove(key, () => true);
    await at.click("alert:acknowledge", key, "U0ONCALL", "C0ONCALL");
    expect(wordsOf(at.slack.whispers.at(-1) ?? { text: "", blocks: [] })).toContain("This is over");
  });

  test("Show asks the question that goes with it", async () => {
    await at.click("alert:show", value(), "U0ONCALL", "C0ONCALL");
    const asked = at.queue.due(Number.POSITIVE_INFINITY).map(({ message }) => message);
    expect(asked).toContainEqual(
      expect.objectContaining({ is: "ask", what: "dns", cluster: DEV, channel: "C0ONCALL" }),
    );
  });
});

test("Repair does what a retry does", async () => {
  at.sandbox.faults.on(
    { service: "dns", method: "POST", times: Number.POSITIVE_INFINITY },
    { is: "answer", status: 400, message: "no" },
  );
  await deleteName();
  for (let looks = 0; looks < 2; looks += 1) {
    await at.look();
    await at.settle();
  }
  expect((await at.record(DEV))?.status.phase).toBe("blocked");
  at.sandbox.faults.clear();
  await at.look();
  await at.click("alert:repair", at.button("alert:repair"), "U0DEV", "C0ONCALL");
  await at.settle();
  expect((await at.record(DEV))?.status.phase).toBe("ready");
  await at.look();
  expect(at.alerts().filter((one) => one.startsWith(":rotating_light:"))).toEqual([]);
});

test("a cluster that is being deleted is no longer anybody's trouble", async () => {
  await at.cloud.compute.deleteServer((await at.step("server/control-plane-1")).id);
  await at.clock.wait(5000);
  await at.look();
  expect(at.alerts().some((one) => one.includes("server control-plane-1 is gone"))).toBe(true);
  await at.type("delete dev");
  await at.click("delete:confirm", at.button("delete:confirm"), "U0DEV");
  await at.until(async () => (await at.record(DEV)) === undefined);
  await at.look();
  expect(at.alerts().every((one) => one.startsWith(":wastebasket: *dev* is being deleted or has gone"))).toBe(true);
  await at.look();
  const left: unknown[] = [];
  for await (const one of alerts(at.deps.store).list()) left.push(one);
  expect(left).toEqual([]);
});
