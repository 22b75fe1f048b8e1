import type { ClusterRecord } from "../../shared/cluster/record.ts";
import type { Cloud } from "../../shared/openstack/cloud.ts";
import { connect } from "../../shared/openstack/connect.ts";
import type { World } from "./world.ts";

const idOf = ({ status }: ClusterRecord, step: string): string => status.steps[step]?.id ?? "";
const placeOf = (record: ClusterRecord, step: string): readonly [zone: string, id: string] => {
  const [zone = "", id = ""] = idOf(record, step).split("/");
  return [zone, id];
};

async function memberOf({ loadBalancer }: Cloud, record: ClusterRecord): Promise<readonly [pool: string, id: string]> {
  const balancer = idOf(record, "load-balancer/api");
  const pools = await loadBalancer.listPools();
  const pool = pools.find(({ loadbalancers }) => loadbalancers.some(({ id }) => id === balancer))?.id ?? "";
  const [member] = await loadBalancer.listMembers(pool);
  return [pool, member?.id ?? ""];
}

type Hand = (cloud: Cloud, record: ClusterRecord) => Promise<unknown>;

/** What somebody does to a cluster past the bot, and kinvirt puts right by itself. */
const HANDS: Readonly<Record<string, Hand>> = {
  "deletes the DNS name": ({ dns }, record) => dns.deleteRecordset(...placeOf(record, "dns/api")),
  "points the DNS name elsewhere": ({ dns }, record) =>
    dns.updateRecordset(...placeOf(record, "dns/apps"), { records: ["192.0.2.66"] }),
  "switches a member off": async (cloud, record) =>
    cloud.loadBalancer.updateMember(...(await memberOf(cloud, record)), { admin_state_up: false }),
  "deletes a member": async (cloud, record) => cloud.loadBalancer.deleteMember(...(await memberOf(cloud, record))),
  "takes the address away": ({ network }, record) =>
    network.updateFloatingIp(idOf(record, "floating-ip/api"), { port_id: null }),
  "deletes an address": ({ network }, record) => network.deleteFloatingIp(idOf(record, "floating-ip/apps")),
  "removes a firewall rule": async ({ network }, record) => {
    const groups = await network.listSecurityGroups();
    const group = groups.find(({ id }) => id === idOf(record, "security-group/worker"));
    const rule = group?.security_group_rules.find(({ description }) => description === "kubelet");
    return network.deleteSecurityGroupRule(rule?.id ?? "");
  },
  "deletes a worker": ({ compute }, record) => compute.deleteServer(idOf(record, "server/worker-1")),
};
const WORDS = Object.keys(HANDS) as [string, ...string[]];

const isReady = ({ wish, status }: ClusterRecord): boolean =>
  wish === "present" && status.phase === "ready" && status.dueMs === undefined;

/** For so long hands go on when all else is calm. */
export const HANDS_MINUTES = 10;

/** Some times somebody lays hands on what is ready. `stopMs`: when all else is calm. */
export function drift(world: World, stopMs: number): void {
  const untilMs = stopMs + HANDS_MINUTES * 60_000;
  const { time, sandbox, trace, config, watch, counts } = world;
  const draw = world.draw.fork("storms/drift");
  let left = draw.between(2, 5);
  const act = async (): Promise<void> => {
    if (left === 0 || time.nowMs() >= untilMs) return;
    time.at(time.nowMs() + draw.between(20_000, 150_000), act);
    const all = [...watch.records.values()].filter(isReady);
    const record = all[draw.between(0, Math.max(0, all.length - 1))];
    if (record === undefined) return;
    const words = draw.pick(WORDS);
    trace.say(`somebody ${words} of ${record.id}`);
    left -= 1;
    counts.drifts += 1;
    const settings = sandbox.settings(config.tenants[record.tenant]?.cloud ?? "");
    // What is not there, or a service that is away, is none of their business.
    await HANDS[words]?.(connect(settings, { ...time, send: sandbox.send }), record).catch(() => undefined);
  };
  time.at(time.nowMs(), act);
}

/** What is not as it should be in what the bot calls ready, by the cloud's own rows; each in words. */
export function astray({ sandbox }: World, { id, tenant, spec, status }: ClusterRecord): readonly string[] {
  const row = (step: string) =>
    sandbox.item(
      step.replace(/\/.*/, "").replace("dns", "recordset"),
      (status.steps[step]?.id ?? "").split("/").at(-1) ?? "",
    )?.fields ?? {};
  const balancer = row("load-balancer/api");
  const names = (["api", "apps"] as const).filter(
    (name) => String(row(`dns/${name}`)["records"]) !== row(`floating-ip/${name}`)["floating_ip_address"],
  );
  const members = sandbox
    .everything(tenant, "member")
    .filter(({ fields }) => fields["lb"] === balancer["id"] && fields["admin_state_up"] === true);
  const wrong = [
    ...names.map((name) => `dns/${name} names another address`),
    ...(row("floating-ip/api")["port_id"] === balancer["vip_port_id"] ? [] : ["floating-ip/api leads nowhere"]),
    ...(members.length === spec.controlPlane.count ? [] : [`load-balancer/api has ${members.length} members`]),
  ];
  return wrong.map((words) => `${words}, of ${id}, which is ready`);
}
