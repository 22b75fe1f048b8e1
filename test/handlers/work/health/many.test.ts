import { health } from "../../../../handlers/work/health/index.ts";
import type { Cloud } from "../../../../shared/openstack/cloud.ts";
import { timeFor } from "../../../../shared/openstack/deadline.ts";
import { exampleConfig } from "../../../support/bot.ts";
import { type Watch, watch } from "./watch.ts";

// Goal: what befalls many clusters for one reason is one message that counts them, and each of them is put right; where
// nobody is on call it is said in the team's own channel.
let at: Watch;
afterEach(() => at.close());

const NAMES = ["one", "two", "three"];
const deleteName = async (name: string): Promise<void> => {
  const [zone = "", id = ""] = (await at.step("dns/api", name)).id.split("/");
  await at.cloud.dns.deleteRecordset(zone, id);
};

test("three of one cause are one message, also when a fourth look finds fewer", async () => {
  at = await watch({}, NAMES);
  for (const name of NAMES) await deleteName(name);
  await at.look();
  expect(at.alerts()).toHaveLength(1);
  expect(at.alerts()[0]).toContain(":rotating_light: *team-a*: the DNS names of 3 clusters are gone.");
  expect(at.alerts()[0]).toContain("*Clusters* one, three, two\n:hammer_and_wrench: kinvirt is putting them right.");
  await at.settle();
  await at.look();
  await at.settle();
  await at.look();
  expect(at.alerts()).toHaveLength(1);
  expect(at.alerts()[0]).toContain(":white_check_mark: *team-a*: kinvirt has put it right after");
});

test("one that was told by itself stays so when others follow", async () => {
  at = await watch({}, NAMES);
  at.sandbox.faults.on(
    { service: "dns", method: "POST", times: Number.POSITIVE_INFINITY },
    { is: "answer", status: 503, message: "no" },
  );
  await deleteName("one");
  await at.look();
  for (const name of ["two", "three"]) await deleteName(name);
  await at.look();
  expect(
    at
      .alerts()
      .map((one) => one.split("\n")[0])
      .sort(),
  ).toEqual([
    ":rotating_light: *one*: its DNS name `api.one.k8s.example.org.` is gone.",
    ":rotating_light: *three*: its DNS name `api.three.k8s.example.org.` is gone.",
    ":rotating_light: *two*: its DNS name `api.two.k8s.example.org.` is gone.",
  ]);
});

test("where nobody is on call, the cluster's channel is told", async () => {
  const config = exampleConfig();
  const { oncallChannel: _nobody, ...team } = config.tenants["team-a"] ?? {};
  const tenants = { ...config.tenants, "team-a": team } as typeof config.tenants;
  at = await watch({ config: { ...config, tenants } });
  await deleteName("dev");
  await at.look();
  expect(at.alerts()).toEqual([]);
  expect(at.shown()).toContain("its DNS name `api.dev.k8s.example.org.` is gone");
});

test("a cloud that gives one page after the other costs other teams two minutes at most", async () => {
  at = await watch();
  await at.clock.wait(60_000);
  const begunMs = at.clock.nowMs();
  const seen: string[] = [];
  const pages = async (): Promise<never> => {
    for (let page = 0; page < 1000; page += 1) {
      timeFor(30_000, "a page");
      await at.clock.wait(29_000);
    }
    throw new Error("nobody has ended it");
  };
  const service = new Proxy({}, { get: () => pages });
  const endless = new Proxy(at.cloud, { get: (of, key) => (key === "scope" ? of.scope : service) }) as Cloud;
  const cloudOf = (tenant: string): Cloud => {
    seen.push(`${tenant} after ${(at.clock.nowMs() - begunMs) / 1000} s`);
    return tenant === "team-a" ? endless : at.cloudOf(tenant);
  };
  await health({ ...at.deps, cloudOf });
  expect(seen[0]).toBe("team-a after 0 s");
  expect(seen.at(-1)).toBe("team-b after 87 s");
});
