import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import { labCloud } from "../contract/lab.ts";
import { type Place, place } from "./place.ts";

// Goal: on a real OpenStack, what somebody deletes, switches off or breaks by hand is told within one look, in the right
// words, and is put right where kinvirt owns it.
const NAME = "drift";
const EVERY_SECONDS = 15;
/** The folder of a lab whose database may be written to, for what no API lets anybody do. */
const LAB = process.env["LAB"];

let at: Place;
let bot: Place["bot"];
let cloud: Cloud;
const figures: string[] = [];

/** The example, looked at more often. */
function hurried(): string {
  const path = join(mkdtempSync(join(tmpdir(), "kinvirt-")), "kinvirt.yaml");
  writeFileSync(path, `${readFileSync("kinvirt.example.yaml", "utf8")}\nhealth: { every: ${EVERY_SECONDS}s }\n`);
  return path;
}

beforeAll(async () => {
  at = await place({ KINVIRT_CONFIG: hurried() });
  bot = at.bot;
  cloud = labCloud().cloud;
  await bot.type(`create ${NAME}`);
  await bot.until("the plan asks for an approval", () => shows(/needs an approval/));
  await bot.press("request:approve", "U0APPROVER");
  await bot.until("the cluster is ready", () => shows(/is ready after/), 300);
});

afterAll(async () => {
  await bot.type(`delete ${NAME}`);
  await bot.press("delete:confirm", "U0DEV");
  await bot.until("the cluster is deleted", () => shows(/is deleted after .*0 resources left/), 300);
  await bot.until("the project is as before", async () => ((await at.added()).length === 0 ? true : undefined), 60);
  process.stdout.write(`${figures.join("\n")}\n`);
  await at.leave();
});

const texts = (): readonly string[] =>
  bot.seen().flatMap((one) => (one.thread_ts === undefined ? [JSON.stringify(one.blocks)] : []));
const shows = (words: RegExp): true | undefined => (texts().some((text) => words.test(text)) ? true : undefined);

/** By how its name, or its description where it has none, begins and ends. */
function ours<T extends { readonly name?: string; readonly description?: string | null | undefined }>(
  all: readonly T[],
  step: string,
): T {
  const labels = ({ name, description }: T) => [name ?? "", description?.split(" ")[1] ?? ""];
  const found = all.find((one) => labels(one).some((label) => label.startsWith(`${NAME}-`) && label.endsWith(step)));
  if (found === undefined) throw new Error(`nothing of ours ends with ${step}`);
  return found;
}

/** Told as `words` within a look, and over, by kinvirt's hand or after `press`. */
async function follows(what: string, words: RegExp, hand: () => Promise<unknown>, press?: string): Promise<void> {
  await hand();
  const begun = Date.now();
  const seconds = () => ((Date.now() - begun) / 1000).toFixed(1);
  await bot.until(
    `${what} is told`,
    () => (texts().some((text) => text.includes(":rotating_light:") && words.test(text)) ? true : undefined),
    2 * EVERY_SECONDS,
  );
  const told = seconds();
  if (press !== undefined) await bot.press(press, "U0DEV");
  await bot.until(
    `${what} is over`,
    () => (texts().some((text) => text.includes(":white_check_mark:") && words.test(text)) ? true : undefined),
    180,
  );
  figures.push(`${what}: told after ${told} s, right again after ${seconds()} s (a look every ${EVERY_SECONDS} s)`);
}

test("a DNS record that was deleted", () =>
  follows("DNS record", /its DNS name `api\.drift\.\S+` is gone/, async () => {
    const [record] = await cloud.dns.listRecordsets({ name: `api.${NAME}.${at.zone}.` });
    await cloud.dns.deleteRecordset(record?.zone_id ?? "", record?.id ?? "");
  }));

test("a member that was switched off", () =>
  follows("member", /control-plane-1 was switched off behind its load balancer api/, async () => {
    const pool = ours(await cloud.loadBalancer.listPools(), "load-balancer-api-pool");
    const [member] = await cloud.loadBalancer.listMembers(pool.id);
    await cloud.loadBalancer.updateMember(pool.id, member?.id ?? "", { admin_state_up: false });
  }));

test("a floating IP that was deleted", () =>
  follows("floating IP", /its floating IP apps `\S+` is gone/, async () => {
    const address = ours(await cloud.network.listFloatingIps(), "floating-ip-apps");
    await cloud.network.deleteFloatingIp(address.id);
  }));

test("a port that was deleted", () =>
  follows("port", /its port worker-2 is gone/, async () => {
    await cloud.network.deletePort(ours(await cloud.network.listPorts(), "-port-worker-2").id);
  }));

test("a firewall rule that was removed", () =>
  follows("firewall rule", /somebody has changed the rules of its security group worker/, async () => {
    const group = ours(await cloud.network.listSecurityGroups(), "security-group-worker");
    const rule = group.security_group_rules.find(({ description }) => description === "kubelet");
    await cloud.network.deleteSecurityGroupRule(rule?.id ?? "");
  }));

(LAB === undefined ? test.skip : test)("a load balancer in ERROR, which is made anew when somebody asks for it", () =>
  follows(
    "load balancer",
    /its load balancer api is in ERROR/,
    async () => {
      const all = await cloud.loadBalancer.listLoadBalancers({ project_id: (await cloud.scope()).projectId });
      const { id } = ours(all, "load-balancer-api");
      const sql = `update load_balancer set provisioning_status='ERROR' where id='${id}'`;
      execFileSync("/usr/sbin/chroot", [`${LAB}/root`, "mariadb", "octavia", "-e", sql]);
    },
    "alert:repair",
  ),
);
