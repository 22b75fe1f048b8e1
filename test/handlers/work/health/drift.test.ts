import type { Cloud } from "../../../../shared/openstack/cloud.ts";
import { DEV, type Watch, watch } from "./watch.ts";

// Goal: what is deleted or changed by hand is told to those on call within one look, in the right words, put right where
// kinvirt owns it, and its message says so in the end; nothing is said, and nothing done, while all is well.
let at: Watch;
// One cluster for all: each test leaves it as it found it.
beforeAll(async () => {
  at = await watch();
});
afterAll(() => at.close());

test("a cluster that is well is no news, and a look changes nothing", async () => {
  const writes = at.writes.length;
  await at.look();
  await at.look();
  expect(at.alerts()).toEqual([]);
  expect(at.writes.length).toBe(writes);
  expect((await at.record(DEV))?.status).not.toHaveProperty("dueMs");
});

const poolOf = async (cloud: Cloud) => {
  const [pool] = await cloud.loadBalancer.listPools();
  const [member] = await cloud.loadBalancer.listMembers(pool?.id ?? "");
  return { pool: pool?.id ?? "", member: member?.id ?? "" };
};

type Hand = (at: Watch) => Promise<unknown>;
const zoned = (id: string): [string, string] => [id.split("/")[0] ?? "", id.split("/")[1] ?? ""];
const FQDN = "`api.dev.k8s.example.org.`";

const HANDS: readonly [string, Hand, RegExp][] = [
  [
    "a DNS record deleted",
    async ({ cloud, step }) => cloud.dns.deleteRecordset(...zoned((await step("dns/api")).id)),
    new RegExp(`its DNS name ${FQDN} is gone\\.`),
  ],
  [
    "a DNS record changed",
    async ({ cloud, step }) =>
      cloud.dns.updateRecordset(...zoned((await step("dns/api")).id), { records: ["192.0.2.1"] }),
    new RegExp(`its DNS name ${FQDN} points to \`192\\.0\\.2\\.1\`, and not to \`203\\.`),
  ],
  [
    "a reverse DNS name taken away",
    async ({ cloud, step }) => {
      const [region = "", id = ""] = (await step("ptr/api")).id.split(":");
      await cloud.dns.unsetPointer(region, id);
    },
    /its reverse DNS name of `203\.\S+` is gone\./,
  ],
  [
    "a member switched off",
    async ({ cloud }) => {
      const { pool, member } = await poolOf(cloud);
      await cloud.loadBalancer.updateMember(pool, member, { admin_state_up: false });
    },
    /control-plane-1 was switched off behind its load balancer api\./,
  ],
  [
    "a member deleted",
    async ({ cloud }) => {
      const { pool, member } = await poolOf(cloud);
      await cloud.loadBalancer.deleteMember(pool, member);
    },
    /1 member was deleted behind its load balancer api\./,
  ],
  [
    "a floating IP deleted",
    async ({ cloud, step }) => cloud.network.deleteFloatingIp((await step("floating-ip/apps")).id),
    /its floating IP apps `203\.\S+` is gone\./,
  ],
  [
    "a floating IP taken off",
    async ({ cloud, step }) => cloud.network.updateFloatingIp((await step("floating-ip/api")).id, { port_id: null }),
    /its floating IP api `203\.\S+` leads nowhere\./,
  ],
  [
    "a port deleted",
    async ({ cloud, step }) => cloud.network.deletePort((await step("port/worker-2")).id),
    /its port worker-2 is gone\./,
  ],
  [
    "firewall rules changed",
    async ({ cloud, step }) => {
      const group = await cloud.network.getSecurityGroup((await step("security-group/worker")).id);
      const rule = group?.security_group_rules.find(({ description }) => description === "kubelet");
      await cloud.network.deleteSecurityGroupRule(rule?.id ?? "");
    },
    /somebody has changed the rules of its security group worker\./,
  ],
  [
    "a credential deleted",
    async ({ cloud, step }) => cloud.identity.deleteApplicationCredential((await step("credential/controllers")).id),
    /its credential controllers is gone\./,
  ],
  [
    "a worker deleted",
    async ({ cloud, step }) => cloud.compute.deleteServer((await step("server/worker-1")).id),
    /its server worker-1 is gone\./,
  ],
];

test.each(HANDS)("%s: told within one look, put right, and told so on the same message", async (_what, hand, words) => {
  await hand(at);
  await at.clock.wait(5000);
  await at.look();
  const mending = "\n:hammer_and_wrench: kinvirt is putting it right.";
  const about = () => at.alerts().filter((one) => words.test(one));
  expect(about()).toHaveLength(1);
  expect(about()[0]).toMatch(/^:rotating_light: \*dev\*: /);
  expect(about()[0]).toContain(mending);
  await at.settle();
  await at.look();
  await at.settle();
  await at.look();
  expect(about()).toHaveLength(1);
  expect(about()[0]).toMatch(/^:white_check_mark: \*dev\*: kinvirt has put it right after .*\.\nIt was: /);
  expect((await at.record(DEV))?.status.phase).toBe("ready");
  expect(at.alerts().filter((one) => one.startsWith(":rotating_light:"))).toEqual([]);
});

test("what kinvirt can't put right stops its cluster, and stays told until a person has helped", async () => {
  await at.cloud.dns.deleteRecordset(...zoned((await at.step("dns/api")).id));
  const end = at.sandbox.faults.on(
    { service: "dns", method: "POST", times: Number.POSITIVE_INFINITY },
    { is: "answer", status: 400, message: "no" },
  );
  for (let looks = 0; looks < 6; looks += 1) {
    await at.look();
    await at.settle();
  }
  end();
  expect((await at.record(DEV))?.status.phase).toBe("blocked");
  const [said = ""] = at.alerts().filter((one) => one.startsWith(":rotating_light:"));
  expect(said).toContain("is gone");
  expect(said).not.toContain("putting it right");
  await at.type("retry dev");
  await at.settle();
  await at.look();
  expect(at.alerts().filter((one) => one.startsWith(":rotating_light:"))).toEqual([]);
});

test("a control plane that was deleted held etcd: it is told, and nothing is made in its place", async () => {
  await at.cloud.compute.deleteServer((await at.step("server/control-plane-1")).id);
  await at.clock.wait(5000);
  const writes = at.writes.length;
  await at.look();
  await at.settle();
  const [said = ""] = at.alerts().filter((one) => one.includes("server control-plane-1"));
  expect(said).toContain("*dev*: its server control-plane-1 is gone, and what it held with it.");
  expect(said).toContain("Its disk held etcd.");
  expect(said).not.toContain("putting it right");
  expect(at.writes.length).toBe(writes);
});
